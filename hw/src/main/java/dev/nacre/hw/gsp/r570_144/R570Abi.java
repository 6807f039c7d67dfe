package dev.nacre.hw.gsp.r570_144;

import dev.nacre.hw.gsp.GspAbi;
import dev.nacre.hw.gsp.GspVersion;
import dev.nacre.hw.rm.RmControl;
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
            /* internalClient= */ 1600);

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
        return new InterruptIndexes(/* gsp= */ 50, /* gr0= */ 84, /* replayableFault= */ 59, /* cpuDoorbell= */ 73);
    }

    @Override
    public int rmEngineTypeSw() {
        return 0x2d;
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
}
