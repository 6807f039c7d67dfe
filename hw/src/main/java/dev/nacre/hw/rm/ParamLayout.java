package dev.nacre.hw.rm;

/**
 * Parameters of controls and allocations that this board reads or fills, as far as they are the same in every firmware
 * version modelled. Offsets are bytes; fields have 32 bits, addresses and sizes 64, unless said otherwise.
 */
// HW: computed from the headers of open-gpu-kernel-modules, src/common/sdk/nvidia/inc/ctrl/ and alloc/, tags 570.144
// and 535.113.01.
public final class ParamLayout {
    private ParamLayout() {}

    /** Parameters of a client. */
    public static final class ClientAlloc {
        /** Its handle. */
        public static final int CLIENT = 0;
        /** The process that it is for. */
        public static final int PROCESS_ID = 4;

        private ClientAlloc() {}
    }

    /** Parameters of a device. */
    public static final class DeviceAlloc {
        /** Its client. */
        public static final int CLIENT_SHARE = 4;
        /** Size of it all. */
        public static final int BYTES = 56;

        private DeviceAlloc() {}
    }

    /** Parameters of a subdevice. */
    public static final class SubdeviceAlloc {
        /** Size of it all. */
        public static final int BYTES = 4;

        private SubdeviceAlloc() {}
    }

    /** Parameters of an event object. */
    public static final class Nv0005Alloc {
        /** Client that it is for. */
        public static final int CLIENT = 0;
        /** Class of the event. */
        public static final int CLASS = 8;
        /** What it is about; the upper bits are flags. */
        public static final int NOTIFY_INDEX = 12;
        /** NV2080_NOTIFIERS_HOTPLUG: monitors were plugged in or out. */
        public static final int HOTPLUG = 1;

        /** Bytes of it all. */
        public static final int BYTES = 24;

        private Nv0005Alloc() {}
    }

    /** Parameters of a channel. */
    public static final class ChannelAlloc {
        /** Virtual address of the ring. */
        public static final int GP_FIFO_OFFSET = 8;
        /** Entries of the ring. */
        public static final int GP_FIFO_ENTRIES = 16;
        /** NVOS04_FLAGS_*. */
        public static final int FLAGS = 20;
        /** Context share. */
        public static final int CONTEXT_SHARE = 24;
        /** Address space. */
        public static final int VA_SPACE = 28;
        /** USERD memory: a handle, or what some drivers pass for an address. */
        public static final int USERD_MEMORY = 32;
        /** Offset in it. */
        public static final int USERD_OFFSET = 64;
        /** NV2080_ENGINE_TYPE. */
        public static final int ENGINE_TYPE = 128;
        /** Instance block: a memory description. */
        public static final int INSTANCE_MEM = 144;
        /** USERD: a memory description. */
        public static final int USERD_MEM = 168;
        /** RAMFC, a part of the instance block: a memory description. */
        public static final int RAMFC_MEM = 192;
        /** Where a faulted engine keeps its methods: a memory description. */
        public static final int METHOD_BUFFER_MEM = 216;
        /** NV_KERNELCHANNEL_ALLOC_INTERNALFLAGS_*. */
        public static final int INTERNAL_FLAGS = 244;
        /** FLAGS: may do what only the kernel may. */
        public static final int FLAG_PRIVILEGED = 1 << 5;
        /** FLAGS: copies may not use physical addresses. */
        public static final int FLAG_DENY_PHYSICAL_MODE_CE = 1 << 7;
        /** FLAGS: lowest bit of the USERD's place in its page, which gives the channel id's low 3 bits. */
        public static final int FLAG_USERD_INDEX_VALUE_SHIFT = 8;
        /** FLAGS: lowest bit of the USERD's page, which gives the other bits of the channel id. */
        public static final int FLAG_USERD_INDEX_PAGE_VALUE_SHIFT = 12;
        /** FLAGS: the driver chooses the channel id. */
        public static final int FLAG_USERD_INDEX_PAGE_FIXED = 1 << 21;
        /** USERDs of a page. */
        public static final int USERDS_PER_PAGE = 8;
        /** INTERNAL_FLAGS: a channel of the kernel's. */
        public static final int INTERNAL_PRIVILEGE_ADMIN = 1;
        /** INTERNAL_FLAGS: there is no error notifier. */
        public static final int INTERNAL_ERROR_NOTIFIER_NONE = 1 << 2;
        /** INTERNAL_FLAGS: there is no notifier for ECC errors. */
        public static final int INTERNAL_ECC_ERROR_NOTIFIER_NONE = 1 << 4;

        private ChannelAlloc() {}
    }

    /** NV_MEMORY_DESC_PARAMS, a memory description. */
    public static final class MemoryDesc {
        /** Address. */
        public static final int BASE = 0;
        /** Bytes. */
        public static final int SIZE = 8;
        /** 1 for system memory, 2 for VRAM. */
        public static final int ADDRESS_SPACE = 16;
        /** 0 uncached, 1 cached. */
        public static final int CACHE_ATTRIBUTE = 20;

        private MemoryDesc() {}
    }

    /** Parameters of a channel group. */
    public static final class ChannelGroupAlloc {
        /** Address space. */
        public static final int VA_SPACE = 8;
        /** NV2080_ENGINE_TYPE. */
        public static final int ENGINE_TYPE = 12;
        /** Bytes of it all. */
        public static final int BYTES = 20;

        private ChannelGroupAlloc() {}
    }

    /** NV_VASPACE_ALLOCATION_PARAMETERS: parameters of an address space. */
    public static final class VaSpaceAlloc {
        /** NV_VASPACE_ALLOCATION_FLAGS_*. */
        public static final int FLAGS = 4;
        /** Bytes of it all. */
        public static final int BYTES = 48;
        /** FLAGS: the driver writes the page tables. */
        public static final int FLAG_IS_EXTERNALLY_OWNED = 1 << 3;

        private VaSpaceAlloc() {}
    }

    /** NVC0B5_ALLOCATION_PARAMETERS: parameters of a copy engine's object. */
    public static final class CopyAlloc {
        /** Of these parameters: 1. */
        public static final int VERSION = 0;
        /** NV2080_ENGINE_TYPE. */
        public static final int ENGINE_TYPE = 4;
        /** Bytes of it all. */
        public static final int BYTES = 8;
        /** The only version in which the engine's type can be told. */
        public static final int VERSION_1 = 1;

        private CopyAlloc() {}
    }

    /** Parameters of a context share. */
    public static final class ContextShareAlloc {
        /** Address space. */
        public static final int VA_SPACE = 0;

        private ContextShareAlloc() {}
    }

    /** NV0080_CTRL_CMD_DMA_SET_PAGE_DIRECTORY. */
    public static final class SetPageDirectory {
        /** Address. */
        public static final int PHYS_ADDRESS = 0;
        /** Entries of the root. */
        public static final int NUM_ENTRIES = 8;
        /** Bits 1:0: aperture, 0 for VRAM. */
        public static final int FLAGS = 12;
        /** Address space, 0 for the default one of the device. */
        public static final int VA_SPACE = 16;
        /** Size of it all. */
        public static final int BYTES = 32;

        private SetPageDirectory() {}
    }

    /** NV0080_CTRL_CMD_DMA_UNSET_PAGE_DIRECTORY. */
    public static final class UnsetPageDirectory {
        /** Address space. */
        public static final int VA_SPACE = 0;

        private UnsetPageDirectory() {}
    }

    /** NV90F1_CTRL_CMD_VASPACE_COPY_SERVER_RESERVED_PDES. */
    public static final class CopyReservedPdes {
        /** Number of levels. */
        public static final int NUM_LEVELS = 32;
        /** Address of the root. */
        public static final int LEVEL0_PHYS_ADDRESS = 40;
        /** Its aperture, 1 for VRAM. */
        public static final int LEVEL0_APERTURE = 56;

        private CopyReservedPdes() {}
    }

    /** NV2080_CTRL_CMD_EVENT_SET_NOTIFICATION. */
    public static final class EventSetNotification {
        /** NV2080_NOTIFIERS_*. */
        public static final int EVENT = 0;
        /** 0 off, 1 once, 2 always. */
        public static final int ACTION = 4;

        /** NV2080_CTRL_EVENT_SET_NOTIFICATION_ACTION_REPEAT. */
        public static final int REPEAT = 2;
        /** Bytes of it all. */
        public static final int BYTES = 20;

        private EventSetNotification() {}
    }

    /** NVA06F_CTRL_CMD_BIND. */
    public static final class Bind {
        /** NV2080_ENGINE_TYPE. */
        public static final int ENGINE_TYPE = 0;
        /** Bytes of it all. */
        public static final int BYTES = 4;

        private Bind() {}
    }

    /** NVA06F_CTRL_CMD_GPFIFO_SCHEDULE and that of groups. */
    public static final class Schedule {
        /** 8 bits. */
        public static final int ENABLE = 0;
        /** Bytes of a channel's. */
        public static final int BYTES = 2;

        private Schedule() {}
    }

    /** NV2080_CTRL_CMD_CE_GET_FAULT_METHOD_BUFFER_SIZE. */
    public static final class MethodBufferSize {
        /** Bytes of a buffer. */
        public static final int SIZE = 0;
        /** Bytes of it all. */
        public static final int BYTES = 4;

        private MethodBufferSize() {}
    }

    /** NV2080_CTRL_CMD_FIFO_GET_DEVICE_INFO_TABLE. */
    public static final class DeviceInfoTable {
        /** First entry wanted. */
        public static final int BASE_INDEX = 0;
        /** Entries returned. */
        public static final int NUM_ENTRIES = 4;
        /** Whether there are more, 8 bits. */
        public static final int MORE = 8;
        /** Entries. */
        public static final int ENTRIES = 12;
        /** Bytes of an entry. */
        public static final int ENTRY_BYTES = 100;
        /** Most entries of a reply. */
        public static final int MAX_ENTRIES = 32;
        /** Entry: ENG_DESC. */
        public static final int ENG_DESC = 0;
        /** Entry: FIFO tag. */
        public static final int FIFO_TAG = 4;
        /** Entry: RM_ENGINE_TYPE. */
        public static final int RM_ENGINE_TYPE = 8;
        /** Entry: runlist id. */
        public static final int RUNLIST = 12;
        /** Entry: MMU fault id. */
        public static final int MMU_FAULT_ID = 16;
        /** Entry: reset bit. */
        public static final int RESET = 24;
        /** Entry: interrupt bit. */
        public static final int INTR = 28;
        /** Entry: MC_ENGINE_IDX. */
        public static final int MC = 32;
        /** Entry: device type. */
        public static final int DEV_TYPE_ENUM = 36;
        /** Entry: number among its kind. */
        public static final int INSTANCE_ID = 40;
        /** Entry: address of the runlist in BAR0. */
        public static final int RUNLIST_PRI_BASE = 44;
        /** Entry: whether the host schedules it. */
        public static final int IS_HOST_DRIVEN = 48;
        /** Entry: engine on its runlist. */
        public static final int RUNLIST_ENGINE_ID = 52;
        /** Entry: address of channel RAM in BAR0. */
        public static final int CHRAM_PRI_BASE = 56;
        /** Entry: two PBDMAs. */
        public static final int PBDMA_IDS = 64;
        /** Entry: their MMU fault ids. */
        public static final int PBDMA_FAULT_IDS = 72;
        /** Entry: number of PBDMAs. */
        public static final int NUM_PBDMAS = 80;
        /** Entry: 16 bytes of text. */
        public static final int ENGINE_NAME = 84;
        /** Size of it all. */
        public static final int BYTES = ENTRIES + MAX_ENTRIES * ENTRY_BYTES;

        private DeviceInfoTable() {}
    }

    /** NV2080_CTRL_CMD_INTERNAL_INTR_GET_KERNEL_TABLE. */
    public static final class KernelInterruptTable {
        /** Rows. */
        public static final int TABLE_LEN = 0;
        /** Rows. */
        public static final int TABLE = 4;
        /** Bytes of a row. */
        public static final int ROW_BYTES = 16;
        /** Most rows. */
        public static final int MAX_ROWS = 128;
        /** Row: MC_ENGINE_IDX, 16 bits. */
        public static final int ENGINE_IDX = 0;
        /** Row: mask. */
        public static final int PMC_INTR_MASK = 4;
        /** Row: stalling vector or all ones. */
        public static final int VECTOR_STALL = 8;
        /** Row: non-stalling vector or all ones. */
        public static final int VECTOR_NON_STALL = 12;
        /** First and last subtree of seven categories, 8 bits each. */
        public static final int SUBTREE_MAP = 2052;
        /** Size of it all. */
        public static final int BYTES = 2068;

        private KernelInterruptTable() {}
    }

    /** NV2080_CTRL_CMD_INTERNAL_GPU_GET_CHIP_INFO, from pciDeviceId on. */
    public static final class ChipInfo {
        /** Device and vendor. */
        public static final int PCI_DEVICE_ID = 0;
        /** Subsystem device and vendor. */
        public static final int PCI_SUB_DEVICE_ID = 4;
        /** Revision. */
        public static final int PCI_REVISION_ID = 8;
        /** BAR0 addresses of units. */
        public static final int REG_BASES = 12;
        /** Index of graphics. */
        public static final int REG_BASE_GR = 1;
        /** Index of the timer. */
        public static final int REG_BASE_TIMER = 2;
        /** Index of the doorbell page. */
        public static final int REG_BASE_USERMODE = 4;

        private ChipInfo() {}
    }

    /** NV2080_CTRL_CMD_BUS_GET_PCI_BAR_INFO. */
    public static final class BarInfo {
        /** BARs. */
        public static final int COUNT = 4;
        /** BARs. */
        public static final int BARS = 8;
        /** Bytes of an entry. */
        public static final int BAR_BYTES = 24;
        /** Entry: MiB. */
        public static final int SIZE_MIB = 4;
        /** Entry: bytes. */
        public static final int SIZE_BYTES = 8;
        /** Entry: address. */
        public static final int OFFSET = 16;

        private BarInfo() {}
    }

    /** NV2080_CTRL_CMD_GPU_GET_FERMI_GPC_INFO. */
    public static final class GpcInfo {
        /** Size. */
        public static final int BYTES = 4;
        /** GPCs. */
        public static final int GPC_MASK = 0;

        private GpcInfo() {}
    }

    /** NV2080_CTRL_CMD_GPU_GET_FERMI_TPC_INFO. */
    public static final class TpcInfo {
        /** Size. */
        public static final int BYTES = 8;
        /** GPC. */
        public static final int GPC_ID = 0;
        /** Its TPCs. */
        public static final int TPC_MASK = 4;

        private TpcInfo() {}
    }

    /** NV2080_CTRL_CMD_INTERNAL_STATIC_KGR_GET_FLOORSWEEPING_MASKS: the first of eight engines. */
    public static final class FloorsweepingMasks {
        /** GPCs. */
        public static final int GPC_MASK = 0;
        /** TPCs of each of twelve GPCs. */
        public static final int TPC_MASK = 4;
        /** Number of TPCs of each of twelve GPCs. */
        public static final int TPC_COUNT = 52;
        /** GPCs before renumbering. */
        public static final int PHYS_GPC_MASK = 100;
        /** MMUs of each of twelve GPCs. */
        public static final int MMU_PER_GPC = 104;
        /** Entries of the arrays. */
        public static final int GPCS = 12;

        private FloorsweepingMasks() {}
    }

    /** NV2080_CTRL_CMD_INTERNAL_FIFO_GET_NUM_CHANNELS. */
    public static final class NumChannels {
        /** Runlist. */
        public static final int RUNLIST = 0;
        /** Channels. */
        public static final int NUM_CHANNELS = 4;
        /** Size of it all. */
        public static final int BYTES = 8;

        private NumChannels() {}
    }

    /** NV2080_CTRL_CMD_GPU_GET_VMMU_SEGMENT_SIZE. */
    public static final class VmmuSegmentSize {
        /** Bytes, 64 bits; 0 if there is no such unit. */
        public static final int VMMU_SEGMENT_SIZE = 0;
        /** Size of it all. */
        public static final int BYTES = 8;

        private VmmuSegmentSize() {}
    }

    /** NV2080_CTRL_CMD_GPU_QUERY_ECC_STATUS: units follow each other. */
    public static final class EccStatus {
        /** Unit: whether it corrects errors, 8 bits. */
        public static final int ENABLED = 0;
        /** Unit: whether its memory has been initialised, 8 bits. */
        public static final int SCRUB_COMPLETE = 1;
        /** Unit: whether it could correct errors, 8 bits. */
        public static final int SUPPORTED = 2;
        /** Bytes of a unit. */
        public static final int UNIT_BYTES = 40;
        /** Bytes behind the last unit. */
        public static final int TAIL_BYTES = 24;

        private EccStatus() {}
    }

    /** NV2080_CTRL_CMD_GPU_GET_NAME_STRING. */
    public static final class NameString {
        /** 1 for UTF-16. */
        public static final int FLAGS = 0;
        /** Name. */
        public static final int STRING = 4;
        /** Most bytes. */
        public static final int STRING_BYTES = 128;

        private NameString() {}
    }

    /** NV2080_CTRL_CMD_GPU_GET_INFO_V2. */
    public static final class GpuInfo {
        /** Entries. */
        public static final int COUNT = 0;
        /** {index, value}. */
        public static final int LIST = 4;
        /** Bytes of an entry. */
        public static final int ENTRY_BYTES = 8;
        /** Most entries. */
        public static final int MAX_ENTRIES = 64;

        private GpuInfo() {}
    }
}
