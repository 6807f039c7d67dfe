package dev.nacre.board.mmu;

import dev.nacre.hw.mmu.GmmuV2;
import dev.nacre.hw.mmu.PageLevel;

/** Writes page tables of version 2 into memory, as a driver would. */
public final class PageTables {
    /** An entry that is sparse. */
    public static final long SPARSE = GmmuV2.PTE_VOL.mask();

    /** An entry of a big page that hides its small pages. */
    public static final long HIDES_SMALL = GmmuV2.PTE_PRIVILEGE.mask();

    private final PhysicalMemory memory;
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
        this.memory = memory;
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
        return GmmuV2.PTE_ADDRESS_VID.set(1, address >>> 12);
    }

    /** An entry for a page in system memory. */
    public static long system(long address) {
        return GmmuV2.PTE_ADDRESS_SYS.set(GmmuV2.PTE_APERTURE.set(1, 2), address >>> 12);
    }

    /** The same page, read-only. */
    public static long readOnly(long entry) {
        return entry | GmmuV2.PTE_READ_ONLY.mask();
    }

    /** Maps small pages to video memory. */
    public PageTables mapVideo(long virtualAddress, long address, long bytes) {
        for (long done = 0; done < bytes; done += 4096) {
            small(virtualAddress + done, video(address + done));
        }
        return this;
    }

    /** Maps small pages to system memory. */
    public PageTables mapSystem(long virtualAddress, long address, long bytes) {
        for (long done = 0; done < bytes; done += 4096) {
            small(virtualAddress + done, system(address + done));
        }
        return this;
    }

    /** Sets the entry of a small page. */
    public PageTables small(long virtualAddress, long entry) {
        Place second = dual(virtualAddress).plus(8);
        PageLevel level = GmmuV2.FORMAT.smallTable();
        write(follow(second, false).plus(level.entryOffset(virtualAddress)), entry);
        return this;
    }

    /** Sets the entry of a big page. */
    public PageTables big(long virtualAddress, long entry) {
        PageLevel level = GmmuV2.FORMAT.bigTable();
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
        return directoryEntry(GmmuV2.FORMAT.directories().size() - 1, virtualAddress);
    }

    private Place directoryEntry(int depth, long virtualAddress) {
        Place table = new Place(false, root);
        for (int i = 0; i < depth; i++) {
            PageLevel level = GmmuV2.FORMAT.directories().get(i);
            table = follow(table.plus(level.entryOffset(virtualAddress)), false);
        }
        return table.plus(GmmuV2.FORMAT.directories().get(depth).entryOffset(virtualAddress));
    }

    /** The table that an entry points to; makes one if there is none. */
    private Place follow(Place at, boolean big) {
        long entry = memory.readLong(at.system, at.address);
        if (GmmuV2.PDE_APERTURE.get(entry) == 0) {
            boolean system = tablesInSystem;
            long table = newTable();
            entry = GmmuV2.PDE_APERTURE.set(0, system ? 2 : 1);
            entry |= big
                    ? (system ? GmmuV2.DUAL_PDE_ADDRESS_BIG_SYS : GmmuV2.DUAL_PDE_ADDRESS_BIG_VID).set(0, table >>> 8)
                    : (system ? GmmuV2.PDE_ADDRESS_SYS : GmmuV2.PDE_ADDRESS_VID).set(0, table >>> 12);
            write(at, entry);
        }
        boolean system = GmmuV2.PDE_APERTURE.get(entry) != 1;
        long address = big
                ? (system ? GmmuV2.DUAL_PDE_ADDRESS_BIG_SYS : GmmuV2.DUAL_PDE_ADDRESS_BIG_VID).get(entry) << 8
                : (system ? GmmuV2.PDE_ADDRESS_SYS : GmmuV2.PDE_ADDRESS_VID).get(entry) << 12;
        return new Place(system, address);
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
