package dev.nacre.guesttests;

import static dev.nacre.guesttests.Guests.BOUND;
import static dev.nacre.guesttests.Guests.assertSaid;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.hw.chip.Chip;
import dev.nacre.testsupport.guest.KernelChoice;
import dev.nacre.testsupport.guest.qemu.GpuSlot;
import dev.nacre.testsupport.guest.qemu.GuestLaunch;
import dev.nacre.testsupport.guest.qemu.Qemu;
import dev.nacre.vfio.manager.VgpuState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Guests at the same time, each on a virtual GPU of one board; what one does, the others do not notice. */
class VgpuGuestsTest {
    // What nouveau saves of a DC-4Q at a suspend is 256 MiB more than of a whole board; the rest is its own.
    private static final int BLACKWELL_RAM_MIB = GuestLaunch.MIN_RAM_MIB + 768;

    @ParameterizedTest
    @CsvSource({"java, 2", "c, 2", "java, 4"})
    void nouveauWorksInEveryGuestAtOnce(String core, int count) throws IOException {
        List<Qemu> guests = new ArrayList<>();
        try (SharedBoard board = new SharedBoard(core, count)) {
            try {
                for (int i = 0; i < count; i++) {
                    guests.add(Qemu.start(working(board, Character.toString('a' + i))));
                }
                for (Qemu guest : guests) {
                    assertWorked(guest);
                }
            } finally {
                guests.forEach(Qemu::close);
            }
            assertThat(board.faults()).containsEntry("defects", 0L);
        }
    }

    @Test
    void killedQemuLeavesTheOtherGuestAloneAndTheGpuToTheNext() throws IOException {
        try (SharedBoard board = new SharedBoard("java", 2);
                Qemu other = Qemu.start(working(board, "b"))) {
            try (Qemu killed = Qemu.start(waiting(board, "a"))) {
                killed.serial().awaitLine("MM: using COPY", BOUND);
                killed.kill();
            }
            assertWorked(other);

            List<String> next = Guests.runToPowerOff(working(board, "a"));

            assertSaid(next, "NACRE-TEST ce-exec PASS");
        }
    }

    @Test
    void stormOfPageFaultsOnOneLeavesTheOtherGuestAlone() throws Exception {
        try (SharedBoard board = new SharedBoard("java", 2);
                Qemu other = Qemu.start(working(board, "b"));
                FaultStorm storm = new FaultStorm(board.socket("a"))) {
            assertWorked(other);

            assertThat(storm.end()).as("faults").isGreaterThan(10);
            assertThat(board.vgpu("a").state()).isInstanceOf(VgpuState.Running.class);
            assertThat(board.faults()).containsEntry("defects", 0L);
        }
    }

    @Test
    void virtualGpuDestroyedUnderItsGuestLeavesTheOtherGuestAlone() throws IOException {
        try (SharedBoard board = new SharedBoard("java", 2);
                Qemu other = Qemu.start(working(board, "b"));
                Qemu robbed = Qemu.start(waiting(board, "a"))) {
            robbed.serial().awaitLine("### nacre: card ready", BOUND);

            board.vgpu("a").close();

            assertThat(board.manager().vgpus()).containsExactly(board.vgpu("b"));
            assertThat(board.socket("a")).doesNotExist();
            assertWorked(other);
        }
    }

    @Test
    void nouveauWorksAndSuspendsOnOneOfABlackwellBoard() throws IOException {
        try (SharedBoard board = new SharedBoard("java", Chip.GB202, "DC-4Q", 1)) {
            List<String> lines = Guests.runToPowerOff(Guests.guest(KernelChoice.BACKPORTS)
                    .gpu(GpuSlot.at(board.socket("a"), "04.0"))
                    .ramMib(BLACKWELL_RAM_MIB)
                    .jobs("load", "ce-pushbuf", "ce-exec", "suspend", "ce-pushbuf")
                    .build());

            assertSaid(lines, "nouveau .*: NVIDIA GB202 \\(");
            assertSaid(lines, "VRAM: " + (board.vgpu("a").place().fbBytes() >> 20) + " MiB");
            assertSaid(lines, "NACRE-TEST ce-exec PASS");
            assertSaid(lines, "### nacre: suspend rc=0");
            assertThat(lines)
                    .as("before and after a suspend")
                    .filteredOn(l -> l.contains("NACRE-TEST ce-pushbuf PASS"))
                    .hasSize(2);
            assertThat(board.faults()).containsEntry("defects", 0L);
        }
    }

    private static void assertWorked(Qemu guest) {
        assertThat(guest.awaitExit(BOUND)).as("QEMU's exit status").isZero();
        List<String> lines = guest.serial().lines();
        assertSaid(lines, "### nacre: poweroff");
        assertSaid(lines, "VRAM: 1792 MiB");
        assertSaid(lines, "NACRE-TEST ce-pushbuf PASS");
        assertSaid(lines, "NACRE-TEST ce-exec PASS");
        Guests.assertHealthy(lines);
    }

    private static GuestLaunch working(SharedBoard board, String name) {
        return launch(board, name, "load", "ce-pushbuf", "ce-exec");
    }

    private static GuestLaunch waiting(SharedBoard board, String name) {
        return launch(board, name, "load", "wait");
    }

    private static GuestLaunch launch(SharedBoard board, String name, String... jobs) {
        return Guests.guest(KernelChoice.BACKPORTS)
                .gpu(GpuSlot.at(board.socket(name), "04.0"))
                .ramMib(GuestLaunch.MIN_RAM_MIB)
                .jobs(jobs)
                .build();
    }
}
