package dev.nacre.hw.reg;

/**
 * A field of a 64-bit entry in memory, such as that of a page table or of a GPFIFO.
 *
 * @param name NVIDIA's name, verbatim
 * @param hi highest bit, 63 at the most
 * @param lo lowest bit, 0 at the least
 */
public record EntryField(String name, int hi, int lo) {
    /**
     * Checks the field.
     *
     * @throws IllegalArgumentException if it does not lie inside 63:0
     */
    public EntryField {
        if (hi > 63 || lo < 0 || hi < lo) {
            throw new IllegalArgumentException(name + ": no field " + hi + ":" + lo);
        }
    }

    /** The field's value in an entry, right-aligned, unsigned. */
    public long get(long entry) {
        return (entry >>> lo) & ones();
    }

    /** An entry with the field replaced; {@code value} is cut to the field. */
    public long set(long entry, long value) {
        return (entry & ~(ones() << lo)) | ((value & ones()) << lo);
    }

    /** Whether any bit of the field is set; for fields of one bit. */
    public boolean isSet(long entry) {
        return get(entry) != 0;
    }

    /** The field with all bits set and everything else zero. */
    public long mask() {
        return ones() << lo;
    }

    private long ones() {
        return -1L >>> (63 - hi + lo);
    }
}
