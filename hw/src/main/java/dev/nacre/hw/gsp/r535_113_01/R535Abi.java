package dev.nacre.hw.gsp.r535_113_01;

import dev.nacre.hw.gsp.GspAbi;
import dev.nacre.hw.gsp.GspVersion;
import dev.nacre.hw.gsp.SharedDataLayout;
import dev.nacre.hw.rm.RmControl;
import dev.nacre.hw.vgpu.VgpuAbi;
import org.jspecify.annotations.Nullable;

/** Release 535.113.01. */
// HW: offsets and sizes computed from the headers of open-gpu-kernel-modules, tag 535.113.01.
public record R535Abi() implements GspAbi {
    private static final StaticInfoLayout STATIC_INFO = new StaticInfoLayout(
            /* bytes= */ 2168,
            /* gidInfo= */ 24,
            /* gpcInfo= */ 292,
            /* tpcInfo= */ 296,
            /* fbRegions= */ 840,
            /* sriovMaxGfid= */ 1696,
            /* engineCaps= */ 1700,
            /* engineCapsWords= */ 2,
            /* fbLength= */ 1752,
            /* fbBusWidth= */ 1764,
            /* fbRamType= */ 1768,
            /* l2CacheSize= */ 1776,
            /* gpuNameString= */ 1820,
            /* gpuShortNameString= */ 1884,
            /* gpuNameStringUnicode= */ 1948,
            /* bar1PdeBase= */ 2088,
            /* vbiosValid= */ 2104,
            /* internalClient= */ 2152,
            /* fwWprLayoutOffset= */ -1);

    @Override
    public GspVersion version() {
        return GspVersion.R535_113_01;
    }

    @Override
    public @Nullable RmControl control(int command) {
        return switch (command) {
            case 0x00730120 -> RmControl.NV0073_CTRL_CMD_SYSTEM_GET_SUPPORTED;
            case 0x00730122 -> RmControl.NV0073_CTRL_CMD_SYSTEM_GET_CONNECT_STATE;
            case 0x00730126 -> RmControl.NV0073_CTRL_CMD_SYSTEM_GET_ACTIVE;
            case 0x20800a42 -> RmControl.NV2080_CTRL_CMD_INTERNAL_GET_CONSTRUCTED_FALCON_INFO;
            case 0x20800ac3 -> RmControl.NV2080_CTRL_CMD_INTERNAL_FBSR_SEND_REGION_INFO;
            // These numbers mean something else, or nothing, in this release.
            case 0x00730107,
                    0x00730108,
                    0x0073010c,
                    0x208001b0,
                    0x20800a46,
                    0x20800afe,
                    0x20800aff,
                    0x2080205a,
                    0x20802068,
                    0x20802087,
                    0x20802a0d,
                    0x20802a0f,
                    0x2080400c,
                    0x2080400d,
                    0x2080400e -> null;
            default -> RmControl.of(command);
        };
    }

    @Override
    public int inPmTransitionOffset() {
        return 0x38;
    }

    @Override
    public int dmemStackOffset() {
        return -1;
    }

    @Override
    public SystemInfoLayout systemInfo() {
        return new SystemInfoLayout(
                /* bytes= */ GspVersion.R535_113_01.systemInfoBytes(),
                /* gpuPhysAddr= */ 0x00,
                /* nvDomainBusDeviceFunc= */ 0x18,
                /* maxUserVa= */ 0x38,
                /* pciConfigMirrorBase= */ 0x40,
                /* pciDeviceId= */ -1,
                /* vfInfo= */ 0x270,
                /* hostPageSize= */ -1);
    }

    @Override
    public HeapLayout heap() {
        // HW: GSP_FW_HEAP_PARAM_OS_SIZE_LIBOS3, GSP_FW_HEAP_SIZE_OVERRIDE_LIBOS3_BAREMETAL_*_MB, gsp_fw_heap.h
        return new HeapLayout(/* osBytes= */ 20L << 20, /* minBytes= */ 84L << 20, /* maxBytes= */ 276L << 20);
    }

    @Override
    public FbsrLayout fbsr() {
        return new FbsrLayout(
                /* initBytes= */ 32,
                /* initType= */ 0,
                /* initRegions= */ 4,
                /* initClient= */ 8,
                /* initSysMem= */ 12,
                /* initFbAllocsSysOffset= */ 16,
                /* initSrMeta= */ -1,
                /* regionControl= */ 0x20800ac3,
                /* schedulingControl= */ 0);
    }

    @Override
    public int clientParametersBytes() {
        return 108;
    }

    @Override
    public int displayGetSupportedControl() {
        return 0x0073_0120;
    }

    @Override
    public int displayPushBufferBytes() {
        return 40;
    }

    @Override
    public int eccUnits() {
        return 0x18;
    }

    @Override
    public StaticInfoLayout staticInfo() {
        return STATIC_INFO;
    }

    @Override
    public RcTriggeredLayout rcTriggered() {
        return new RcTriggeredLayout(
                /* bytes= */ 20,
                /* exceptType= */ 8,
                /* faultAddressLow= */ -1,
                /* faultAddressHigh= */ -1,
                /* faultType= */ -1);
    }

    @Override
    public int osErrorLogBytes() {
        return 0x10c;
    }

    @Override
    public InterruptIndexes interruptIndexes() {
        return new InterruptIndexes(
                /* gsp= */ 49,
                /* gr0= */ 82,
                /* replayableFault= */ 58,
                /* cpuDoorbell= */ 72,
                /* displayLowLatency= */ -1);
    }

    @Override
    public int rmEngineTypeSw() {
        return 0x2c;
    }

    @Override
    public int channelAllocBytes() {
        return 360;
    }

    @Override
    public int contextBuffers() {
        return 25;
    }

    @Override
    public int grInfoEntries() {
        return 53;
    }

    @Override
    public int chipInfoPciDeviceId() {
        return 16;
    }

    @Override
    public MemsysLayout memsys() {
        return new MemsysLayout(/* l2CacheSize= */ 8, /* ltcCount= */ 36, /* ltsPerLtcCount= */ 40);
    }

    @Override
    public VgpuAbi vgpu() {
        return R535Vgpu.ABI;
    }

    // HW: open-gpu-kernel-modules, cl00de.h, gpu_user_shared_data.c: in this release the driver alone writes the
    // memory.
    @Override
    public @Nullable SharedDataLayout sharedData() {
        return null;
    }
}
