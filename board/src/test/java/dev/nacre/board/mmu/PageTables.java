package dev.nacre.board.mmu;

import dev.nacre.hw.mmu.GmmuV2;
import dev.nacre.hw.mmu.PageLevel;
import dev.nacre.hw.mmu.PageTableFormat;
import dev.nacre.hw.mmu.Target;

/** Writes page tables into memory, as a driver would; of version 2 unless another is asked for. */
public final class PageTables {
    /** An entry that is sparse. */
    public static final long SPARSE = Encoding.V2.sparse();

    /** An entry of a big page that hides its small pages. */
    public static final long HIDES_SMALL = Encoding.V2.hidesSmall();

    private final PhysicalMemory memory;
    private final Encoding encoding;
    private final PageTableFormat format;
    private final long root;
    private long nextVideo;
    private long nextSystem;
    private boolean tablesInSystem;

    /**
     * Makes an empty root directory.
     *
     * @param videoBase where tables are put in video memory
     * @param systemBase where tables are put in system memory, if {@link #tablesInSystem} says so
     */
    public PageTables(PhysicalMemory memory, long videoBase, long systemBase) {
        this(memory, Encoding.V2, videoBase, systemBase);
    }

    /** The same, of a version. */
    public PageTables(PhysicalMemory memory, Encoding encoding, long videoBase, long systemBase) {
        this.memory = memory;
        this.encoding = encoding;
        this.format = encoding.format();
        this.nextVideo = videoBase;
        this.nextSystem = systemBase;
        this.root = newTable();
    }

    /** Whether tables that are made from now on lie in system memory. */
    public PageTables tablesInSystem(boolean system) {
        tablesInSystem = system;
        return this;
    }

    public long root() {
        return root;
    }

    /** An entry for a page in video memory. */
    public static long video(long address) {
        return Encoding.V2.video(address);
    }

    /** An entry for a page in system memory. */
    public static long system(long address) {
        return Encoding.V2.system(address);
    }

    /** The same page, read-only. */
    public static long readOnly(long entry) {
        return entry | GmmuV2.PTE_READ_ONLY.mask();
    }

    /** Maps small pages to video memory. */
    public PageTables mapVideo(long virtualAddress, long address, long bytes) {
        for (long done = 0; done < bytes; done += 4096) {
            small(virtualAddress + done, encoding.video(address + done));
        }
        return this;
    }

    /** Maps small pages to system memory. */
    public PageTables mapSystem(long virtualAddress, long address, long bytes) {
        for (long done = 0; done < bytes; done += 4096) {
            small(virtualAddress + done, encoding.system(address + done));
        }
        return this;
    }

    /** Sets the entry of a small page. */
    public PageTables small(long virtualAddress, long entry) {
        Place second = dual(virtualAddress).plus(8);
        PageLevel level = format.smallTable();
        write(follow(second, false).plus(level.entryOffset(virtualAddress)), entry);
        return this;
    }

    /** Sets the entry of a big page. */
    public PageTables big(long virtualAddress, long entry) {
        PageLevel level = format.bigTable();
        write(follow(dual(virtualAddress), true).plus(level.entryOffset(virtualAddress)), entry);
        return this;
    }

    /** Sets the first half of a dual entry: a huge page, or sparse. */
    public PageTables huge(long virtualAddress, long entry) {
        write(dual(virtualAddress), entry);
        return this;
    }

    /** Sets an entry of a directory, 0 for the root. */
    public PageTables directory(int depth, long virtualAddress, long entry) {
        write(directoryEntry(depth, virtualAddress), entry);
        return this;
    }

    private Place dual(long virtualAddress) {
        return directoryEntry(format.directories().size() - 1, virtualAddress);
    }

    private Place directoryEntry(int depth, long virtualAddress) {
        Place table = new Place(false, root);
        for (int i = 0; i < depth; i++) {
            PageLevel level = format.directories().get(i);
            table = follow(table.plus(level.entryOffset(virtualAddress)), false);
        }
        return table.plus(format.directories().get(depth).entryOffset(virtualAddress));
    }

    /** The table that an entry points to; makes one if there is none. */
    private Place follow(Place at, boolean big) {
        long entry = memory.readLong(at.system, at.address);
        if (format.directoryTarget(entry) == Target.INVALID) {
            boolean system = tablesInSystem;
            long table = newTable();
            entry = big ? encoding.bigDirectory(system, table) : encoding.directory(system, table);
            write(at, entry);
        }
        boolean system = format.directoryTarget(entry) == Target.SYSTEM_MEMORY;
        return new Place(system, big ? format.bigTableAddress(entry) : format.directoryAddress(entry));
    }

    private long newTable() {
        long table = tablesInSystem ? nextSystem : nextVideo;
        if (tablesInSystem) {
            nextSystem += 4096;
        } else {
            nextVideo += 4096;
        }
        for (int i = 0; i < 4096; i += 8) {
            memory.writeLong(tablesInSystem, table + i, 0);
        }
        return table;
    }

    private void write(Place at, long value) {
        memory.writeLong(at.system, at.address, value);
    }

    private record Place(boolean system, long address) {
        Place plus(long offset) {
            return new Place(system, address + offset);
        }
    }
}
