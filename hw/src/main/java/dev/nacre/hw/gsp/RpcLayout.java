package dev.nacre.hw.gsp;

/** Payloads of the records whose layout is the same in every firmware version modelled. Offsets are bytes. */
// HW: open-gpu-kernel-modules, src/nvidia/generated/g_rpc-structures.h, g_sdk-structures.h
public final class RpcLayout {
    private RpcLayout() {}

    /** GSP_RM_ALLOC. */
    public static final class Alloc {
        /** Client. */
        public static final int CLIENT = 0x00;
        /** Parent. */
        public static final int PARENT = 0x04;
        /** The new object. */
        public static final int OBJECT = 0x08;
        /** Class number. */
        public static final int CLASS = 0x0c;
        /** Status. */
        public static final int STATUS = 0x10;
        /** Bytes of parameters. */
        public static final int PARAMS_SIZE = 0x14;
        /** Parameters; some drivers do not count them in the length of the RPC. */
        public static final int PARAMS = 0x20;

        private Alloc() {}
    }

    /** GSP_RM_CONTROL. */
    public static final class Control {
        /** Client. */
        public static final int CLIENT = 0x00;
        /** Object. */
        public static final int OBJECT = 0x04;
        /** Command. */
        public static final int COMMAND = 0x08;
        /** Status. */
        public static final int STATUS = 0x0c;
        /** Bytes of parameters. */
        public static final int PARAMS_SIZE = 0x10;
        /** Parameters. */
        public static final int PARAMS = 0x18;

        private Control() {}
    }

    /** FREE. */
    public static final class Free {
        /** Client. */
        public static final int CLIENT = 0x00;
        /** The object. */
        public static final int OBJECT = 0x08;
        /** Status. */
        public static final int STATUS = 0x0c;
        /** Size of it all. */
        public static final int BYTES = 0x10;

        private Free() {}
    }

    /** DUP_OBJECT. */
    public static final class DupObject {
        /** Client. */
        public static final int CLIENT = 0x00;
        /** Parent. */
        public static final int PARENT = 0x04;
        /** The new object. */
        public static final int OBJECT = 0x08;
        /** Client of the source. */
        public static final int SOURCE_CLIENT = 0x0c;
        /** The source. */
        public static final int SOURCE_OBJECT = 0x10;
        /** Status. */
        public static final int STATUS = 0x18;

        private DupObject() {}
    }

    /** ALLOC_MEMORY. */
    public static final class AllocMemory {
        /** Client. */
        public static final int CLIENT = 0x00;
        /** Device. */
        public static final int DEVICE = 0x04;
        /** The new object. */
        public static final int OBJECT = 0x08;
        /** Class number. */
        public static final int CLASS = 0x0c;
        /** NVOS02_FLAGS_*. */
        public static final int FLAGS = 0x10;
        /** NV_MMU_PTE_KIND of video memory. */
        public static final int FORMAT = 0x18;
        /** Bytes, 64 bits. */
        public static final int LENGTH = 0x20;
        /** Number of pages. */
        public static final int PAGE_COUNT = 0x28;
        /** Number of pages in the list: bits 31:16 of this word. */
        public static final int PTE_DESC = 0x30;
        /** Page numbers, 64 bits each. */
        public static final int PAGES = 0x38;
        /** {@link #FLAGS} of system memory in pages: not contiguous, PCI, not mapped. */
        // HW: NVOS02_FLAGS_PHYSICALITY_NONCONTIGUOUS 7:4 = 1, LOCATION_PCI 11:8 = 0, MAPPING_NO_MAP 31:30 = 1
        public static final int FLAGS_SYSTEM = 0x4000_0010;
        /** {@link #FLAGS} of video memory: contiguous, not mapped. */
        // HW: NVOS02_FLAGS_PHYSICALITY_CONTIGUOUS 0, LOCATION_VIDMEM 11:8 = 2, MAPPING_NO_MAP 31:30 = 1
        public static final int FLAGS_VIDEO = 0x4000_0200;

        private AllocMemory() {}
    }

    /** SET_PAGE_DIRECTORY; its parameters are those of NV0080_CTRL_CMD_DMA_SET_PAGE_DIRECTORY. */
    public static final class SetPageDirectory {
        /** Client. */
        public static final int CLIENT = 0x00;
        /** Device. */
        public static final int DEVICE = 0x04;
        /** Parameters. */
        public static final int PARAMS = 0x10;

        private SetPageDirectory() {}
    }

    /** UNSET_PAGE_DIRECTORY; its parameters are those of NV0080_CTRL_CMD_DMA_UNSET_PAGE_DIRECTORY. */
    public static final class UnsetPageDirectory {
        /** Client. */
        public static final int CLIENT = 0x00;
        /** Device. */
        public static final int DEVICE = 0x04;
        /** Parameters. */
        public static final int PARAMS = 0x08;

        private UnsetPageDirectory() {}
    }

    /** UPDATE_BAR_PDE. */
    public static final class UpdateBarPde {
        /** 0 for BAR1, 1 for BAR2. */
        public static final int BAR_TYPE = 0x00;
        /** The page directory entry. */
        public static final int ENTRY_VALUE = 0x08;
        /** Lowest bit of a virtual address that selects the entry. */
        public static final int ENTRY_LEVEL_SHIFT = 0x10;
        /** Bytes. */
        public static final int BYTES = 0x18;

        private UpdateBarPde() {}
    }

    /** UNLOADING_GUEST_DRIVER. */
    public static final class Unloading {
        /** Whether this is a suspend: bInPMTransition, 8 bits. */
        public static final int IN_PM_TRANSITION = 0x00;
        /** NV2080_CTRL_GPU_SET_POWER_STATE_GPU_POWER_LEVEL_*. */
        public static final int NEW_LEVEL = 0x04;
        /** Size of it all. */
        public static final int BYTES = 0x08;

        private Unloading() {}
    }

    /** SET_REGISTRY: PACKED_REGISTRY_TABLE. */
    public static final class Registry {
        /** Bytes of it all. */
        public static final int SIZE = 0x00;
        /** Number of entries. */
        public static final int NUM_ENTRIES = 0x04;
        /** Entries; the names follow them. */
        public static final int ENTRIES = 0x08;
        /** Bytes of an entry. */
        public static final int ENTRY_BYTES = 0x10;
        /** Entry: offset of the name, NUL-terminated. */
        public static final int NAME_OFFSET = 0x00;
        /** Entry: {@link #TYPE_DWORD}, 8 bits. */
        public static final int TYPE = 0x04;
        /** Entry: value. */
        public static final int DATA = 0x08;
        /** Entry: bytes of the value. */
        public static final int LENGTH = 0x0c;
        /** REGISTRY_TABLE_ENTRY_TYPE_DWORD. */
        public static final int TYPE_DWORD = 1;

        private Registry() {}
    }

    /** GSP_RUN_CPU_SEQUENCER. */
    public static final class RunCpuSequencer {
        /** 32-bit words of commands that there is room for. */
        public static final int BUFFER_SIZE_WORDS = 0x00;
        /** 32-bit words of commands. */
        public static final int CMD_INDEX = 0x04;
        /** Words in which commands may keep values. */
        public static final int SAVE_AREA_WORDS = 8;
        /** Bytes without commands. */
        public static final int BYTES = 0x28;

        private RunCpuSequencer() {}
    }

    /** POST_EVENT. */
    public static final class PostEvent {
        /** Client. */
        public static final int CLIENT = 0x00;
        /** Event object. */
        public static final int EVENT = 0x04;
        /** NV2080_NOTIFIERS_*. */
        public static final int NOTIFY_INDEX = 0x08;
        /** First word of the data. */
        public static final int DATA = 0x0c;
        /** Bytes of data. */
        public static final int EVENT_DATA_SIZE = 0x18;
        /** Data: begins inside the padding of the structure. */
        public static final int EVENT_DATA = 0x1d;
        /** Bytes that the length counts before the data, though the data begin earlier. */
        public static final int BYTES = 0x20;

        private PostEvent() {}
    }

    /** OS_ERROR_LOG. */
    public static final class OsErrorLog {
        /** Number of the error: an Xid. */
        public static final int EXCEPT_TYPE = 0x00;
        /** Runlist. */
        public static final int RUNLIST_ID = 0x04;
        /** Channel. */
        public static final int CHANNEL_ID = 0x08;
        /** Text, NUL-terminated. */
        public static final int TEXT = 0x0c;
        /** Bytes of text. */
        public static final int TEXT_BYTES = 0x100;

        private OsErrorLog() {}
    }

    /** RC_TRIGGERED: the fields that every version has at the same place. */
    public static final class RcTriggered {
        /** NV2080_ENGINE_TYPE. */
        public static final int ENGINE_TYPE = 0x00;
        /** Channel. */
        public static final int CHANNEL_ID = 0x04;

        private RcTriggered() {}
    }

    /** VGPU_GSP_PLUGIN_TRIGGERED. */
    public static final class PluginTriggered {
        /** The function whose plugin it is. */
        public static final int GFID = 0x00;
        /** What it says. */
        public static final int NOTIFY_INDEX = 0x04;
        /** Size of it all. */
        public static final int BYTES = 0x08;

        // HW: the indexes are not published; ours
        /** NOTIFY_INDEX: a driver runs the virtual GPU. */
        public static final int NOTIFY_DRIVER_LOADED = 1;
        /** NOTIFY_INDEX: no driver runs it any more. */
        public static final int NOTIFY_DRIVER_UNLOADED = 2;
        /** NOTIFY_INDEX: the plugin has ended as it was told to. */
        public static final int NOTIFY_SHUT_DOWN = 3;
        /** NOTIFY_INDEX: the plugin has died; its log says why. */
        public static final int NOTIFY_FAILED = 4;

        private PluginTriggered() {}
    }

    /**
     * GPUACCT_PERFMON_UTIL_SAMPLES: how busy the engines were, once a second while there are virtual GPUs. A sample is
     * its time and, for each of four kinds of engines, {@link #UTIL}, {@link #PROC_ID}, {@link #SUB_PROCESS_ID}.
     */
    // HW: open-gpu-kernel-modules, g_sdk-structures.h,
    // NV2080_CTRL_PERF_GET_GPUMON_PERFMON_UTIL_SAMPLES_V2_PARAMS_v1F_0E
    public static final class PerfmonSamples {
        /** {@link #TYPE_PERFMON_UTIL}, 8 bits. */
        public static final int TYPE = 0x00;
        /** Bytes of the samples. */
        public static final int BUF_SIZE = 0x04;
        /** Samples that are filled. */
        public static final int COUNT = 0x08;
        /** Where the ring of samples stands. */
        public static final int TRACKER = 0x0c;
        /** Samples. */
        public static final int SAMPLES = 0x10;
        /** Bytes of a sample. */
        public static final int SAMPLE_BYTES = 0x38;
        /** Most samples. */
        public static final int MAX_SAMPLES = 72;
        /** Size of it all. */
        public static final int BYTES = SAMPLES + MAX_SAMPLES * SAMPLE_BYTES;
        /** Sample: microseconds, 64 bits. */
        public static final int TIME_STAMP = 0x00;
        /** Sample: the memory's bandwidth. On this board only copy engines use it, so it is their time. */
        public static final int FB = 0x08;
        /** Sample: the graphics engine. */
        public static final int GR = 0x14;
        /** Sample: the encoders. */
        public static final int NVENC = 0x20;
        /** Sample: the decoders. */
        public static final int NVDEC = 0x2c;
        /** Engine: share of the time, in hundredths of a percent. */
        public static final int UTIL = 0x0;
        /** Engine: the process that the guest runs in. */
        public static final int PROC_ID = 0x4;
        /** Engine: who in it. */
        // HW: for a virtual GPU not published; ours: the function's number, which tells virtual GPUs of one process
        // apart
        public static final int SUB_PROCESS_ID = 0x8;
        /** NV2080_CTRL_GPUMON_SAMPLE_TYPE_PERFMON_UTIL. */
        public static final int TYPE_PERFMON_UTIL = 2;

        private PerfmonSamples() {}
    }
}
