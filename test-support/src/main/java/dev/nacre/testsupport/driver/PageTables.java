package dev.nacre.testsupport.driver;

import dev.nacre.hw.mmu.GmmuV2;
import dev.nacre.hw.mmu.PageLevel;
import dev.nacre.hw.reg.EntryField;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Page directories and tables of version 2, built by the driver where it has memory for them. One thread. */
final class PageTables {
    /** Memory of one directory or table. */
    interface Table {
        boolean isSystem();

        long address();

        void put(long offset, long entry);

        long at(long offset);
    }

    /** Gives zeroed memory for directories and tables. */
    @FunctionalInterface
    interface TableAllocator {
        /** Memory of {@code sizeBytes}, aligned to its size or 4 KiB, whichever is less. */
        Table allocate(int sizeBytes);
    }

    /** Page sizes. */
    enum Page {
        /** 4 KiB. */
        SMALL(12),
        /** 64 KiB. */
        BIG(16),
        /** 2 MiB, an entry in the last directory. */
        HUGE(21);

        private final int shift;

        Page(int shift) {
            this.shift = shift;
        }

        long bytes() {
            return 1L << shift;
        }
    }

    /** A directory or table by what it spans. */
    private record Key(String level, long first) {}

    private static final List<PageLevel> LEVELS = GmmuV2.FORMAT.directories();
    private static final int ADDRESS_SHIFT = 12;
    private static final int BIG_TABLE_SHIFT = 8;
    private static final int APERTURE_VIDEO = 1;
    private static final int APERTURE_SYSTEM_COHERENT = 2;

    private final Table root;
    private final TableAllocator allocator;
    private final Check check;
    private final Map<Key, Table> tables = new HashMap<>();

    PageTables(Table root, TableAllocator allocator, Check check) {
        this.root = root;
        this.allocator = allocator;
        this.check = check;
    }

    /** The root directory. */
    Table root() {
        return root;
    }

    /** Maps one page of the board's memory. */
    void mapVideo(long va, long physical, Page page) {
        put(va, page, GmmuV2.PTE_ADDRESS_VID.set(GmmuV2.PTE_VALID.mask(), physical >>> ADDRESS_SHIFT));
    }

    /** Maps a stretch of the board's memory, in pages of one size. */
    void mapVideo(long va, long physical, long sizeBytes, Page page) {
        for (long at = 0; at < sizeBytes; at += page.bytes()) {
            mapVideo(va + at, physical + at, page);
        }
    }

    /** Maps system memory, page by page wherever each lies. The buffer's pages are at least as large as {@code page}. */
    void mapSystem(long va, DmaBuffer buffer, Page page) {
        for (long at = 0; at < buffer.sizeBytes(); at += page.bytes()) {
            long entry =
                    GmmuV2.PTE_APERTURE.set(GmmuV2.PTE_VALID.mask() | GmmuV2.PTE_VOL.mask(), APERTURE_SYSTEM_COHERENT);
            put(va + at, page, GmmuV2.PTE_ADDRESS_SYS.set(entry, buffer.iova(at) >>> ADDRESS_SHIFT));
        }
    }

    /** Makes one page fault. */
    void unmap(long va, Page page) {
        put(va, page, 0);
    }

    private void put(long va, Page page, long entry) {
        Table directory = lastDirectory(va);
        PageLevel level = LEVELS.getLast();
        long dual = level.entryOffset(va);
        switch (page) {
            // HW: PDE_IS_PTE and PTE_VALID are the same bit.
            case HUGE -> set(directory, dual, entry);
            case BIG ->
                set(bigTable(directory, dual, va), GmmuV2.FORMAT.bigTable().entryOffset(va), entry);
            case SMALL ->
                set(smallTable(directory, dual, va), GmmuV2.FORMAT.smallTable().entryOffset(va), entry);
        }
    }

    private Table lastDirectory(long va) {
        Table table = root;
        for (int i = 0; i + 1 < LEVELS.size(); i++) {
            long offset = LEVELS.get(i).entryOffset(va);
            table = next(table, offset, LEVELS.get(i + 1), va >>> LEVELS.get(i).lo(), GmmuV2.PDE_ADDRESS_VID, false);
        }
        return table;
    }

    private Table bigTable(Table directory, long dual, long va) {
        PageLevel level = GmmuV2.FORMAT.bigTable();
        return next(directory, dual, level, va >>> LEVELS.getLast().lo(), GmmuV2.DUAL_PDE_ADDRESS_BIG_VID, true);
    }

    private Table smallTable(Table directory, long dual, long va) {
        PageLevel level = GmmuV2.FORMAT.smallTable();
        return next(directory, dual + 8, level, va >>> LEVELS.getLast().lo(), GmmuV2.PDE_ADDRESS_VID, false);
    }

    /** The directory or table behind an entry, made and linked if there is none yet. */
    private Table next(Table parent, long offset, PageLevel level, long first, EntryField videoAddress, boolean big) {
        return tables.computeIfAbsent(new Key(level.name(), first), key -> {
            Table table = allocator.allocate(level.entries() * level.entryBytes());
            EntryField field =
                    !table.isSystem() ? videoAddress : big ? GmmuV2.DUAL_PDE_ADDRESS_BIG_SYS : GmmuV2.PDE_ADDRESS_SYS;
            long entry = GmmuV2.PDE_APERTURE.set(0, table.isSystem() ? APERTURE_SYSTEM_COHERENT : APERTURE_VIDEO);
            set(parent, offset, field.set(entry, table.address() >>> (big ? BIG_TABLE_SHIFT : ADDRESS_SHIFT)));
            return table;
        });
    }

    /** Writes an entry and looks whether it is there. */
    private void set(Table table, long offset, long entry) {
        table.put(offset, entry);
        check.equal("page table entry read back", entry, table.at(offset));
    }

    /** A table in the board's memory. */
    record VideoTable(VramAccess vram, long address) implements Table {
        @Override
        public boolean isSystem() {
            return false;
        }

        @Override
        public void put(long offset, long entry) {
            vram.putLong(address + offset, entry);
        }

        @Override
        public long at(long offset) {
            return vram.longAt(address + offset);
        }
    }

    /** A table in one page of system memory. */
    record SystemTable(DmaBuffer memory) implements Table {
        @Override
        public boolean isSystem() {
            return true;
        }

        @Override
        public long address() {
            return memory.iova(0);
        }

        @Override
        public void put(long offset, long entry) {
            memory.putLong(offset, entry);
        }

        @Override
        public long at(long offset) {
            return memory.longAt(offset);
        }
    }

    /** A root directory that the firmware keeps: the driver only tells it the first entry. */
    static final class ToldRoot implements Table {
        private long entry;

        /** The first entry. */
        long entry() {
            return entry;
        }

        @Override
        public boolean isSystem() {
            return false;
        }

        @Override
        public long address() {
            throw new IllegalStateException("Only the firmware knows where this directory is.");
        }

        @Override
        public void put(long offset, long value) {
            if (offset != 0) {
                throw new IllegalArgumentException("Only the first entry can be told: offset=" + offset);
            }
            entry = value;
        }

        @Override
        public long at(long offset) {
            return entry;
        }
    }
}
