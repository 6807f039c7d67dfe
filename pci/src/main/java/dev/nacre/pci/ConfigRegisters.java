package dev.nacre.pci;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The bytes of a configuration space and, bit by bit, what may happen to them. Since every rule is a mask, an access of
 * any size and alignment has the effect of its single bytes. What nobody defines reads as zero and ignores writes.
 */
final class ConfigRegisters {
    private final byte[] values;
    private final byte[] resets;

    /** Bits that the host writes. */
    private final byte[] writable;

    /** Bits that the host clears by writing 1. */
    private final byte[] clearable;

    /** Bits that a function level reset leaves alone. */
    private final byte[] sticky;

    /** Bits that the function changes and that are part of its state. */
    private final byte[] owned;

    /** Makes registers that are all read-only zero. */
    ConfigRegisters(int size) {
        values = new byte[size];
        resets = new byte[size];
        writable = new byte[size];
        clearable = new byte[size];
        sticky = new byte[size];
        owned = new byte[size];
    }

    int size() {
        return values.length;
    }

    /** Defines up to four bytes, little-endian: their value at reset and which bits the host writes. */
    void define(int offset, int bytes, int reset, int writableMask) {
        put(resets, offset, bytes, reset);
        put(values, offset, bytes, reset);
        put(writable, offset, bytes, writableMask);
    }

    /** Changes which bits the host writes. */
    void writable(int offset, int bytes, int mask) {
        put(writable, offset, bytes, mask);
    }

    /** Makes bits write-1-to-clear. */
    void clearable(int offset, int bytes, int mask) {
        put(clearable, offset, bytes, mask);
    }

    /** Makes bits survive {@link #reset}. */
    void sticky(int offset, int bytes, int mask) {
        put(sticky, offset, bytes, mask);
    }

    /** Makes read-only bits part of the saved state. */
    void owned(int offset, int bytes, int mask) {
        put(owned, offset, bytes, mask);
    }

    /** The value of up to four bytes. */
    int value(int offset, int bytes) {
        int value = 0;
        for (int i = 0; i < bytes; i++) {
            value |= (values[offset + i] & 0xff) << (8 * i);
        }
        return value;
    }

    /** Sets up to four bytes from the function's side, whatever their masks. */
    void set(int offset, int bytes, int value) {
        put(values, offset, bytes, value);
    }

    void read(int offset, MemorySegment dst, long dstOffset, int count) {
        MemorySegment.copy(values, offset, dst, ValueLayout.JAVA_BYTE, dstOffset, count);
    }

    /** Writes one byte from the host's side, as the masks permit. */
    void write(int offset, byte data) {
        int value = (values[offset] & ~writable[offset]) | (data & writable[offset]);
        values[offset] = (byte) (value & ~(data & clearable[offset]));
    }

    void reset() {
        for (int i = 0; i < values.length; i++) {
            values[i] = (byte) ((values[i] & sticky[i]) | (resets[i] & ~sticky[i]));
        }
    }

    byte[] save() {
        return values.clone();
    }

    /** Takes the bits that can change from an image of the same size; the others stay as they were defined. */
    void restore(byte[] image) {
        for (int i = 0; i < values.length; i++) {
            int state = writable[i] | clearable[i] | owned[i];
            values[i] = (byte) ((image[i] & state) | (resets[i] & ~state));
        }
    }

    private static void put(byte[] to, int offset, int bytes, int value) {
        for (int i = 0; i < bytes; i++) {
            to[offset + i] = (byte) (value >>> (8 * i));
        }
    }
}
