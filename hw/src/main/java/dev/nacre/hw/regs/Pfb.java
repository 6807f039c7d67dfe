package dev.nacre.hw.regs;

import dev.nacre.hw.reg.Reg;

/** PFB, the framebuffer interface, and the flush unit beside it. */
// HW: open-gpu-kernel-modules published/ampere/ga100/dev_fb.h, turing/tu102/dev_fb.h, turing/tu102/dev_fb_addendum.h;
// flush registers: pascal/gp102/dev_flush.h
public final class Pfb {
    /** Flushes memory writes; reads as done. */
    public static final Reg UFLUSH_FB_FLUSH = Reg.rw("NV_UFLUSH_FB_FLUSH", 0x070000);

    /** Invalidates cached system memory; reads as done. */
    public static final Reg UFLUSH_L2_SYSMEM_INVALIDATE = Reg.rw("NV_UFLUSH_L2_SYSMEM_INVALIDATE", 0x070004);

    /** Invalidates cached peer memory; reads as done. */
    public static final Reg UFLUSH_L2_PEERMEM_INVALIDATE = Reg.rw("NV_UFLUSH_L2_PEERMEM_INVALIDATE", 0x070008);

    /** Cleans compression tags; reads as done. */
    public static final Reg UFLUSH_L2_CLEAN_COMPTAGS = Reg.rw("NV_UFLUSH_L2_CLEAN_COMPTAGS", 0x07000c);

    /** Writes back dirty lines; reads as done. */
    public static final Reg UFLUSH_L2_FLUSH_DIRTY = Reg.rw("NV_UFLUSH_L2_FLUSH_DIRTY", 0x070010);

    /** Page of system memory that a flush reads: address bits 39:8. */
    public static final Reg NISO_FLUSH_SYSMEM_ADDR = Reg.rw("NV_PFB_NISO_FLUSH_SYSMEM_ADDR", 0x100c10);

    /** Page of system memory that a flush reads: address bits 63:40. */
    public static final Reg NISO_FLUSH_SYSMEM_ADDR_HI = Reg.rw("NV_PFB_NISO_FLUSH_SYSMEM_ADDR_HI", 0x100c40);

    /** Page of system memory that a flush reads, on Hopper: address bits 31:8 at their places. */
    // HW: open-gpu-kernel-modules published/hopper/gh100/dev_fb.h
    public static final Reg FBHUB_PCIE_FLUSH_SYSMEM_ADDR_LO =
            Reg.rw("NV_PFB_FBHUB_PCIE_FLUSH_SYSMEM_ADDR_LO", 0x100a34);

    /** Page of system memory that a flush reads, on Hopper: address bits 51:32. */
    public static final Reg FBHUB_PCIE_FLUSH_SYSMEM_ADDR_HI =
            Reg.rw("NV_PFB_FBHUB_PCIE_FLUSH_SYSMEM_ADDR_HI", 0x100a38);

    /** Page of system memory that a flush reads, on GB20x: address bits 31:8 at their places. */
    // HW: open-gpu-kernel-modules published/blackwell/gb10b/dev_fbhub.h
    public static final Reg FBHUB0_PCIE_FLUSH_SYSMEM_ADDR_LO =
            Reg.rw("NV_PFB_FBHUB0_PCIE_FLUSH_SYSMEM_ADDR_LO", 0x8a1d58);

    /** Page of system memory that a flush reads, on GB20x: address bits 51:32. */
    public static final Reg FBHUB0_PCIE_FLUSH_SYSMEM_ADDR_HI =
            Reg.rw("NV_PFB_FBHUB0_PCIE_FLUSH_SYSMEM_ADDR_HI", 0x8a1d5c);

    /** Size of the memory: magnitude shifted left by scale, in MiB. Read by drivers of Turing. */
    public static final Reg LOCAL_MEMORY_RANGE = Reg.ro("NV_PFB_PRI_MMU_LOCAL_MEMORY_RANGE", 0x100ce0);

    /** Power of two of the size. */
    public static final Reg.Bits LOCAL_MEMORY_RANGE_LOWER_SCALE = LOCAL_MEMORY_RANGE.bits(3, 0);

    /** Multiple of the power of two. */
    public static final Reg.Bits LOCAL_MEMORY_RANGE_LOWER_MAG = LOCAL_MEMORY_RANGE.bits(9, 4);

    /** First address of write-protected region 2; with {@link #WPR2_ADDR_HI} zero there is none. */
    public static final Reg WPR2_ADDR_LO = Reg.ro("NV_PFB_PRI_MMU_WPR2_ADDR_LO", 0x1fa824);

    /** {@code Address >> 12}. */
    public static final Reg.Bits WPR2_ADDR_LO_VAL = WPR2_ADDR_LO.bits(31, 4);

    /** Last 128 KiB of write-protected region 2. */
    public static final Reg WPR2_ADDR_HI = Reg.ro("NV_PFB_PRI_MMU_WPR2_ADDR_HI", 0x1fa828);

    /** {@code Address >> 12}. */
    public static final Reg.Bits WPR2_ADDR_HI_VAL = WPR2_ADDR_HI.bits(31, 4);

    private Pfb() {}
}
