package dev.nacre.vfiouser;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.linux.EventFd;
import dev.nacre.linux.Fd;
import dev.nacre.linux.Memfd;
import dev.nacre.linux.PollSet;
import dev.nacre.pci.PciFunction;
import dev.nacre.vfiouser.RawClient.Reply;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What QEMU 11.1.3 does to a device with a real configuration space: probing, MSI-X vector by vector, INTx, resets. The
 * order of a whole life is in {@link QemuSequenceTest}.
 */
@ExtendWith(LeavesNothing.class)
class QemuClientTest {
    private static final int MSIX_CONTROL = ConfigFunction.MSIX_CAP + 2;

    private final ServedConfig served = new ServedConfig(0, QemuSequenceTest.VERSION);
    private final EventFd[] events = Stream.generate(EventFd::create).limit(4).toArray(EventFd[]::new);
    private final EventFd intx = EventFd.create();

    @AfterEach
    void close() {
        served.close();
        intx.close();
        for (EventFd event : events) {
            event.close();
        }
    }

    @Test
    void realizeProbesTheRomAndTheTypesOfTheBars() {
        byte[] config = served.read(PciFunction.CONFIG_REGION, 0, 4096);
        served.config(0x30, 4, 0xffff_f800L);
        long rom = served.config(0x30, 4);
        served.config(0x30, 4, 0);

        assertThat(Bytes.little(config).getInt(0)).isEqualTo(0x5678_1234);
        assertThat(rom).isEqualTo(0xffff_0000L);
        assertThat(served.config(0x10, 4) & 0xf).isZero();
        assertThat(served.config(0x14, 4) & 0x3).isEqualTo(1);
        assertThat(served.config(0x18, 4) & 0xf).isEqualTo(0xc);
        assertThat(served.config(MSIX_CONTROL, 2) & 0x7ff).isEqualTo(ConfigFunction.MSIX_VECTORS - 1);
        assertThat(served.config(ConfigFunction.MSIX_CAP + 4, 4)).isEqualTo(ConfigFunction.MSIX_BAR);
    }

    @Test
    void vectorsComeOneByOneAsTheGuestUnmasksThem() {
        enableMsix();
        // Raised before the guest has unmasked it: kept, and shown in the array that QEMU asks for.
        served.function.interrupts().message(2);
        byte[] pending = served.read(ConfigFunction.MSIX_BAR, ConfigFunction.MSIX_PBA, 8);
        for (int vector = 0; vector < 4; vector++) {
            served.setIrqs(0x24, 2, vector, 1, events[vector].fd());
        }
        long late = events[2].drain();
        served.function.interrupts().message(3);

        assertThat(Bytes.little(pending).getLong()).isEqualTo(4);
        assertThat(late).isEqualTo(1);
        assertThat(events[3].drain()).isEqualTo(1);
        assertThat(events[0].drain()).isZero();
    }

    @Test
    void maskedVectorGetsAnotherEventfdAndBack() {
        enableMsix();
        served.setIrqs(0x24, 2, 0, 1, events[0].fd());
        // The guest masks the entry: QEMU takes the message itself, by an eventfd of its own, and sets its pending bit.
        served.setIrqs(0x24, 2, 0, 1, events[1].fd());

        served.function.interrupts().message(0);
        served.setIrqs(0x24, 2, 0, 1, events[0].fd());
        served.function.interrupts().message(0);

        assertThat(events[1].drain()).isEqualTo(1);
        assertThat(events[0].drain()).isEqualTo(1);
    }

    @Test
    void disabledMsixGivesTheLineBack() {
        enableMsix();
        served.setIrqs(0x24, 2, 0, 1, events[0].fd());
        served.function.interrupts().line(true);
        long whileMessages = intx.drain();

        served.config(MSIX_CONTROL, 2, 0);
        served.setIrqs(0x21, 2, 0, 0);
        served.setIrqs(0x24, 0, 0, 1, intx.fd());

        assertThat(whileMessages).isZero();
        assertThat(intx.drain()).isEqualTo(1);
    }

    @Test
    void lineIsUnmaskedByTheNextBarAccessOfTheGuest() {
        served.setIrqs(0x24, 0, 0, 1, intx.fd());
        served.function.interrupts().line(true);
        long first = intx.drain();
        // The guest's handler reads a BAR, which QEMU takes for the end of the interrupt.
        served.read(0, 0, 4);
        served.setIrqs(0x11, 0, 0, 1);
        long again = intx.drain();
        served.function.interrupts().line(false);
        served.setIrqs(0x11, 0, 0, 1);

        assertThat(first).isEqualTo(1);
        assertThat(again).isEqualTo(1);
        assertThat(intx.drain()).isZero();
    }

    @Test
    void kvmTakesTheLinesUnmaskingOverByAnEventfd() {
        served.setIrqs(0x24, 0, 0, 1, intx.fd());
        served.setIrqs(0x09, 0, 0, 1);
        served.setIrqs(0x14, 0, 0, 1, events[0].fd());
        served.function.interrupts().line(true);
        long masked = intx.drain();

        events[0].signal();
        boolean heard;
        try (PollSet set = new PollSet(1)) {
            set.set(0, intx.fd());
            heard = set.await(20_000) == 1;
        }

        assertThat(masked).isZero();
        assertThat(heard).isTrue();
        assertThat(intx.drain()).isEqualTo(1);
    }

    @Test
    void machineResetLeavesAFreshFunctionWithItsMemoryMapped() {
        try (Fd ram = Memfd.ofFixedSize("qemu-ram", 1 << 20)) {
            byte[] map = Bytes.of().u32(32, 3).u64(0).u64(0).u64(1 << 20).get();
            served.call(RawClient.DMA_MAP, map, ram);
            enableMsix();
            served.setIrqs(0x24, 2, 0, 1, events[0].fd());
            served.config(4, 2, 6);
            served.function.calls.clear();

            served.setIrqs(0x21, 2, 0, 0);
            served.config(4, 2, 0);
            Reply reset = served.call(RawClient.RESET, Bytes.none());
            served.setIrqs(0x24, 0, 0, 1, intx.fd());
            for (int bar = 0; bar < 6; bar++) {
                served.config(0x10 + 4 * bar, 4, 0);
            }

            assertThat(reset.body()).isEmpty();
            assertThat(served.function.calls).containsExactly("decode false false", "reset");
            assertThat(served.config(MSIX_CONTROL, 2) & 0xc000).isZero();
            assertThat(served.function.memory().isMapped(0, 1 << 20, true)).isTrue();
        }
    }

    @Test
    void memoryThatIsNotSharedIsReportedWithQemusOptions() {
        served.call(
                RawClient.DMA_MAP,
                Bytes.of().u32(32, 3).u64(0).u64(0).u64(1 << 20).get());

        assertThat(served.warnings)
                .singleElement()
                .asString()
                .contains("memory-backend-memfd")
                .contains("share=on");
    }

    @Test
    void memoryThatMayShrinkIsReportedWithQemusOption() {
        try (Fd unsealed = Memfd.create("unsealed", 4096)) {
            served.call(
                    RawClient.DMA_MAP,
                    Bytes.of().u32(32, 3).u64(0).u64(0).u64(4096).get(),
                    unsealed);

            assertThat(served.warnings).singleElement().asString().contains("seal=on");
        }
    }

    /** In QEMU's order: the control word, the line off, one vector without an eventfd. */
    private void enableMsix() {
        served.setIrqs(0x24, 0, 0, 1, intx.fd());
        served.config(MSIX_CONTROL, 2, 0x8000);
        served.setIrqs(0x21, 0, 0, 0);
        served.setIrqs(0x24, 2, 0, 1);
    }
}
