package dev.nacre.hw.gsp;

import dev.nacre.hw.gsp.r535_113_01.R535Abi;
import dev.nacre.hw.gsp.r570_144.R570Abi;
import dev.nacre.hw.rm.RmControl;
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

    /** GspStaticConfigInfo. */
    StaticInfoLayout staticInfo();

    /** RC_TRIGGERED. */
    RcTriggeredLayout rcTriggered();

    /** Bytes of OS_ERROR_LOG. */
    int osErrorLogBytes();

    /** MC_ENGINE_IDX numbers. */
    InterruptIndexes interruptIndexes();

    /** RM_ENGINE_TYPE_SW. */
    int rmEngineTypeSw();

    /** Context buffers that RM knows for each graphics engine. */
    int contextBuffers();

    /** Entries of an engine's list in NV2080_CTRL_CMD_INTERNAL_STATIC_KGR_GET_INFO. */
    int grInfoEntries();

    /** NV2080_CTRL_CMD_INTERNAL_GPU_GET_CHIP_INFO: offset of pciDeviceId; subsystem, revision and bases follow. */
    int chipInfoPciDeviceId();

    /** NV2080_CTRL_CMD_INTERNAL_MEMSYS_GET_STATIC_CONFIG. */
    MemsysLayout memsys();

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
            int internalClient) {}

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
     */
    record InterruptIndexes(int gsp, int gr0, int replayableFault, int cpuDoorbell) {}

    /**
     * NV2080_CTRL_CMD_INTERNAL_MEMSYS_GET_STATIC_CONFIG. Offsets in bytes.
     *
     * @param l2CacheSize bytes
     * @param ltcCount caches
     * @param ltsPerLtcCount slices
     */
    record MemsysLayout(int l2CacheSize, int ltcCount, int ltsPerLtcCount) {}
}
