package dev.nacre.hw.mmu;

import java.util.List;

/**
 * How page directories and tables of one version of the memory management unit look. Directories are walked from the
 * first to the last of {@link #directories}; the last one's entries are of 16 bytes and point to a table of big and a
 * table of small pages, or are themselves an entry for a huge page.
 */
public interface PageTableFormat {
    /** Bits of a virtual address. */
    int addressBits();

    /** The levels of directories, the root first; the last is the dual one. */
    List<PageLevel> directories();

    /** The table of big pages. */
    PageLevel bigTable();

    /** The table of small pages. */
    PageLevel smallTable();

    /** Whether an entry of a directory is the entry of a page as large as the level's span. */
    boolean isPage(long directoryEntry);

    /** Where a directory entry points to; for a dual entry the second half, for small pages. */
    Target directoryTarget(long directoryEntry);

    /** Address of the next directory or table. */
    long directoryAddress(long directoryEntry);

    /** Whether a directory entry that points nowhere makes its span sparse; for a dual entry the first half. */
    boolean isSparseDirectory(long directoryEntry);

    /** Where the first half of a dual entry points to. */
    Target bigTableTarget(long dualEntryFirst);

    /** Address of the table of big pages of a dual entry's first half. */
    long bigTableAddress(long dualEntryFirst);

    /** Whether a page is mapped. */
    boolean isValid(long pageEntry);

    /** Whether a page that is not mapped is sparse: it reads zero and swallows writes. */
    boolean isSparse(long pageEntry);

    /** Whether an entry of a big page that is not mapped forbids to look at its small pages. */
    boolean hidesSmallPages(long pageEntry);

    /** Where a page lies. */
    Target pageTarget(long pageEntry);

    /** Address of a page. */
    long pageAddress(long pageEntry);

    /** Whether a page cannot be written. */
    boolean isReadOnly(long pageEntry);

    /** Whether a page cannot be the target of atomic operations. */
    boolean isAtomicDisabled(long pageEntry);

    /** NV_MMU_PTE_KIND of a page. */
    int kind(long pageEntry);

    /** Whether pages of a kind can be reached at all. */
    boolean isKindUsable(int kind);

    /**
     * An entry of a directory; for a dual entry the second half, for small pages.
     *
     * @param target {@link Target#VIDEO_MEMORY} or {@link Target#SYSTEM_MEMORY}
     * @param address of the next directory or table, a multiple of 4096
     */
    long directoryEntry(Target target, long address);

    /**
     * The first half of a dual entry, for big pages.
     *
     * @param target {@link Target#VIDEO_MEMORY} or {@link Target#SYSTEM_MEMORY}
     * @param address of the table of big pages, a multiple of 4096
     */
    long bigTableEntry(Target target, long address);

    /**
     * The entry of a page of any size that is mapped. An entry of 0 is one that is not, in tables and directories.
     *
     * @param target {@link Target#VIDEO_MEMORY} or {@link Target#SYSTEM_MEMORY}
     * @param address of the page, a multiple of its size
     * @param readOnly whether it cannot be written
     * @param kind NV_MMU_PTE_KIND
     */
    long pageEntry(Target target, long address, boolean readOnly, int kind);

    /** The entry of a page of any size that is not mapped but sparse; for a huge one the first half. */
    long sparseEntry();
}
