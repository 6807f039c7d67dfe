package dev.nacre.guesttests;

import static dev.nacre.guesttests.Guests.BOUND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.cli.client.ApiClient;
import dev.nacre.daemon.api.json.FaultRequestJson;
import dev.nacre.daemon.api.json.VgpuJson;
import dev.nacre.daemon.api.json.VgpuRequestJson;
import dev.nacre.testsupport.guest.KernelChoice;
import dev.nacre.testsupport.guest.qemu.GpuSlot;
import dev.nacre.testsupport.guest.qemu.GuestLaunch;
import dev.nacre.testsupport.guest.qemu.Qemu;
import dev.nacre.testsupport.guest.qemu.SerialConsole;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Faults that the API makes happen are what an unmodified driver tells of in its guest's kernel log. */
@SuppressWarnings("NullAway.Init") // set by JUnit
class FaultLogTest {
    private static final String PATH = "/v1/vgpus/a";

    // What the driver waits for in vain, as the kernel's watch over tasks tells it.
    private static final int HUNG_SECONDS = 10;

    private TestDaemon daemon;
    private ApiClient api;
    private Path socket;

    @BeforeEach
    void open() throws Exception {
        daemon = new TestDaemon();
        api = daemon.api();
        String answer = api.post("/v1/vgpus", Optional.of(new VgpuRequestJson("a", "L40-2Q", null, null, null)));
        socket = Path.of(api.parsed(VgpuJson.class, answer).socket());
    }

    @AfterEach
    void close() throws IOException {
        api.close();
        daemon.close();
    }

    private Qemu boot(String... jobs) {
        return Qemu.start(Guests.guest(KernelChoice.BACKPORTS)
                .gpu(GpuSlot.at(socket, "04.0"))
                .ramMib(GuestLaunch.MIN_RAM_MIB)
                .kernelOptions("sysctl.kernel.hung_task_timeout_secs=" + HUNG_SECONDS)
                .jobs(jobs)
                .build());
    }

    private void inject(String kind) throws IOException {
        inject(new FaultRequestJson(kind, null, null, null));
    }

    private void inject(FaultRequestJson fault) throws IOException {
        assertThat(api.post(PATH + "/faults", Optional.of(fault))).isEmpty();
    }

    @Test
    void xidAndPageFaultAndStalledFirmwareAreToldAndTheGuestGoesOn() throws IOException {
        try (Qemu guest = boot("load", "hold", "pair:ce-pushbuf", "held:channel-hold", "ce-exec")) {
            SerialConsole log = guest.serial();
            log.awaitLine("### nacre: holding", BOUND);

            inject(new FaultRequestJson("xid", 79, "made to happen", null));

            log.awaitLine("nouveau .*: gsp: Xid:79 made to happen", BOUND);

            inject(new FaultRequestJson("stalled-gsp", null, null, true));
            guest.monitor().pressPower();

            int hung = log.awaitLine(
                            "INFO: task ce-pushbuf:\\d+ .*blocked for more than " + HUNG_SECONDS + " seconds", BOUND)
                    .index();
            log.awaitLine("r535_gsp_rpc_\\w+.*\\[nouveau\\]", hung, BOUND);

            inject(new FaultRequestJson("stalled-gsp", null, null, false));

            int first = log.awaitLine("NACRE-TEST ce-pushbuf PASS", hung, BOUND).index();
            log.awaitLine("NACRE-TEST ce-pushbuf PASS", first + 1, BOUND);
            int held = log.awaitLine("channel-hold: has channel", BOUND).index();

            inject("page-fault");

            log.awaitLine("nouveau .*: gsp: Xid:31 ", held, BOUND);
            log.awaitLine("nouveau .*: gsp: rc engn:[0-9a-f]+ chid:\\d+ .*type:31 ", held, BOUND);
            log.awaitLine("nouveau .*: fifo:.*\\[channel-hold\\[\\d+\\]\\] errored - disabling channel", held, BOUND);
            log.awaitLine("nouveau .*: channel \\d+ killed!", held, BOUND);

            guest.monitor().pressPower();

            log.awaitLine("NACRE-TEST channel-hold PASS", held, BOUND);
            log.awaitLine("NACRE-TEST ce-exec PASS", held, BOUND);
            assertThat(guest.awaitExit(BOUND)).as("QEMU's exit status").isZero();
        }
        assertThat(daemon.service().board("gpu0").faults()).containsEntry("defects", 0L);
    }

    @Test
    void lostGpuIsToldByTheFirstThatNeedsIt() throws IOException {
        try (Qemu guest = boot("load", "hold", "banner", "wait")) {
            SerialConsole log = guest.serial();
            int holding = log.awaitLine("### nacre: holding", BOUND).index();

            inject("gpu-lost");
            guest.monitor().pressPower();

            // Its timer, as all of its registers, reads as ones.
            log.awaitLine("nouveau .*: timer: stalled at f{16}", holding, BOUND);
            assertThat(guest.isAlive())
                    .as("the machine runs on without its GPU")
                    .isTrue();
        }
    }
}
