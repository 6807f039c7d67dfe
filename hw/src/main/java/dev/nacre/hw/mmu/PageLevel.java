package dev.nacre.hw.mmu;

/**
 * A level of page directories or tables: the bits of a virtual address that pick an entry, and the entry's size.
 *
 * @param name as NVIDIA names it: {@code PDE3} is the root of version 2
 * @param hi highest bit of the virtual address
 * @param lo lowest bit of the virtual address; an entry spans {@code 1 << lo} bytes
 * @param entryBytes size of an entry, 8 or 16
 * @param mayBePage whether an entry may be that of a page that is as large as the span of the entry
 */
public record PageLevel(String name, int hi, int lo, int entryBytes, boolean mayBePage) {
    /** Number of entries. */
    public int entries() {
        return 1 << (hi - lo + 1);
    }

    /** Bytes of virtual addresses behind one entry. */
    public long spanBytes() {
        return 1L << lo;
    }

    /** Offset in bytes of the entry for a virtual address, from the start of its directory or table. */
    public long entryOffset(long virtualAddress) {
        return ((virtualAddress >>> lo) & (entries() - 1)) * entryBytes;
    }
}
