package dev.nacre.hw.gsp.r570_144;

import dev.nacre.hw.gsp.GspAbi;
import dev.nacre.hw.gsp.GspVersion;
import dev.nacre.hw.rm.RmControl;
import org.jspecify.annotations.Nullable;

/** Release 570.144. */
// HW: offsets and sizes computed from the headers of open-gpu-kernel-modules, tag 570.144.
public record R570Abi() implements GspAbi {
    private static final StaticInfoLayout STATIC_INFO = new StaticInfoLayout(
            1656, 24, -1, -1, 344, 1200, 1204, 3, 1224, 1240, 1244, 1256, 1260, 1324, 1388, 1536, 1552, 1600);

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
        return new RcTriggeredLayout(48, 16, 28, 32, 36);
    }

    @Override
    public int osErrorLogBytes() {
        return 0x110;
    }

    @Override
    public InterruptIndexes interruptIndexes() {
        return new InterruptIndexes(50, 84, 59, 73);
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
        return new MemsysLayout(8, 32, 36);
    }
}
