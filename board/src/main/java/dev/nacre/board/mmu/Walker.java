package dev.nacre.board.mmu;

import dev.nacre.hw.mmu.FaultType;
import dev.nacre.hw.mmu.PageLevel;
import dev.nacre.hw.mmu.PageTableFormat;
import dev.nacre.hw.mmu.Target;
import dev.nacre.pci.DmaFault;

/** Walks page tables. Any thread; allocates nothing unless system memory cannot be reached. */
final class Walker {
    private final PhysicalMemory memory;
    private final PageTableFormat format;
    private final PageLevel[] directories;
    private final PageLevel dual;

    Walker(PhysicalMemory memory, PageTableFormat format) {
        this.memory = memory;
        this.format = format;
        this.directories = format.directories().toArray(PageLevel[]::new);
        this.dual = format.directories().getLast();
    }

    /**
     * Translates an address.
     *
     * @param root physical address of the root directory
     * @param system whether the root lies in system memory
     * @return a {@link Translation} of the small page that holds the address
     */
    long walk(long root, boolean system, long virtualAddress) {
        if (virtualAddress >>> format.addressBits() != 0) {
            return Translation.fault(FaultType.VA_LIMIT_VIOLATION);
        }
        try {
            return descend(root, system, virtualAddress);
        } catch (DmaFault e) {
            return Translation.fault(FaultType.PDE);
        }
    }

    private long descend(long root, boolean rootInSystem, long virtualAddress) {
        long table = root;
        boolean system = rootInSystem;
        for (int i = 0; i < directories.length - 1; i++) {
            PageLevel level = directories[i];
            long entry = entry(system, table + level.entryOffset(virtualAddress));
            if (format.isPage(entry)) {
                return level.mayBePage() ? page(entry, level, virtualAddress) : Translation.fault(FaultType.PDE);
            }
            Target target = format.directoryTarget(entry);
            if (target == Target.INVALID) {
                return format.isSparseDirectory(entry)
                        ? Translation.sparse(level.lo())
                        : Translation.fault(FaultType.PDE);
            }
            table = format.directoryAddress(entry);
            system = target == Target.SYSTEM_MEMORY;
        }
        return dual(system, table + dual.entryOffset(virtualAddress), virtualAddress);
    }

    /** The last directory: an entry is a huge page, or points to big pages, small pages, or both. */
    private long dual(boolean system, long at, long virtualAddress) {
        long first = entry(system, at);
        if (format.isPage(first)) {
            return page(first, dual, virtualAddress);
        }
        Target bigTarget = format.bigTableTarget(first);
        if (bigTarget != Target.INVALID) {
            PageLevel big = format.bigTable();
            long entry = entry(
                    bigTarget == Target.SYSTEM_MEMORY, format.bigTableAddress(first) + big.entryOffset(virtualAddress));
            if (format.isValid(entry)) {
                return page(entry, big, virtualAddress);
            }
            if (format.isSparse(entry)) {
                return Translation.sparse(big.lo());
            }
            if (format.hidesSmallPages(entry)) {
                return Translation.fault(FaultType.PTE);
            }
        } else if (format.isSparseDirectory(first)) {
            return Translation.sparse(dual.lo());
        }
        return small(entry(system, at + Long.BYTES), bigTarget != Target.INVALID, virtualAddress);
    }

    private long small(long second, boolean hasBigTable, long virtualAddress) {
        Target target = format.directoryTarget(second);
        if (target == Target.INVALID) {
            return Translation.fault(hasBigTable ? FaultType.PTE : FaultType.PDE);
        }
        PageLevel small = format.smallTable();
        long entry = entry(
                target == Target.SYSTEM_MEMORY, format.directoryAddress(second) + small.entryOffset(virtualAddress));
        if (format.isValid(entry)) {
            return page(entry, small, virtualAddress);
        }
        return format.isSparse(entry) ? Translation.sparse(small.lo()) : Translation.fault(FaultType.PTE);
    }

    private long page(long entry, PageLevel level, long virtualAddress) {
        Target target = format.pageTarget(entry);
        if (target == Target.PEER_MEMORY) {
            return Translation.fault(FaultType.UNSUPPORTED_APERTURE);
        }
        if (!format.isKindUsable(format.kind(entry))) {
            return Translation.fault(FaultType.UNSUPPORTED_KIND);
        }
        boolean system = target == Target.SYSTEM_MEMORY;
        long span = level.spanBytes();
        long base = format.pageAddress(entry) & -span;
        if (!system && !memory.containsVideo(base, span)) {
            return Translation.fault(FaultType.REGION_VIOLATION);
        }
        return Translation.page(
                base + (virtualAddress & (span - 1)),
                level.lo(),
                system,
                format.isReadOnly(entry),
                format.isAtomicDisabled(entry));
    }

    /** Reads an entry; where there is no memory there is no entry. */
    private long entry(boolean system, long address) {
        return system || memory.containsVideo(address, Long.BYTES) ? memory.readLong(system, address) : 0;
    }
}
