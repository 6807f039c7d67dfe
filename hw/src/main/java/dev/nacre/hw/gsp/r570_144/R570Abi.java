package dev.nacre.hw.gsp.r570_144;

import dev.nacre.hw.gsp.GspAbi;
import dev.nacre.hw.gsp.GspVersion;
import dev.nacre.hw.gsp.SharedDataLayout;
import dev.nacre.hw.rm.RmControl;
import dev.nacre.hw.vgpu.VgpuAbi;
import org.jspecify.annotations.Nullable;

/** Release 570.144. */
// HW: offsets and sizes computed from the headers of open-gpu-kernel-modules, tag 570.144.
public record R570Abi() implements GspAbi {
    private static final StaticInfoLayout STATIC_INFO = new StaticInfoLayout(
            /* bytes= */ 1656,
            /* gidInfo= */ 24,
            /* gpcInfo= */ -1,
            /* tpcInfo= */ -1,
            /* fbRegions= */ 344,
            /* sriovMaxGfid= */ 1200,
            /* engineCaps= */ 1204,
            /* engineCapsWords= */ 3,
            /* fbLength= */ 1224,
            /* fbBusWidth= */ 1240,
            /* fbRamType= */ 1244,
            /* l2CacheSize= */ 1256,
            /* gpuNameString= */ 1260,
            /* gpuShortNameString= */ 1324,
            /* gpuNameStringUnicode= */ 1388,
            /* bar1PdeBase= */ 1536,
            /* vbiosValid= */ 1552,
            /* internalClient= */ 1600,
            /* fwWprLayoutOffset= */ 1640);

    private static final SharedDataLayout SHARED_DATA = new SharedDataLayout(
            /* bytes= */ 464,
            /* clkPublicDomainInfos= */ 72,
            /* clkThrottleReason= */ 96,
            /* perfDevUtil= */ 112,
            /* perfCurrentPstate= */ 264,
            /* powerLimitGpu= */ 280,
            /* temperatures= */ 296,
            /* avgPowerUsage= */ 368,
            /* instPowerUsage= */ 392);

    @Override
    public GspVersion version() {
        return GspVersion.R570_144;
    }

    @Override
    public @Nullable RmControl control(int command) {
        return RmControl.of(command);
    }

    @Override
    public int inPmTransitionOffset() {
        return 0x28;
    }

    @Override
    public int dmemStackOffset() {
        return 0x30;
    }

    @Override
    public SystemInfoLayout systemInfo() {
        return new SystemInfoLayout(
                /* bytes= */ GspVersion.R570_144.systemInfoBytes(),
                /* gpuPhysAddr= */ 0x00,
                /* nvDomainBusDeviceFunc= */ 0x20,
                /* maxUserVa= */ 0x48,
                /* pciConfigMirrorBase= */ 0x50,
                /* pciDeviceId= */ 0x58,
                /* vfInfo= */ 0x358,
                /* hostPageSize= */ 0x398);
    }

    @Override
    public HeapLayout heap() {
        // HW: GSP_FW_HEAP_PARAM_OS_SIZE_LIBOS3_BAREMETAL, GSP_FW_HEAP_SIZE_OVERRIDE_LIBOS3_BAREMETAL_*_MB,
        // gsp_fw_heap.h
        return new HeapLayout(/* osBytes= */ 22L << 20, /* minBytes= */ 88L << 20, /* maxBytes= */ 280L << 20);
    }

    @Override
    public FbsrLayout fbsr() {
        return new FbsrLayout(
                /* initBytes= */ 24,
                /* initType= */ -1,
                /* initRegions= */ -1,
                /* initClient= */ 0,
                /* initSysMem= */ 4,
                /* initFbAllocsSysOffset= */ -1,
                /* initSrMeta= */ 16,
                /* regionControl= */ 0,
                /* schedulingControl= */ 0x20800ac3);
    }

    @Override
    public int clientParametersBytes() {
        return 120;
    }

    @Override
    public int displayGetSupportedControl() {
        return 0x0073_0107;
    }

    @Override
    public int displayPushBufferBytes() {
        return 56;
    }

    @Override
    public int eccUnits() {
        return 0x24;
    }

    @Override
    public StaticInfoLayout staticInfo() {
        return STATIC_INFO;
    }

    @Override
    public RcTriggeredLayout rcTriggered() {
        return new RcTriggeredLayout(
                /* bytes= */ 48,
                /* exceptType= */ 16,
                /* faultAddressLow= */ 28,
                /* faultAddressHigh= */ 32,
                /* faultType= */ 36);
    }

    @Override
    public int osErrorLogBytes() {
        return 0x110;
    }

    @Override
    public InterruptIndexes interruptIndexes() {
        return new InterruptIndexes(
                /* gsp= */ 50,
                /* gr0= */ 84,
                /* replayableFault= */ 59,
                /* cpuDoorbell= */ 73,
                /* displayLowLatency= */ 176);
    }

    @Override
    public int rmEngineTypeSw() {
        return 0x2d;
    }

    @Override
    public int channelAllocBytes() {
        return 368;
    }

    @Override
    public int contextBuffers() {
        return 26;
    }

    @Override
    public int grInfoEntries() {
        return 58;
    }

    @Override
    public int chipInfoPciDeviceId() {
        return 12;
    }

    @Override
    public MemsysLayout memsys() {
        return new MemsysLayout(/* l2CacheSize= */ 8, /* ltcCount= */ 32, /* ltsPerLtcCount= */ 36);
    }

    @Override
    public VgpuAbi vgpu() {
        return R570Vgpu.ABI;
    }

    @Override
    public SharedDataLayout sharedData() {
        return SHARED_DATA;
    }
}
