package dev.nacre.hw.gsp;

/**
 * NV00DE_SHARED_DATA, the memory in which drivers find live figures. The driver gives the firmware its address and says
 * which figures it wants; the firmware writes those sections again and again. Offsets in bytes.
 *
 * <p>Each section begins with a stamp of 64 bits: {@link #WRITING} while it is written, then the time of the figures in
 * microseconds; 0 means that there are none. A reader takes the stamp, the figures, and the stamp again: if both are equal
 * and no {@link #WRITING}, what it has read belongs together. Sections that only the driver writes are not listed.
 *
 * @param bytes size of it all
 * @param clkPublicDomainInfos four clocks in MHz, see {@link Clocks}
 * @param clkThrottleReason why clocks are lower than they could be, a mask of {@link Throttle}
 * @param perfDevUtil how busy the GPU is, see {@link Utilisation}
 * @param perfCurrentPstate performance state, a mask with one bit, bit 0 for P0
 * @param powerLimitGpu {requested, enforced} in milliwatts
 * @param temperatures of the GPU, in 1/256 degree Celsius
 * @param avgPowerUsage {GPU, module, memory} in milliwatts
 * @param instPowerUsage {GPU, module, CPU} in milliwatts
 */
// HW: open-gpu-kernel-modules, cl00de.h; the protocol: gpu_user_shared_data.c
public record SharedDataLayout(
        int bytes,
        int clkPublicDomainInfos,
        int clkThrottleReason,
        int perfDevUtil,
        int perfCurrentPstate,
        int powerLimitGpu,
        int temperatures,
        int avgPowerUsage,
        int instPowerUsage) {
    /** RUSD_TIMESTAMP_WRITE_IN_PROGRESS: a stamp that says that the section is being written. */
    public static final long WRITING = -1;

    /** RUSD_SEQ_START: stamps from here on are no times. */
    public static final long TIME_END = 0xff00_0000_0000_0000L;

    /** Offset of a section's first figure. */
    public static final int FIGURES = 8;

    /** Alignment of the whole, so that stamps are undivided. */
    public static final int ALIGNMENT = 8;

    /** NV00DE_RUSD_POLL_CLOCK: clkPublicDomainInfos is wanted. */
    public static final long POLL_CLOCK = 0x1;

    /** NV00DE_RUSD_POLL_PERF: clkThrottleReason, perfDevUtil and perfCurrentPstate are wanted. */
    public static final long POLL_PERF = 0x2;

    /** NV00DE_RUSD_POLL_POWER: powerLimitGpu, avgPowerUsage and instPowerUsage are wanted. */
    public static final long POLL_POWER = 0x8;

    /** NV00DE_RUSD_POLL_THERMAL: temperatures is wanted. */
    public static final long POLL_THERMAL = 0x10;

    // HW: nvrm_registry.h, NV_REG_STR_RM_RUSD_POLLING_INTERVAL_*
    /** Shortest time between two writings, in milliseconds. */
    public static final int MIN_PERIOD_MS = 100;

    /** Longest time between two writings, in milliseconds. */
    public static final int MAX_PERIOD_MS = 1000;

    /** Time between two writings unless the driver says otherwise, in milliseconds. */
    public static final int DEFAULT_PERIOD_MS = 500;

    /** RUSD_CLK_PUBLIC_DOMAIN_*: places of the clocks, each of 32 bits. */
    public static final class Clocks {
        /** Graphics. */
        public static final int GRAPHICS = 0;
        /** Memory. */
        public static final int MEMORY = 4;
        /** Video. */
        public static final int VIDEO = 8;
        /** Streaming multiprocessors. */
        public static final int SM = 12;
        /** Bytes of them all. */
        public static final int BYTES = 16;

        private Clocks() {}
    }

    /** RUSD_CLK_THROTTLE_REASON_*. */
    public static final class Throttle {
        /** There is nothing to do. */
        public static final int GPU_IDLE = 0x1;
        /** More would take more power than allowed. */
        public static final int SW_POWER_CAP = 0x4;

        private Throttle() {}
    }

    /** RUSD_PERF_DEVICE_UTILIZATION_INFO, in percent. */
    public static final class Utilisation {
        /** Of the time in which something ran. */
        public static final int GPU_PERCENT_BUSY = 0;
        /** Of the time in which memory was read or written. */
        public static final int MEMORY_PERCENT_BUSY = 4;
        /** Four video engines {percent, length of the sample in microseconds}. */
        public static final int ENG_UTIL = 8;
        /** Video engines. */
        public static final int ENGINES = 4;
        /** Bytes of a video engine. */
        public static final int ENG_UTIL_BYTES = 8;
        /** Bytes of it all. */
        public static final int BYTES = 40;

        private Utilisation() {}
    }

    /** NV2080_CTRL_CMD_INTERNAL_INIT_USER_SHARED_DATA: {64 bits: bus address of the memory, 0 to take it back}. */
    public static final int INIT_PHYS_ADDR = 0;

    /** NV2080_CTRL_CMD_INTERNAL_USER_SHARED_DATA_SET_DATA_POLL: mask of POLL_*, 64 bits. */
    public static final int SET_POLLED_DATA_MASK = 0;

    /** NV2080_CTRL_CMD_INTERNAL_USER_SHARED_DATA_SET_DATA_POLL: milliseconds between two writings; 0 for as before. */
    public static final int SET_POLL_FREQUENCY_MS = 8;
}
