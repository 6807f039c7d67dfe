package dev.nacre.hw.mmu;

/** What versions 2 and 3 of the page tables have in common: tables of pages, where things lie, how addresses are cut. */
// HW: NV_MMU_VER2_* and NV_MMU_VER3_* number apertures alike, and the sizes of pages are the same:
// open-gpu-kernel-modules published/pascal/gp100/dev_mmu.h and published/hopper/gh100/dev_mmu.h
abstract sealed class Gmmu implements PageTableFormat permits GmmuV2, GmmuV3 {
    static final int ADDRESS_SHIFT = 12;
    static final int ADDRESS_BIG_SHIFT = 8;
    static final int APERTURE_VIDEO_OF_DIRECTORY = 1;
    static final int APERTURE_SYSTEM_COHERENT = 2;
    static final int KIND_INVALID = 0x07;

    private static final PageLevel BIG_TABLE = new PageLevel("PTE_64K", 20, 16, 8, true);
    private static final PageLevel SMALL_TABLE = new PageLevel("PTE_4K", 20, 12, 8, true);

    @Override
    public final PageLevel bigTable() {
        return BIG_TABLE;
    }

    @Override
    public final PageLevel smallTable() {
        return SMALL_TABLE;
    }

    @Override
    public final Target directoryTarget(long directoryEntry) {
        return switch (directoryAperture(directoryEntry)) {
            case 0 -> Target.INVALID;
            case APERTURE_VIDEO_OF_DIRECTORY -> Target.VIDEO_MEMORY;
            default -> Target.SYSTEM_MEMORY;
        };
    }

    @Override
    public final Target bigTableTarget(long dualEntryFirst) {
        return directoryTarget(dualEntryFirst);
    }

    @Override
    public final Target pageTarget(long pageEntry) {
        return switch (pageAperture(pageEntry)) {
            case 0 -> Target.VIDEO_MEMORY;
            case 1 -> Target.PEER_MEMORY;
            default -> Target.SYSTEM_MEMORY;
        };
    }

    @Override
    public final boolean isKindUsable(int kind) {
        return kind != KIND_INVALID;
    }

    /** Where a directory or table lies: 0 nowhere, 1 video memory, 2 system coherent, 3 system non-coherent. */
    abstract int directoryAperture(long directoryEntry);

    /** Where a page lies: 0 video memory, 1 peer, 2 system coherent, 3 system non-coherent. */
    abstract int pageAperture(long pageEntry);
}
