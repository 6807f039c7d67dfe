package dev.nacre.hw.rm;

/**
 * Parameters of the display engine's controls and allocations, in the manner of {@link ParamLayout}.
 */
// HW: computed from the headers of open-gpu-kernel-modules, src/common/sdk/nvidia/inc/ctrl/ and alloc/, tags 570.144
// and 535.113.01.
public final class DisplayParamLayout {
    private DisplayParamLayout() {}

    /** Parameters of a display channel. */
    public static final class DisplayChannelAlloc {
        /** Number among its kind. */
        public static final int CHANNEL_INSTANCE = 0;
        /** Initial PUT and GET in bytes; not for cursors. */
        public static final int OFFSET = 12;

        /** Bytes of it all. */
        public static final int BYTES = 40;

        private DisplayChannelAlloc() {}
    }

    /** NV2080_CTRL_CMD_INTERNAL_DISPLAY_GET_STATIC_INFO. */
    public static final class DisplayStaticInfo {
        /** Window channels. */
        public static final int WINDOW_PRESENT_MASK = 4;
        /** Heads. */
        public static final int NUM_HEADS = 12;

        private DisplayStaticInfo() {}
    }

    /** NV2080_CTRL_CMD_INTERNAL_DISPLAY_WRITE_INST_MEM. */
    public static final class DisplayInstanceMemory {
        /** Address. */
        public static final int PHYS_ADDR = 0;
        /** Bytes. */
        public static final int SIZE = 8;
        /** 1 for system memory, 2 for VRAM. */
        public static final int ADDR_SPACE = 16;

        /** Bytes of it all. */
        public static final int BYTES = 24;

        private DisplayInstanceMemory() {}
    }

    /** NV2080_CTRL_CMD_INTERNAL_DISPLAY_CHANNEL_PUSHBUFFER. */
    public static final class DisplayPushBuffer {
        /** 1 for system memory, 2 for VRAM. */
        public static final int ADDRESS_SPACE = 0;
        /** Address. */
        public static final int PHYSICAL_ADDR = 8;
        /** Last byte. */
        public static final int LIMIT = 16;
        /** Class of the channel. */
        public static final int CLASS = 28;
        /** Number among its kind. */
        public static final int CHANNEL_INSTANCE = 32;
        /** 8 bits. */
        public static final int VALID = 36;

        private DisplayPushBuffer() {}
    }

    /** NV0073_CTRL_CMD_SYSTEM_GET_NUM_HEADS. */
    public static final class NumHeads {
        /** Heads. */
        public static final int NUM_HEADS = 8;

        /** Bytes of it all. */
        public static final int BYTES = 12;

        private NumHeads() {}
    }

    /** NV0073_CTRL_CMD_SYSTEM_GET_SUPPORTED. */
    public static final class Supported {
        /** Displays. */
        public static final int DISPLAY_MASK = 4;
        /** Those with DDC. */
        public static final int DISPLAY_MASK_DDC = 8;

        /** Bytes of it all. */
        public static final int BYTES = 12;

        private Supported() {}
    }

    /** NV0073_CTRL_CMD_SYSTEM_GET_CONNECT_STATE. */
    public static final class ConnectState {
        /** Displays asked for, then those with a monitor. */
        public static final int DISPLAY_MASK = 8;

        /** Bytes of it all. */
        public static final int BYTES = 16;

        private ConnectState() {}
    }

    /** NV0073_CTRL_CMD_SYSTEM_GET_ACTIVE. */
    public static final class Active {
        /** Head. */
        public static final int HEAD = 4;
        /** Display. */
        public static final int DISPLAY_ID = 12;

        private Active() {}
    }

    /** NV0073_CTRL_CMD_SPECIFIC_GET_ALL_HEAD_MASK. */
    public static final class HeadMask {
        /** Heads. */
        public static final int HEAD_MASK = 4;

        private HeadMask() {}
    }

    /** NV0073_CTRL_CMD_SPECIFIC_OR_GET_INFO. */
    public static final class OrInfo {
        /** Display. */
        public static final int DISPLAY_ID = 4;
        /** Output resource. */
        public static final int INDEX = 8;
        /** Its type. */
        public static final int TYPE = 12;
        /** Its protocol. */
        public static final int PROTOCOL = 16;

        /** Bytes of it all. */
        public static final int BYTES = 56;

        private OrInfo() {}
    }

    /** NV0073_CTRL_CMD_SPECIFIC_GET_CONNECTOR_DATA. */
    public static final class ConnectorData {
        /** Display. */
        public static final int DISPLAY_ID = 4;
        /** Connectors. */
        public static final int COUNT = 16;
        /** First connector: number. */
        public static final int INDEX = 20;
        /** First connector: type. */
        public static final int TYPE = 24;

        /** Bytes of it all. */
        public static final int BYTES = 72;

        private ConnectorData() {}
    }

    /** NV0073_CTRL_CMD_SPECIFIC_GET_EDID_V2. */
    public static final class Edid {
        /** Display. */
        public static final int DISPLAY_ID = 4;
        /** Bytes. */
        public static final int BUFFER_SIZE = 8;
        /** The EDID. */
        public static final int BUFFER = 16;
        /** Most bytes. */
        public static final int BUFFER_BYTES = 2048;

        /** Bytes of it all. */
        public static final int BYTES = 2064;

        private Edid() {}
    }

    /** NV0073_CTRL_CMD_DFP_GET_INFO. */
    public static final class DfpInfo {
        /** Display. */
        public static final int DISPLAY_ID = 4;
        /** NV0073_CTRL_DFP_FLAGS_*; 0 is single-link TMDS. */
        public static final int FLAGS = 8;

        private DfpInfo() {}
    }

    /** NV0073_CTRL_CMD_DFP_ASSIGN_SOR. */
    public static final class AssignSor {
        /** Display. */
        public static final int DISPLAY_ID = 4;
        /** For each of four SORs its displays. */
        public static final int ASSIGN_LIST = 24;
        /** For each of four SORs its displays and its type. */
        public static final int ASSIGN_LIST_WITH_TAG = 40;
        /** Entries of both lists. */
        public static final int SORS = 4;

        /** Bytes of it all. */
        public static final int BYTES = 80;

        private AssignSor() {}
    }
}
