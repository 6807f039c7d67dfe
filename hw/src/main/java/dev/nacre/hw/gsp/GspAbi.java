package dev.nacre.hw.gsp;

import dev.nacre.hw.gsp.r535_113_01.R535Abi;
import dev.nacre.hw.gsp.r570_144.R570Abi;
import dev.nacre.hw.rm.RmControl;
import dev.nacre.hw.vgpu.VgpuAbi;
import org.jspecify.annotations.Nullable;

/** Everything that differs between firmware versions: one implementation per version, chosen in {@link #of}. */
public sealed interface GspAbi permits R535Abi, R570Abi {
    /** The interface of a version. */
    static GspAbi of(GspVersion version) {
        return switch (version) {
            case R570_144 -> new R570Abi();
            case R535_113_01 -> new R535Abi();
        };
    }

    /** The version. */
    GspVersion version();

    /** The control that a command number means, or null. */
    @Nullable
    RmControl control(int command);

    /** RM's arguments: offset of srInitArguments.bInPMTransition, 8 bits; set when the GSP goes on after a suspend. */
    int inPmTransitionOffset();

    /** RM's arguments: offset of bDmemStack, 8 bits, which a driver sets; -1 where a version has no such field. */
    int dmemStackOffset();

    /** GspStaticConfigInfo. */
    StaticInfoLayout staticInfo();

    /** GspSystemInfo. */
    SystemInfoLayout systemInfo();

    /** How large the firmware's protected heap must be. */
    HeapLayout heap();

    /** How a driver has memory saved for a suspend. */
    FbsrLayout fbsr();

    /** NV0000_ALLOC_PARAMETERS: bytes of a client's parameters. */
    int clientParametersBytes();

    /** NV2080_CTRL_CMD_GPU_QUERY_ECC_STATUS: units that it tells of. */
    int eccUnits();

    /** Number of NV0073_CTRL_CMD_SYSTEM_GET_SUPPORTED. */
    int displayGetSupportedControl();

    /** NV2080_CTRL_CMD_INTERNAL_DISPLAY_CHANNEL_PUSHBUFFER: bytes of its parameters. */
    int displayPushBufferBytes();

    /** RC_TRIGGERED. */
    RcTriggeredLayout rcTriggered();

    /** Bytes of OS_ERROR_LOG. */
    int osErrorLogBytes();

    /** MC_ENGINE_IDX numbers. */
    InterruptIndexes interruptIndexes();

    /** RM_ENGINE_TYPE_SW. */
    int rmEngineTypeSw();

    /** Bytes of a channel's parameters, NV_CHANNEL_ALLOC_PARAMS. */
    int channelAllocBytes();

    /** Context buffers that RM knows for each graphics engine. */
    int contextBuffers();

    /** Entries of an engine's list in NV2080_CTRL_CMD_INTERNAL_STATIC_KGR_GET_INFO. */
    int grInfoEntries();

    /** NV2080_CTRL_CMD_INTERNAL_GPU_GET_CHIP_INFO: offset of pciDeviceId; subsystem, revision and bases follow. */
    int chipInfoPciDeviceId();

    /** NV2080_CTRL_CMD_INTERNAL_MEMSYS_GET_STATIC_CONFIG. */
    MemsysLayout memsys();

    /** What concerns virtual GPUs. */
    VgpuAbi vgpu();

    /** The memory in which the firmware publishes live figures; null where the firmware of a version publishes none. */
    @Nullable
    SharedDataLayout sharedData();

    /**
     * GspStaticConfigInfo. Offsets in bytes; -1 where a version has no such field.
     *
     * @param bytes size of it all
     * @param gidInfo id of the board: {index, flags, length, data}
     * @param gpcInfo mask of GPCs
     * @param tpcInfo for each GPC {number, mask of TPCs}
     * @param fbRegions number of memory regions, 8 bytes before the first
     * @param sriovMaxGfid highest function
     * @param engineCaps bit mask by engine type
     * @param engineCapsWords 32-bit words of it
     * @param fbLength bytes of VRAM
     * @param fbBusWidth bits
     * @param fbRamType NV2080_CTRL_FB_INFO_RAM_TYPE_*
     * @param l2CacheSize bytes
     * @param gpuNameString 64 bytes
     * @param gpuShortNameString 64 bytes
     * @param gpuNameStringUnicode 64 units of 16 bits
     * @param bar1PdeBase page directory of BAR1, followed by that of BAR2
     * @param vbiosValid 8 bits, followed at +4 and +8 by subsystem vendor and device
     * @param internalClient handle, followed by those of device and subdevice
     * @param fwWprLayoutOffset where the firmware's part of memory and, 8 bytes further, FRTS begin: for drivers that
     *     did not lay it out
     */
    record StaticInfoLayout(
            int bytes,
            int gidInfo,
            int gpcInfo,
            int tpcInfo,
            int fbRegions,
            int sriovMaxGfid,
            int engineCaps,
            int engineCapsWords,
            int fbLength,
            int fbBusWidth,
            int fbRamType,
            int l2CacheSize,
            int gpuNameString,
            int gpuShortNameString,
            int gpuNameStringUnicode,
            int bar1PdeBase,
            int vbiosValid,
            int internalClient,
            int fwWprLayoutOffset) {}

    /**
     * GspSystemInfo. Offsets in bytes; -1 where a version has no such field. Addresses are of 64 bits.
     *
     * @param bytes size of it all
     * @param gpuPhysAddr address of BAR0, followed by those of BAR1 and BAR2
     * @param nvDomainBusDeviceFunc where the function is, 64 bits
     * @param maxUserVa end of the driver's virtual addresses, 64 bits
     * @param pciConfigMirrorBase address in BAR0 of the mirror of config space, followed by its size
     * @param pciDeviceId device and vendor, followed by those of the subsystem and the revision
     * @param vfInfo GSP_VF_INFO, see {@link VfInfo}
     * @param hostPageSize 64 bits
     */
    record SystemInfoLayout(
            int bytes,
            int gpuPhysAddr,
            int nvDomainBusDeviceFunc,
            int maxUserVa,
            int pciConfigMirrorBase,
            int pciDeviceId,
            int vfInfo,
            int hostPageSize) {}

    /**
     * The firmware's protected heap, in bytes.
     *
     * @param osBytes for its operating system
     * @param minBytes least size
     * @param maxBytes greatest size
     */
    record HeapLayout(long osBytes, long minBytes, long maxBytes) {}

    /**
     * Parameters of FBSR_INIT and FBSR_SEND_REGION_INFO. Offsets in bytes; -1 where a version has no such field.
     *
     * @param initBytes size of those of FBSR_INIT
     * @param initType FBSR_TYPE_*
     * @param initRegions how many regions will follow
     * @param initClient whose the memory is
     * @param initSysMem the memory that takes everything
     * @param initFbAllocsSysOffset where in it the firmware's own part begins, 64 bits
     * @param initSrMeta bus address of GspFwSRMeta, 64 bits
     * @param regionControl number of FBSR_SEND_REGION_INFO: {type, client, memory, 64 bits each: offset in it, offset
     *     in the memory that takes it, bytes}; 0 where a version has none, and drivers save what is theirs
     * @param schedulingControl number of FIFO_TOGGLE_ACTIVE_CHANNEL_SCHEDULING: {8 bits: off}; 0 where a version has
     *     none
     */
    record FbsrLayout(
            int initBytes,
            int initType,
            int initRegions,
            int initClient,
            int initSysMem,
            int initFbAllocsSysOffset,
            int initSrMeta,
            int regionControl,
            int schedulingControl) {
        /** FBSR_TYPE_DMA. */
        public static final int TYPE_DMA = 4;

        /** FBSR_SEND_REGION_INFO: type. */
        public static final int REGION_TYPE = 0;
        /** FBSR_SEND_REGION_INFO: client. */
        public static final int REGION_CLIENT = 4;
        /** FBSR_SEND_REGION_INFO: memory to be saved. */
        public static final int REGION_VID_MEM = 8;
        /** FBSR_SEND_REGION_INFO: offset in it. */
        public static final int REGION_VID_OFFSET = 16;
        /** FBSR_SEND_REGION_INFO: offset in the memory that takes it. */
        public static final int REGION_SYS_OFFSET = 24;
        /** FBSR_SEND_REGION_INFO: bytes. */
        public static final int REGION_SIZE = 32;
        /** FBSR_SEND_REGION_INFO: size of it all. */
        public static final int REGION_BYTES = 40;
    }

    /** GSP_VF_INFO: the virtual functions of a board, as its SR-IOV capability tells. Offsets in bytes. */
    final class VfInfo {
        /** How many there can be. */
        public static final int TOTAL_VFS = 0x00;
        /** Distance to the first, in function numbers. */
        public static final int FIRST_VF_OFFSET = 0x04;
        /** Address of BAR0 of the first, 64 bits; those of BAR1 and BAR2 follow. */
        public static final int FIRST_VF_BAR0_ADDRESS = 0x08;
        /** Whether BAR0 has 64 bits, 8 bits; the flags of BAR1 and BAR2 follow. */
        public static final int B64BIT_BAR0 = 0x20;
        /** Size of it all. */
        public static final int BYTES = 0x28;

        private VfInfo() {}
    }

    /**
     * RC_TRIGGERED. Offsets in bytes; -1 where a version has no such field.
     *
     * @param bytes size of it all
     * @param exceptType ROBUST_CHANNEL_*
     * @param faultAddressLow low half of the virtual address
     * @param faultAddressHigh its high half
     * @param faultType NV_PFAULT_FAULT_TYPE
     */
    record RcTriggeredLayout(int bytes, int exceptType, int faultAddressLow, int faultAddressHigh, int faultType) {}

    /**
     * MC_ENGINE_IDX numbers that differ between versions; TMR is 1, DISP 2, CE0 15 in all.
     *
     * @param gsp GSP
     * @param gr0 first graphics engine
     * @param replayableFault first of six: replayable fault, access counter, non-replayable fault, the errors of both
     *     faults, info fault
     * @param cpuDoorbell first of two: CPU doorbell, privileged doorbell
     * @param displayLowLatency the display's second vector; -1 where a version has none
     */
    record InterruptIndexes(int gsp, int gr0, int replayableFault, int cpuDoorbell, int displayLowLatency) {}

    /**
     * NV2080_CTRL_CMD_INTERNAL_MEMSYS_GET_STATIC_CONFIG. Offsets in bytes.
     *
     * @param l2CacheSize bytes
     * @param ltcCount caches
     * @param ltsPerLtcCount slices
     */
    record MemsysLayout(int l2CacheSize, int ltcCount, int ltsPerLtcCount) {}
}
