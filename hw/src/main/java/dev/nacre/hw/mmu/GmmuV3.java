package dev.nacre.hw.mmu;

import dev.nacre.hw.reg.EntryField;
import java.util.List;

/**
 * Version 3 of the page tables: Hopper and Blackwell, virtual addresses of 57 bits, pages of 4 KiB, 64 KiB, 2 MiB and
 * 512 MiB. Addresses stand in an entry where they stand in an address; what an entry permits is one field (PCF), whose
 * bits mean different things in a directory, in a mapped page and in one that is not mapped.
 */
// HW: open-gpu-kernel-modules published/hopper/gh100/dev_mmu.h (NV_MMU_VER3_*);
// what the dual entry's halves mean for each other: nouveau nvkm/subdev/mmu/vmmgh100.c
public final class GmmuV3 extends Gmmu {
    /** The one instance. */
    public static final GmmuV3 FORMAT = new GmmuV3();

    /** The entry is that of a page, not of a directory. */
    public static final EntryField PDE_IS_PTE = new EntryField("NV_MMU_VER3_PDE_IS_PTE", 0, 0);

    /** Where a directory or table lies: 0 nowhere, 1 video memory, 2 system coherent, 3 system non-coherent. */
    public static final EntryField PDE_APERTURE = new EntryField("NV_MMU_VER3_PDE_APERTURE", 2, 1);

    /** What a directory's entry permits: {@link #PDE_PCF_UNCACHED}, {@link #PDE_PCF_ATS_NOT_ALLOWED}. */
    public static final EntryField PDE_PCF = new EntryField("NV_MMU_VER3_PDE_PCF", 5, 3);

    /** In {@link #PDE_PCF}: not cached; with aperture 0: sparse. */
    public static final int PDE_PCF_UNCACHED = 1;

    /** In {@link #PDE_PCF}: no translation by the host's tables. */
    public static final int PDE_PCF_ATS_NOT_ALLOWED = 1 << 1;

    /** Address in 4 KiB, of either memory. */
    public static final EntryField PDE_ADDRESS = new EntryField("NV_MMU_VER3_PDE_ADDRESS", 51, 12);

    /** Address of the table of big pages, in 256 bytes, of either memory. */
    public static final EntryField DUAL_PDE_ADDRESS_BIG = new EntryField("NV_MMU_VER3_DUAL_PDE_ADDRESS_BIG", 51, 8);

    /** The page is mapped. */
    public static final EntryField PTE_VALID = new EntryField("NV_MMU_VER3_PTE_VALID", 0, 0);

    /** Where the page lies: 0 video memory, 1 peer, 2 system coherent, 3 system non-coherent. */
    public static final EntryField PTE_APERTURE = new EntryField("NV_MMU_VER3_PTE_APERTURE", 2, 1);

    /** What the page permits; if it is not mapped: why, {@link #PTE_PCF_SPARSE}, {@link #PTE_PCF_NO_VALID_4KB_PAGE}. */
    public static final EntryField PTE_PCF = new EntryField("NV_MMU_VER3_PTE_PCF", 7, 3);

    /** In {@link #PTE_PCF} of a mapped page: not cached. */
    public static final int PTE_PCF_UNCACHED = 1;

    /** In {@link #PTE_PCF} of a mapped page: only privileged accesses. */
    public static final int PTE_PCF_PRIVILEGE = 1 << 1;

    /** In {@link #PTE_PCF} of a mapped page: no writes. */
    public static final int PTE_PCF_READ_ONLY = 1 << 2;

    /** In {@link #PTE_PCF} of a mapped page: no atomic operations. */
    public static final int PTE_PCF_NO_ATOMIC = 1 << 3;

    /** In {@link #PTE_PCF} of a mapped page: access counters do not count (ACD). */
    public static final int PTE_PCF_ACCESS_COUNTER_DISABLED = 1 << 4;

    /** {@link #PTE_PCF} of a page that is not mapped: sparse. */
    public static final int PTE_PCF_SPARSE = 1;

    /** {@link #PTE_PCF} of a big page that is not mapped: small pages are not looked at. */
    public static final int PTE_PCF_NO_VALID_4KB_PAGE = 3;

    /** NV_MMU_PTE_KIND. */
    public static final EntryField PTE_KIND = new EntryField("NV_MMU_VER3_PTE_KIND", 11, 8);

    /** Address in 4 KiB in system memory. */
    public static final EntryField PTE_ADDRESS_SYS = new EntryField("NV_MMU_VER3_PTE_ADDRESS_SYS", 51, 12);

    /** Address in 4 KiB in video memory. */
    public static final EntryField PTE_ADDRESS_VID = new EntryField("NV_MMU_VER3_PTE_ADDRESS_VID", 39, 12);

    /** The kind that no page may have. */
    public static final int PTE_KIND_INVALID = KIND_INVALID;

    private static final int ADDRESS_BITS = 57;

    private static final List<PageLevel> DIRECTORIES = List.of(
            new PageLevel("PDE4", 56, 56, 8, false),
            new PageLevel("PDE3", 55, 47, 8, false),
            new PageLevel("PDE2", 46, 38, 8, false),
            new PageLevel("PDE1", 37, 29, 8, true),
            new PageLevel("PDE0", 28, 21, 16, true));

    private GmmuV3() {}

    @Override
    public int addressBits() {
        return ADDRESS_BITS;
    }

    @Override
    public List<PageLevel> directories() {
        return DIRECTORIES;
    }

    @Override
    public boolean isPage(long directoryEntry) {
        return PDE_IS_PTE.isSet(directoryEntry);
    }

    @Override
    public long directoryAddress(long directoryEntry) {
        return PDE_ADDRESS.get(directoryEntry) << ADDRESS_SHIFT;
    }

    @Override
    int directoryAperture(long directoryEntry) {
        return (int) PDE_APERTURE.get(directoryEntry);
    }

    @Override
    int pageAperture(long pageEntry) {
        return (int) PTE_APERTURE.get(pageEntry);
    }

    @Override
    public boolean isSparseDirectory(long directoryEntry) {
        return (PDE_PCF.get(directoryEntry) & PDE_PCF_UNCACHED) != 0;
    }

    @Override
    public long bigTableAddress(long dualEntryFirst) {
        return DUAL_PDE_ADDRESS_BIG.get(dualEntryFirst) << ADDRESS_BIG_SHIFT;
    }

    @Override
    public boolean isValid(long pageEntry) {
        return PTE_VALID.isSet(pageEntry);
    }

    @Override
    public boolean isSparse(long pageEntry) {
        return PTE_PCF.get(pageEntry) == PTE_PCF_SPARSE;
    }

    @Override
    public boolean hidesSmallPages(long pageEntry) {
        return PTE_PCF.get(pageEntry) == PTE_PCF_NO_VALID_4KB_PAGE;
    }

    @Override
    public long pageAddress(long pageEntry) {
        boolean system = PTE_APERTURE.get(pageEntry) >= 2;
        return (system ? PTE_ADDRESS_SYS : PTE_ADDRESS_VID).get(pageEntry) << ADDRESS_SHIFT;
    }

    @Override
    public boolean isReadOnly(long pageEntry) {
        return (PTE_PCF.get(pageEntry) & PTE_PCF_READ_ONLY) != 0;
    }

    @Override
    public boolean isAtomicDisabled(long pageEntry) {
        return (PTE_PCF.get(pageEntry) & PTE_PCF_NO_ATOMIC) != 0;
    }

    @Override
    public int kind(long pageEntry) {
        return (int) PTE_KIND.get(pageEntry);
    }

    @Override
    public long directoryEntry(Target target, long address) {
        return PDE_ADDRESS.set(directoryFlags(target), address >>> ADDRESS_SHIFT);
    }

    @Override
    public long bigTableEntry(Target target, long address) {
        return DUAL_PDE_ADDRESS_BIG.set(directoryFlags(target), address >>> ADDRESS_BIG_SHIFT);
    }

    // HW: directories in system memory are not cached: nouveau nvkm/subdev/mmu/vmmgh100.c
    private static long directoryFlags(Target target) {
        boolean system = target == Target.SYSTEM_MEMORY;
        int permissions = PDE_PCF_ATS_NOT_ALLOWED | (system ? PDE_PCF_UNCACHED : 0);
        return PDE_PCF.set(
                PDE_APERTURE.set(0, system ? APERTURE_SYSTEM_COHERENT : APERTURE_VIDEO_OF_DIRECTORY), permissions);
    }

    @Override
    public long pageEntry(Target target, long address, boolean readOnly, int kind) {
        boolean system = target == Target.SYSTEM_MEMORY;
        // HW: system memory is not cached: nouveau nvkm/subdev/mmu/vmmgh100.c
        int permissions = PTE_PCF_ACCESS_COUNTER_DISABLED
                | (system ? PTE_PCF_UNCACHED : 0)
                | (readOnly ? PTE_PCF_READ_ONLY | PTE_PCF_NO_ATOMIC : 0);
        long entry = PTE_KIND.set(PTE_PCF.set(PTE_VALID.mask(), permissions), kind);
        return system
                ? PTE_ADDRESS_SYS.set(PTE_APERTURE.set(entry, APERTURE_SYSTEM_COHERENT), address >>> ADDRESS_SHIFT)
                : PTE_ADDRESS_VID.set(entry, address >>> ADDRESS_SHIFT);
    }

    @Override
    public long sparseEntry() {
        // HW: the field has the same place in a directory's entry
        return PTE_PCF.set(0, PTE_PCF_SPARSE);
    }
}
