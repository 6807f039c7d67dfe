package dev.nacre.board.rm;

import dev.nacre.hw.chip.Chip;

/**
 * What a board of a chip tells of its graphics engine, caches and memory. Nothing runs on the graphics engine; drivers
 * size their buffers by these numbers.
 *
 * @param gpcs graphics processing clusters
 * @param tpcsPerGpc texture processing clusters of a full one
 * @param tpcs texture processing clusters in all of them
 * @param smVersion 0x809 is Ada
 * @param coresPerSm cores of a streaming multiprocessor
 * @param l2CacheBytes level 2 cache
 * @param l2Caches number of its parts (LTC)
 * @param l2SlicesPerCache slices of a part
 * @param memoryBusBits width of the memory's bus
 * @param memoryType NV2080_CTRL_FB_INFO_RAM_TYPE_*
 * @param displayIpVersion version of the display engine
 * @param shortName the chip's name
 */
record GpuProfile(
        int gpcs,
        int tpcsPerGpc,
        int tpcs,
        int smVersion,
        int coresPerSm,
        int l2CacheBytes,
        int l2Caches,
        int l2SlicesPerCache,
        int memoryBusBits,
        int memoryType,
        int displayIpVersion,
        String shortName) {
    private static final int MIB = 1 << 20;

    /** The profile of a chip. */
    static GpuProfile of(Chip chip) {
        return switch (chip) {
            // HW: NVIDIA's data sheets: L40 142 SMs, 96 MB L2, 384-bit GDDR6; RAM types: ctrl2080fb.h.
            case AD102 -> new GpuProfile(12, 6, 71, 0x809, 128, 96 * MIB, 24, 4, 384, 0x11, 0x04040000, "AD102-A");
            // HW: as above: GeForce RTX 3090 82 SMs, 6 MB L2, 384-bit GDDR6X.
            case GA102 -> new GpuProfile(7, 6, 41, 0x806, 128, 6 * MIB, 12, 4, 384, 0x12, 0x04010000, "GA102-A");
            // HW: as above: RTX PRO 6000 Blackwell 188 SMs, 128 MB L2, 512-bit GDDR7.
            case GB202 -> new GpuProfile(12, 8, 94, 0xc00, 128, 128 * MIB, 32, 4, 512, 0x15, 0x05020000, "GB202-A");
            // HW: as above: H100 PCIe 114 SMs, 50 MB L2, 5120-bit HBM2e.
            case GH100 -> new GpuProfile(7, 9, 57, 0x900, 128, 50 * MIB, 20, 4, 5120, 0xf, 0, "GH100-A");
        };
    }

    /** Bit mask of the GPCs. */
    int gpcMask() {
        return (1 << gpcs) - 1;
    }

    /** TPCs of one GPC, 0 if there is no such GPC. The first ones are full. */
    int tpcCount(int gpc) {
        return gpc < 0 || gpc >= gpcs ? 0 : Math.clamp(tpcs - (long) gpc * tpcsPerGpc, 0, tpcsPerGpc);
    }

    /** Bit mask of one GPC's TPCs. */
    int tpcMask(int gpc) {
        return (1 << tpcCount(gpc)) - 1;
    }

    /** Streaming multiprocessors. */
    int sms() {
        return 2 * tpcs;
    }
}
