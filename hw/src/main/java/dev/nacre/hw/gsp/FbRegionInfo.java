package dev.nacre.hw.gsp;

/**
 * NV2080_CTRL_CMD_FB_GET_FB_REGION_INFO_PARAMS inside the static information: how video memory is divided. Offsets are
 * bytes.
 */
// HW: open-gpu-kernel-modules, src/common/sdk/nvidia/inc/ctrl/ctrl2080/ctrl2080fb.h
public final class FbRegionInfo {
    /** Number of regions. */
    public static final int NUM_REGIONS = 0;
    /** Most of them. */
    public static final int MAX_REGIONS = 16;
    /** First region. */
    public static final int REGIONS = 8;
    /** Bytes of a region. */
    public static final int REGION_BYTES = 48;
    /** Region: first address, 64 bits. */
    public static final int BASE = 0;
    /** Region: last address, 64 bits. */
    public static final int LIMIT = 8;
    /** Region: bytes that are not a driver's, 64 bits. */
    public static final int RESERVED = 16;
    /** Region: whether it takes compressed kinds, 8 bits. */
    public static final int SUPPORT_COMPRESSED = 28;
    /** Region: whether the display may read it, 8 bits. */
    public static final int SUPPORT_ISO = 29;
    /** Region: whether it is protected, 8 bits. */
    public static final int PROTECTED = 30;

    private FbRegionInfo() {}
}
