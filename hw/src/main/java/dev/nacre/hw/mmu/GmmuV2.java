package dev.nacre.hw.mmu;

import dev.nacre.hw.reg.EntryField;
import java.util.List;

/** Version 2 of the page tables: Pascal to Ada, virtual addresses of 49 bits, pages of 4 KiB, 64 KiB and 2 MiB. */
// HW: open-gpu-doc manuals/turing/tu104/dev_mmu.ref.txt (NV_MMU_VER2_*, NV_MMU_PTE_KIND_*);
// pascal/gp100-mmu-format.pdf;
// what the dual entry's halves mean for each other: nouveau nvkm/subdev/mmu/vmmgp100.c
public final class GmmuV2 extends Gmmu {
    /** The one instance. */
    public static final GmmuV2 FORMAT = new GmmuV2();

    /** The entry is that of a page, not of a directory. */
    public static final EntryField PDE_IS_PTE = new EntryField("NV_MMU_VER2_PDE_IS_PTE", 0, 0);

    /** Where a directory or table lies: 0 nowhere, 1 video memory, 2 system coherent, 3 system non-coherent. */
    public static final EntryField PDE_APERTURE = new EntryField("NV_MMU_VER2_PDE_APERTURE", 2, 1);

    /** With aperture 0: sparse. */
    public static final EntryField PDE_VOL = new EntryField("NV_MMU_VER2_PDE_VOL", 3, 3);

    /** Address in system memory, in 4 KiB. */
    public static final EntryField PDE_ADDRESS_SYS = new EntryField("NV_MMU_VER2_PDE_ADDRESS_SYS", 53, 8);

    /** Address in video memory, in 4 KiB. */
    public static final EntryField PDE_ADDRESS_VID = new EntryField("NV_MMU_VER2_PDE_ADDRESS_VID", 32, 8);

    /** Address in system memory of the table of big pages, in 256 bytes. */
    public static final EntryField DUAL_PDE_ADDRESS_BIG_SYS =
            new EntryField("NV_MMU_VER2_DUAL_PDE_ADDRESS_BIG_SYS", 53, 4);

    /** Address in video memory of the table of big pages, in 256 bytes. */
    public static final EntryField DUAL_PDE_ADDRESS_BIG_VID =
            new EntryField("NV_MMU_VER2_DUAL_PDE_ADDRESS_BIG_VID", 32, 4);

    /** The page is mapped. */
    public static final EntryField PTE_VALID = new EntryField("NV_MMU_VER2_PTE_VALID", 0, 0);

    /** Where the page lies: 0 video memory, 1 peer, 2 system coherent, 3 system non-coherent. */
    public static final EntryField PTE_APERTURE = new EntryField("NV_MMU_VER2_PTE_APERTURE", 2, 1);

    /** The page is not cached; if it is not mapped: it is sparse. */
    public static final EntryField PTE_VOL = new EntryField("NV_MMU_VER2_PTE_VOL", 3, 3);

    /** Only privileged accesses; in an entry of a big page that is not mapped: small pages are not looked at. */
    public static final EntryField PTE_PRIVILEGE = new EntryField("NV_MMU_VER2_PTE_PRIVILEGE", 5, 5);

    /** No writes. */
    public static final EntryField PTE_READ_ONLY = new EntryField("NV_MMU_VER2_PTE_READ_ONLY", 6, 6);

    /** No atomic operations. */
    public static final EntryField PTE_ATOMIC_DISABLE = new EntryField("NV_MMU_VER2_PTE_ATOMIC_DISABLE", 7, 7);

    /** Address in system memory, in 4 KiB. */
    public static final EntryField PTE_ADDRESS_SYS = new EntryField("NV_MMU_VER2_PTE_ADDRESS_SYS", 53, 8);

    /** Address in video memory, in 4 KiB. */
    public static final EntryField PTE_ADDRESS_VID = new EntryField("NV_MMU_VER2_PTE_ADDRESS_VID", 32, 8);

    /** NV_MMU_PTE_KIND. */
    public static final EntryField PTE_KIND = new EntryField("NV_MMU_VER2_PTE_KIND", 63, 56);

    /** The kind that no page may have. */
    public static final int PTE_KIND_INVALID = KIND_INVALID;

    private static final int ADDRESS_BITS = 49;

    private static final List<PageLevel> DIRECTORIES = List.of(
            new PageLevel("PDE3", 48, 47, 8, false),
            new PageLevel("PDE2", 46, 38, 8, false),
            new PageLevel("PDE1", 37, 29, 8, false),
            new PageLevel("PDE0", 28, 21, 16, true));

    private GmmuV2() {}

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
        return (isSystem(directoryEntry) ? PDE_ADDRESS_SYS : PDE_ADDRESS_VID).get(directoryEntry) << ADDRESS_SHIFT;
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
        return PDE_VOL.isSet(directoryEntry);
    }

    @Override
    public long bigTableAddress(long dualEntryFirst) {
        return (isSystem(dualEntryFirst) ? DUAL_PDE_ADDRESS_BIG_SYS : DUAL_PDE_ADDRESS_BIG_VID).get(dualEntryFirst)
                << ADDRESS_BIG_SHIFT;
    }

    @Override
    public boolean isValid(long pageEntry) {
        return PTE_VALID.isSet(pageEntry);
    }

    @Override
    public boolean isSparse(long pageEntry) {
        return PTE_VOL.isSet(pageEntry);
    }

    @Override
    public boolean hidesSmallPages(long pageEntry) {
        return PTE_PRIVILEGE.isSet(pageEntry);
    }

    @Override
    public long pageAddress(long pageEntry) {
        return (isSystem(pageEntry) ? PTE_ADDRESS_SYS : PTE_ADDRESS_VID).get(pageEntry) << ADDRESS_SHIFT;
    }

    @Override
    public boolean isReadOnly(long pageEntry) {
        return PTE_READ_ONLY.isSet(pageEntry);
    }

    @Override
    public boolean isAtomicDisabled(long pageEntry) {
        return PTE_ATOMIC_DISABLE.isSet(pageEntry);
    }

    @Override
    public int kind(long pageEntry) {
        return (int) PTE_KIND.get(pageEntry);
    }

    @Override
    public long directoryEntry(Target target, long address) {
        boolean system = target == Target.SYSTEM_MEMORY;
        return (system ? PDE_ADDRESS_SYS : PDE_ADDRESS_VID).set(directoryFlags(system), address >>> ADDRESS_SHIFT);
    }

    @Override
    public long bigTableEntry(Target target, long address) {
        boolean system = target == Target.SYSTEM_MEMORY;
        return (system ? DUAL_PDE_ADDRESS_BIG_SYS : DUAL_PDE_ADDRESS_BIG_VID)
                .set(directoryFlags(system), address >>> ADDRESS_BIG_SHIFT);
    }

    // HW: directories in system memory are not cached: nouveau nvkm/subdev/mmu/vmmgp100.c
    private static long directoryFlags(boolean system) {
        return system
                ? PDE_APERTURE.set(PDE_VOL.mask(), APERTURE_SYSTEM_COHERENT)
                : PDE_APERTURE.set(0, APERTURE_VIDEO_OF_DIRECTORY);
    }

    @Override
    public long pageEntry(Target target, long address, boolean readOnly, int kind) {
        boolean system = target == Target.SYSTEM_MEMORY;
        long entry = PTE_KIND.set(PTE_VALID.mask(), kind);
        if (readOnly) {
            entry |= PTE_READ_ONLY.mask();
        }
        // HW: system memory is not cached: nouveau nvkm/subdev/mmu/vmmgp100.c
        return system
                ? PTE_ADDRESS_SYS.set(
                        PTE_APERTURE.set(entry | PTE_VOL.mask(), APERTURE_SYSTEM_COHERENT), address >>> ADDRESS_SHIFT)
                : PTE_ADDRESS_VID.set(entry, address >>> ADDRESS_SHIFT);
    }

    @Override
    public long sparseEntry() {
        // HW: the field has the same place in a directory's entry
        return PTE_VOL.mask();
    }

    private static boolean isSystem(long entry) {
        return PDE_APERTURE.get(entry) >= 2;
    }
}
