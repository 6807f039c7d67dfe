package dev.nacre.hw.vgpu;

/**
 * Parameters of the controls about virtual GPUs, all but those in {@link Bootload} and {@link TypeInfo}: they are the same
 * in every firmware version. Offsets are bytes; fields have 32 bits unless said otherwise.
 */
// HW: computed from open-gpu-kernel-modules, src/common/sdk/nvidia/inc/ctrl/ctrl2080/ctrl2080vgpumgrinternal.h and
// ctrl2080gsp.h, tags 570.144 and 535.113.01
public final class VgpuParams {
    /** Virtual GPUs that the lists have room for. */
    public static final int MAX_VGPUS = 32;

    private VgpuParams() {}

    /** SHUTDOWN_GSP_VGPU_PLUGIN_TASK, VGPU_PLUGIN_CLEANUP, CLEAR_GUEST_VM_INFO. */
    public static final class Gfid {
        /** The function's number. */
        public static final int GFID = 0;
        /** Size of it all. */
        public static final int BYTES = 4;

        private Gfid() {}
    }

    /** ENUMERATE_VGPU_PER_PGPU. */
    public static final class Enumerate {
        /** How many there are. */
        public static final int NUM_VGPU = 0;
        /** Them: the guest, then its device. */
        public static final int VGPU_GUEST = 8;
        /** Bytes of an entry. */
        public static final int ENTRY_BYTES = 152;
        /** Size of it all. */
        public static final int BYTES = 4872;
        /** Entry: the process that the guest runs in. */
        public static final int VM_PID = 0;
        /** Entry: whether it cannot be moved. */
        public static final int MIGRATION_PROHIBITED = 8;
        /** Entry: frames in a second. */
        public static final int FRAME_RATE_LIMIT = 16;
        /** Entry: the driver's version, 32 bytes of text. */
        public static final int GUEST_DRIVER_VERSION = 33;
        /** Bytes of that. */
        public static final int STRING_BYTES = 32;
        /** Entry: GUEST_VM_INFO_STATE, 1 once a driver has told of itself. */
        public static final int GUEST_VM_INFO_STATE = 100;
        /** Entry: the function's number. */
        public static final int GFID = 104;
        /** Entry: where the function is, 64 bits. */
        public static final int VGPU_PCI_ID = 112;
        /** Entry: handle of its client. */
        public static final int VGPU_DEVICE_INSTANCE_ID = 120;
        /** Entry: memory in use, 64 bits. */
        public static final int FB_USED = 128;
        /** Entry: share of the encoder in percent. */
        public static final int ENCODER_CAPACITY = 136;
        /** Entry: {@link #ECC_NOT_SUPPORTED}. */
        public static final int ECC_STATE = 140;
        /** Entry: whether a driver runs it, 8 bits. */
        public static final int B_DRIVER_LOADED = 144;
        /** NVA081_CTRL_ECC_STATE_NOT_SUPPORTED. */
        public static final int ECC_NOT_SUPPORTED = 1;

        private Enumerate() {}
    }

    /** GET_VGPU_FB_USAGE. */
    public static final class FbUsage {
        /** How many there are. */
        public static final int VGPU_COUNT = 0;
        /** Them. */
        public static final int VGPU_FB_USAGE = 8;
        /** Bytes of an entry. */
        public static final int ENTRY_BYTES = 16;
        /** Entry: the function's number. */
        public static final int GFID = 0;
        /** Entry: memory in use, 64 bits. */
        public static final int FB_USED = 8;
        /** Size of it all. */
        public static final int BYTES = 520;

        private FbUsage() {}
    }

    /** SET_VGPU_ENCODER_CAPACITY. */
    public static final class EncoderCapacity {
        /** The function's number. */
        public static final int GFID = 0;
        /** Percent. */
        public static final int ENCODER_CAPACITY = 4;
        /** Size of it all. */
        public static final int BYTES = 8;

        private EncoderCapacity() {}
    }

    /** GET_PGPU_FS_ENCODING. */
    public static final class FsEncoding {
        /** Text. */
        public static final int PGPU_STRING = 0;
        /** Bytes of the text's field. */
        public static final int STRING_BYTES = 256;
        /** Bytes of the text that are used. */
        public static final int PGPU_STRING_SIZE = 256;
        /** Size of it all. */
        public static final int BYTES = 260;

        private FsEncoding() {}
    }

    /**
     * Controls with one flag of 8 bits: GET_PGPU_MIGRATION_SUPPORT, SET_VGPU_MGR_CONFIG (different types at a time),
     * GET_FRAME_RATE_LIMITER_STATUS (switched off), SET_VGPU_HETEROGENEOUS_MODE.
     */
    public static final class Flag {
        /** The flag. */
        public static final int FLAG = 0;
        /** Size of it all. */
        public static final int BYTES = 1;

        private Flag() {}
    }

    /** FREE_STATES. */
    public static final class FreeStates {
        /** The function's number. */
        public static final int GFID = 0;
        /** What to free. */
        public static final int FLAGS = 4;
        /** Size of it all. */
        public static final int BYTES = 8;

        private FreeStates() {}
    }

    /** NV2080_CTRL_CMD_GSP_GET_FEATURES. */
    public static final class GspFeatures {
        /** What the firmware can do. */
        public static final int GSP_FEATURES = 0;
        /** Whether the rest holds, 8 bits. */
        public static final int B_VALID = 4;
        /** Whether the GPU uses the firmware without being told, 8 bits. */
        public static final int B_DEFAULT_GSP_RM_GPU = 5;
        /** The firmware's version, text. */
        public static final int FIRMWARE_VERSION = 6;
        /** Bytes of that. */
        public static final int FIRMWARE_VERSION_BYTES = 64;
        /** Size of it all. */
        public static final int BYTES = 72;

        private GspFeatures() {}
    }
}
