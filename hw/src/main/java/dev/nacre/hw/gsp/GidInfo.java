package dev.nacre.hw.gsp;

/** NV2080_CTRL_GPU_GET_GID_INFO_PARAMS inside the static information: the board's id. Offsets are bytes. */
// HW: open-gpu-kernel-modules, src/common/sdk/nvidia/inc/ctrl/ctrl2080/ctrl2080gpu.h
public final class GidInfo {
    /** Bytes of the id. */
    public static final int LENGTH = 8;
    /** The id. */
    public static final int DATA = 12;
    /** Bytes of an id from which a UUID is made. */
    public static final int UUID_BYTES = 16;

    private GidInfo() {}
}
