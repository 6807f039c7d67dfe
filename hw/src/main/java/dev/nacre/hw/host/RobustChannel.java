package dev.nacre.hw.host;

/** ROBUST_CHANNEL_*: why a channel failed, as the driver is told. */
// HW: open-gpu-kernel-modules nverror.h
public final class RobustChannel {
    /** ROBUST_CHANNEL_FIFO_ERROR_IDLE_TIMEOUT. */
    public static final int IDLE_TIMEOUT = 8;

    /** ROBUST_CHANNEL_GR_EXCEPTION. */
    public static final int GR_EXCEPTION = 13;

    /** ROBUST_CHANNEL_FIFO_ERROR_MMU_ERR_FLT. */
    public static final int FIFO_ERROR_MMU_ERR_FLT = 31;

    /** ROBUST_CHANNEL_PBDMA_ERROR. */
    public static final int PBDMA_ERROR = 32;

    /** ROBUST_CHANNEL_CE0_ERROR; those of the first three copy engines follow each other. */
    public static final int CE0_ERROR = 39;

    /** How many copy engines have errors that follow {@link #CE0_ERROR}. */
    public static final int CE_ERRORS = 3;

    /** ROBUST_CHANNEL_GR_CLASS_ERROR. */
    public static final int GR_CLASS_ERROR = 69;

    /** ROBUST_CHANNEL_CTXSW_TIMEOUT_ERROR. */
    public static final int CTXSW_TIMEOUT_ERROR = 109;

    private RobustChannel() {}
}
