package dev.nacre.hw.rm;

import dev.nacre.hw.gsp.GspAbi;

/**
 * Two numberings of engines: RM_ENGINE_TYPE, which is the firmware's own and changes between versions, and
 * NV2080_ENGINE_TYPE, which is that of its interfaces and does not.
 */
// HW: open-gpu-kernel-modules, src/nvidia/inc/kernel/gpu/gpu_engine_type.h, src/common/sdk/nvidia/inc/class/cl2080.h
public final class EngineNumbers {
    /** NV2080_ENGINE_TYPE of the first graphics engine. */
    public static final int GR0 = 0x01;
    /** NV2080_ENGINE_TYPE of the first of ten copy engines. */
    public static final int COPY0 = 0x09;
    /** NV2080_ENGINE_TYPE of the first of eight video decoders. */
    public static final int NVDEC0 = 0x13;
    /** NV2080_ENGINE_TYPE of the first of three video encoders. */
    public static final int NVENC0 = 0x1b;
    /** NV2080_ENGINE_TYPE of methods that software handles. */
    public static final int SW = 0x22;
    /** NV2080_ENGINE_TYPE of the security processor. */
    public static final int SEC2 = 0x26;
    /** NV2080_ENGINE_TYPE of the first of eight JPEG engines. */
    public static final int NVJPEG0 = 0x2b;
    /** NV2080_ENGINE_TYPE of the optical flow engine. */
    public static final int OFA0 = 0x33;
    /** NV2080_ENGINE_TYPE of the eleventh copy engine; nine more follow. */
    public static final int COPY10 = 0x34;
    /** No NV2080_ENGINE_TYPE is as large. */
    public static final int END = 0x54;

    private static final int RM_COPY10 = 0x13;
    private static final int RM_NVDEC0 = 0x1d;
    private static final int RM_NVENC0 = 0x25;

    // Behind the video encoders, whose number differs, both versions have the same order; counted from SW.
    private static final int RM_SEC2_FROM_SW = 4;
    private static final int RM_NVJPEG0_FROM_SW = 9;
    private static final int RM_OFA0_FROM_SW = 17;

    private static final int ENCODERS = 3;
    private static final int DECODERS = 8;
    private static final int JPEGS = 8;

    private EngineNumbers() {}

    /**
     * The NV2080_ENGINE_TYPE of a RM_ENGINE_TYPE.
     *
     * @return -1 if it has none that is known
     */
    public static int ofRmEngineType(GspAbi abi, int rmEngineType) {
        int fromSw = rmEngineType - abi.rmEngineTypeSw();
        if (rmEngineType >= GR0 && rmEngineType < RM_COPY10) {
            return rmEngineType;
        }
        if (rmEngineType >= RM_COPY10 && rmEngineType < RM_NVDEC0) {
            return COPY10 + rmEngineType - RM_COPY10;
        }
        if (rmEngineType >= RM_NVDEC0 && rmEngineType < RM_NVDEC0 + DECODERS) {
            return NVDEC0 + rmEngineType - RM_NVDEC0;
        }
        if (rmEngineType >= RM_NVENC0 && rmEngineType < RM_NVENC0 + ENCODERS) {
            return NVENC0 + rmEngineType - RM_NVENC0;
        }
        if (fromSw == 0) {
            return SW;
        }
        if (fromSw == RM_SEC2_FROM_SW) {
            return SEC2;
        }
        if (fromSw >= RM_NVJPEG0_FROM_SW && fromSw < RM_NVJPEG0_FROM_SW + JPEGS) {
            return NVJPEG0 + fromSw - RM_NVJPEG0_FROM_SW;
        }
        return fromSw == RM_OFA0_FROM_SW ? OFA0 : -1;
    }
}
