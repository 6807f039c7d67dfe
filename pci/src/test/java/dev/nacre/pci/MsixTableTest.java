package dev.nacre.pci;

import static dev.nacre.pci.InterruptKind.MSIX;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

final class MsixTableTest {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int CONTROL = 12;

    private final Interrupts interrupts = new Interrupts(0, 0, 70, 0, 0);
    private final MsixTable table = new MsixTable(interrupts);
    private final CountingSink sink = new CountingSink();
    private final MemorySegment buffer = MemorySegment.ofArray(new byte[64]);

    private void write(int offset, int value) {
        buffer.set(INT, 3, value);
        table.writeTable(offset, buffer, 3, 4);
    }

    private int read(int offset) {
        table.readTable(offset, buffer, 5, 4);
        return buffer.get(INT, 5);
    }

    private int readPba(int offset) {
        table.readPba(offset, buffer, 1, 4);
        return buffer.get(INT, 1);
    }

    /** Programs an entry as a driver does and leaves its mask bit as given. */
    private void program(int vector, int control) {
        write(vector * 16, 0xfee0_0000);
        write(vector * 16 + 8, 0x41);
        write(vector * 16 + CONTROL, control);
    }

    @Test
    void entriesComeOutOfResetMasked() {
        assertThat(table.tableSize()).isEqualTo(70 * 16);
        assertThat(table.pbaSize()).isEqualTo(16);
        assertThat(read(69 * 16)).isZero();
        assertThat(read(69 * 16 + CONTROL)).isEqualTo(1);
    }

    @Test
    void entryTakesOnlyItsBits() {
        write(16, -1);
        write(20, -1);
        write(24, -1);
        write(28, -1);

        assertThat(read(16)).isEqualTo(0xffff_fffc);
        assertThat(read(20)).isEqualTo(-1);
        assertThat(read(24)).isEqualTo(-1);
        assertThat(read(28)).isEqualTo(1);
        assertThat(read(12)).isEqualTo(1);
        assertThat(read(32)).isZero();
    }

    @Test
    void entryNobodyProgrammedMasksNothing() {
        interrupts.bind(MSIX, 3, sink);
        write(3 * 16 + CONTROL, 1);

        interrupts.message(3);

        assertThat(sink.signals()).isEqualTo(1);
    }

    @Test
    void maskedEntryKeepsItsMessagePendingUntilUnmasked() {
        interrupts.bind(MSIX, 65, sink);
        program(65, 1);
        interrupts.message(65);
        int pending = readPba(8);
        int whileMasked = sink.signals();

        write(65 * 16 + CONTROL, 0);

        assertThat(pending).isEqualTo(0x2);
        assertThat(whileMasked).isZero();
        assertThat(sink.signals()).isEqualTo(1);
        assertThat(readPba(8)).isZero();
    }

    @Test
    void unmaskByASingleByteDelivers() {
        interrupts.bind(MSIX, 0, sink);
        program(0, 1);
        interrupts.message(0);

        buffer.set(ValueLayout.JAVA_BYTE, 0, (byte) 0);
        table.writeTable(CONTROL, buffer, 0, 1);

        assertThat(sink.signals()).isEqualTo(1);
    }

    @Test
    void writeAcrossEntriesReachesAllOfThem() {
        CountingSink other = new CountingSink();
        interrupts.bind(MSIX, 0, sink);
        interrupts.bind(MSIX, 2, other);
        program(0, 1);
        program(2, 1);
        interrupts.message(0);
        interrupts.message(2);

        table.writeTable(CONTROL, MemorySegment.ofArray(new byte[36]), 0, 36);

        assertThat(sink.signals()).isEqualTo(1);
        assertThat(other.signals()).isEqualTo(1);
        assertThat(read(32 + CONTROL)).isZero();
    }

    @Test
    void pbaReadsBytesAndBeyondTheLastVectorZero() {
        interrupts.bind(MSIX, 0, sink);
        interrupts.message(9);
        interrupts.message(69);

        table.readPba(1, buffer, 0, 1);
        byte second = buffer.get(ValueLayout.JAVA_BYTE, 0);

        assertThat(second).isEqualTo((byte) 0x02);
        assertThat(readPba(8)).isEqualTo(0x20);
        assertThat(readPba(12)).isZero();
    }

    @Test
    void resetMasksEntriesAndLeavesVectorsToTheirBinder() {
        interrupts.bind(MSIX, 1, sink);
        program(1, 1);

        table.reset();
        interrupts.message(1);

        assertThat(read(16)).isZero();
        assertThat(read(16 + CONTROL)).isEqualTo(1);
        assertThat(sink.signals()).isEqualTo(1);
    }

    @Test
    void restoredTableMasksAndPendsAsTheSavedOne() {
        interrupts.bind(MSIX, 0, sink);
        program(68, 1);
        interrupts.message(68);
        byte[] image = table.save();
        Interrupts target = new Interrupts(0, 0, 70, 0, 0);
        MsixTable copy = new MsixTable(target);
        CountingSink copied = new CountingSink();
        target.bind(MSIX, 68, copied);

        copy.restore(image);
        boolean pending = target.pending(MSIX, 68);
        int whileMasked = copied.signals();
        copy.writeTable(68 * 16 + CONTROL, MemorySegment.ofArray(new byte[4]), 0, 4);

        assertThat(pending).isTrue();
        assertThat(whileMasked).isZero();
        assertThat(copied.signals()).isEqualTo(1);
        assertThat(copy.save()).hasSize(image.length).startsWith(image[0], image[1]);
    }

    @Test
    void imageOfAnotherSizeIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> table.restore(new byte[16]))
                .withMessage("MSI-X image has 16 bytes, not 1136");
    }

    @Test
    void accessOutsideIsTheCallersError() {
        assertThatThrownBy(() -> read(70 * 16 - 3)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> write(-1, 0)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> readPba(13)).isInstanceOf(IndexOutOfBoundsException.class);
        table.writeTable(70 * 16, buffer, 0, 0);
    }
}
