package dev.nacre.corejava.mmu;

import dev.nacre.hw.mmu.PageLevel;
import org.jspecify.annotations.Nullable;

/** A directory or table, as it was written last. */
final class PageTable {
    /** Where it lies in the GPU's memory. */
    final long address;

    final PageLevel level;

    /** Entries of pages, 0 where there is none; of a dual directory those of huge pages. */
    final long[] pages;

    /** Of a directory: what entries point to; of a dual one the tables of small pages. */
    final @Nullable PageTable[] children;

    /** Of a dual directory: the tables of big pages. */
    final @Nullable PageTable[] bigTables;

    /** How many entries, or halves of dual ones, are not empty. */
    int used;

    private PageTable(long address, PageLevel level, int pages, int children, int bigTables) {
        this.address = address;
        this.level = level;
        this.pages = new long[pages];
        this.children = new PageTable[children];
        this.bigTables = new PageTable[bigTables];
    }

    static PageTable directory(long address, PageLevel level, boolean dual) {
        int entries = level.entries();
        return new PageTable(address, level, dual ? entries : 0, entries, dual ? entries : 0);
    }

    static PageTable ofPages(long address, PageLevel level) {
        return new PageTable(address, level, level.entries(), 0, 0);
    }

    int index(long virtualAddress) {
        return (int) (level.entryOffset(virtualAddress) / level.entryBytes());
    }

    long entryAddress(int index) {
        return address + (long) index * level.entryBytes();
    }
}
