package dev.nacre.pci.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.nacre.linux.EventFd;
import dev.nacre.linux.Fd;
import dev.nacre.linux.Memfd;
import dev.nacre.pci.DmaFault;
import dev.nacre.pci.InterruptKind;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LocalFunctionTest {
    private static final long IOVA = 0x10_0000;

    private final TestFunction function = new TestFunction(1);
    private final LocalFunction local = new LocalFunction(function);

    @AfterEach
    void close() {
        local.close();
    }

    @Test
    void registersKeepWhatIsWritten() {
        local.writeInt(TestFunction.BAR, 8, 0x12345678);

        byte[] bytes = new byte[2];
        local.read(TestFunction.BAR, 9, MemorySegment.ofArray(bytes), 0, 2);
        assertThat(local.readInt(TestFunction.BAR, 8)).isEqualTo(0x12345678);
        assertThat(bytes).containsExactly(0x56, 0x34);
    }

    @Test
    void accessOutsideTheRegionIsTheDriversMistake() {
        assertThatExceptionOfType(IndexOutOfBoundsException.class)
                .isThrownBy(() -> local.readInt(TestFunction.BAR, 4094));
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> local.writeInt(3, 0, 0));
    }

    @Test
    void functionReachesMemoryUntilItIsUnmapped() {
        try (Fd file = Memfd.ofFixedSize("dma", 8192)) {
            local.mapDma(IOVA, file, 4096, 4096, true);
            function.memory().writeInt(IOVA + 4, 7);
            local.unmapDma(IOVA, 4096);
            local.mapDma(IOVA, file, 0, 8192, false);

            assertThat(function.memory().readInt(IOVA + 4100)).isEqualTo(7);
            assertThatExceptionOfType(DmaFault.class)
                    .isThrownBy(() -> function.memory().writeInt(IOVA, 1));
            assertThatIllegalArgumentException().isThrownBy(() -> local.unmapDma(IOVA, 4096));
        }
    }

    @Test
    void interruptSignalsTheEventfdThatIsBound() {
        try (EventFd event = EventFd.create()) {
            local.bindInterrupts(InterruptKind.MSI, 0, List.of(event));
            boolean bound = function.interrupts().trigger(InterruptKind.MSI, 0);
            local.unbindInterrupts(InterruptKind.MSI);

            assertThat(bound).isTrue();
            assertThat(event.drain()).isEqualTo(1);
            assertThat(function.interrupts().trigger(InterruptKind.MSI, 0)).isFalse();
            assertThatExceptionOfType(IndexOutOfBoundsException.class)
                    .isThrownBy(() -> local.bindInterrupts(InterruptKind.MSI, 1, List.of(event)));
        }
    }

    @Test
    void pulledFunctionReadsAsAllOnesAndReachesNothing() {
        try (Fd file = Memfd.ofFixedSize("dma", 4096)) {
            local.mapDma(IOVA, file, 0, 4096, true);
            local.pull();
            local.writeInt(TestFunction.BAR, 0, 1);

            assertThat(local.isGone()).isTrue();
            assertThat(local.readInt(TestFunction.BAR, 0)).isEqualTo(-1);
            assertThatExceptionOfType(DmaFault.class)
                    .isThrownBy(() -> function.memory().readInt(IOVA));
            assertThat(function.calls).containsExactly("disconnected");
        }
    }

    @Test
    void closingTwiceLetsGoOnce() {
        local.close();
        local.close();

        assertThat(function.calls).containsExactly("disconnected");
    }
}
