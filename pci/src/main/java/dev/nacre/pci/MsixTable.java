package dev.nacre.pci;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;

/**
 * The MSI-X table and pending bit array of a function, for the BAR ranges that its {@link Msix} capability names. Used on
 * the thread that accesses the function's regions.
 *
 * <pre>
 *   entry, 16 bytes:  0 address low | 4 address high | 8 data | 12 vector control: bit 0 mask
 * </pre>
 *
 * <p>An entry's mask bit masks its vector once the entry holds anything but its reset value. Until then nobody has
 * programmed it through the BAR, and the vector belongs to whoever binds it: VMMs keep the table to themselves and never
 * write here, though entries come out of reset masked.
 */
public final class MsixTable {
    // HW: PCI Local Bus Specification 3.0, 6.8.2.6 to 6.8.2.10.
    private static final int ENTRY_SIZE = 16;
    private static final int CONTROL = 12;
    private static final int CONTROL_MASKED = 1;

    private final Interrupts interrupts;
    private final int vectors;
    private final byte[] table;
    private final int pbaSize;

    /**
     * Makes the table of a function's MSI-X vectors, at reset.
     *
     * @param interrupts whose vectors the entries mask
     */
    public MsixTable(Interrupts interrupts) {
        this.interrupts = interrupts;
        vectors = interrupts.count(InterruptKind.MSIX);
        table = new byte[vectors * ENTRY_SIZE];
        pbaSize = Math.ceilDiv(vectors, Long.SIZE) * Long.BYTES;
        reset();
    }

    /** Bytes of the table. */
    public int tableSize() {
        return table.length;
    }

    /** Bytes of the pending bit array. */
    public int pbaSize() {
        return pbaSize;
    }

    /**
     * Reads from the table.
     *
     * @param offset bytes from the table's start
     * @throws IndexOutOfBoundsException if the range leaves the table
     */
    public void readTable(long offset, MemorySegment dst, long dstOffset, int count) {
        int at = (int) Objects.checkFromIndexSize(offset, count, tableSize());
        MemorySegment.copy(table, at, dst, ValueLayout.JAVA_BYTE, dstOffset, count);
    }

    /**
     * Writes to the table; unmasking a vector delivers what waits for it.
     *
     * @param offset bytes from the table's start
     * @throws IndexOutOfBoundsException if the range leaves the table
     */
    public void writeTable(long offset, MemorySegment src, long srcOffset, int count) {
        int at = (int) Objects.checkFromIndexSize(offset, count, tableSize());
        if (count == 0) {
            return;
        }
        for (int i = 0; i < count; i++) {
            byte data = src.get(ValueLayout.JAVA_BYTE, srcOffset + i);
            table[at + i] = (byte) (data & writable((at + i) % ENTRY_SIZE));
        }
        for (int vector = at / ENTRY_SIZE; vector <= (at + count - 1) / ENTRY_SIZE; vector++) {
            apply(vector);
        }
    }

    /**
     * Reads pending bits. There is no writing: the array is read-only.
     *
     * @param offset bytes from the array's start
     * @throws IndexOutOfBoundsException if the range leaves the array
     */
    public void readPba(long offset, MemorySegment dst, long dstOffset, int count) {
        int at = (int) Objects.checkFromIndexSize(offset, count, pbaSize);
        for (int i = 0; i < count; i++) {
            dst.set(ValueLayout.JAVA_BYTE, dstOffset + i, pendingByte(at + i));
        }
    }

    /** Puts every entry into its reset state. */
    public void reset() {
        for (int vector = 0; vector < vectors; vector++) {
            for (int i = 0; i < ENTRY_SIZE; i++) {
                table[vector * ENTRY_SIZE + i] = (byte) (i == CONTROL ? CONTROL_MASKED : 0);
            }
            apply(vector);
        }
    }

    /** The table and the pending bits, for {@link #restore}. */
    public byte[] save() {
        byte[] image = new byte[table.length + pbaSize];
        System.arraycopy(table, 0, image, 0, table.length);
        for (int i = 0; i < pbaSize; i++) {
            image[table.length + i] = pendingByte(i);
        }
        return image;
    }

    /**
     * Takes the state that a table of as many vectors saved.
     *
     * @throws IllegalArgumentException if the image has another size
     */
    public void restore(byte[] image) {
        if (image.length != table.length + pbaSize) {
            throw new IllegalArgumentException(
                    "MSI-X image has " + image.length + " bytes, not " + (table.length + pbaSize));
        }
        for (int i = 0; i < table.length; i++) {
            table[i] = (byte) (image[i] & writable(i % ENTRY_SIZE));
        }
        for (int vector = 0; vector < vectors; vector++) {
            boolean pending = (image[table.length + vector / 8] >> (vector % 8) & 1) != 0;
            interrupts.restorePending(InterruptKind.MSIX, vector, pending);
            apply(vector);
        }
    }

    /** Tells the vector whether its entry masks it. */
    private void apply(int vector) {
        int at = vector * ENTRY_SIZE;
        int others = 0;
        for (int i = 0; i < CONTROL; i++) {
            others |= table[at + i];
        }
        boolean masked = (table[at + CONTROL] & CONTROL_MASKED) != 0;
        interrupts.maskByRegisters(InterruptKind.MSIX, vector, masked && others != 0);
    }

    private byte pendingByte(int index) {
        int bits = 0;
        for (int i = 0; i < 8; i++) {
            bits |= interrupts.pending(InterruptKind.MSIX, index * 8 + i) ? 1 << i : 0;
        }
        return (byte) bits;
    }

    /** The bits that can be written in a byte of an entry. */
    private static int writable(int index) {
        return switch (index) {
            case 0 -> 0xfc;
            case CONTROL -> CONTROL_MASKED;
            case CONTROL + 1, CONTROL + 2, CONTROL + 3 -> 0;
            default -> 0xff;
        };
    }
}
