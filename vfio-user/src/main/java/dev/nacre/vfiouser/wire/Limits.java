package dev.nacre.vfiouser.wire;

/** Limits of this implementation, and those that hold when a side names none. */
public final class Limits {
    /** Most data bytes of one region, DMA or migration message. */
    public static final int MAX_DATA_BYTES = 1 << 20;

    /** Most bytes of a message: its header, the largest fixed part, and the data. */
    public static final int MAX_MESSAGE_BYTES = Header.SIZE + 32 + MAX_DATA_BYTES;

    /** Most descriptors of one message. */
    public static final int MAX_FDS = 16;

    /** Most bytes of a VERSION message, capabilities included. */
    public static final int MAX_VERSION_BYTES = Header.SIZE + Version.SIZE + (64 << 10);

    /** Most DMA ranges at a time. HW: the specification's default of max_dma_maps. */
    public static final int MAX_DMA_RANGES = 65535;

    /** The only page size that DMA ranges count in. */
    public static final int DMA_PAGE_BYTES = 4096;

    /** HW: the specification's default of max_msg_fds. */
    public static final int DEFAULT_MAX_FDS = 1;

    private Limits() {}
}
