package dev.nacre.corejava.hal;

/** What RM takes of its heap before there are clients. */
final class Heap {
    // HW: GSP_FW_HEAP_PARAM_BASE_RM_SIZE_TU10X and _GH100, open-gpu-kernel-modules gsp_fw_heap.h
    static final long TURING_TO_ADA_BYTES = 8L << 20;
    static final long HOPPER_AND_LATER_BYTES = 14L << 20;

    // HW: nouveau nvkm/subdev/gsp/tu102.c and rm/r570/rm.c (heap_size_non_wpr, rsvd_size_pmu)
    static final long NON_WPR_TURING_TO_ADA_BYTES = 1 << 20;
    static final long NON_WPR_HOPPER_BYTES = 0x20_0000;
    static final long NON_WPR_GB20X_BYTES = 0x22_0000;
    static final int PMU_BLACKWELL_BYTES = 0x182_0000;

    private Heap() {}
}
