package dev.nacre.board.vf;

import dev.nacre.board.GuestFigures;
import dev.nacre.board.bus.Aperture;
import dev.nacre.board.disp.PictureLimit;
import dev.nacre.board.engine.EngineUsage;
import dev.nacre.board.engine.SharedEngines;
import dev.nacre.board.fb.VramStore;
import dev.nacre.board.gpu.Gpu;
import dev.nacre.board.gsp.FirmwareDriver;
import dev.nacre.board.hal.ChipHal;
import dev.nacre.board.hal.GpuModel;
import dev.nacre.board.telemetry.Sensors;
import dev.nacre.board.vgpu.GuestGpuSpec;
import dev.nacre.board.vgpu.GuestGpuState;
import dev.nacre.board.vgpu.GuestGpuType;
import dev.nacre.board.vgpu.GuestUsage;
import dev.nacre.board.xve.MirroredConfig;
import dev.nacre.hw.chip.Chip;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** A guest's GPU behind its virtual function. */
final class GuestGpu implements AutoCloseable {
    private static final int CLASS_VGA = 0x030000;
    private static final int CLASS_3D = 0x030200;

    // HW: PCI Local Bus Specification 3.0, 6.1: vendor and device, class and revision, subsystem
    private static final int CONFIG_IDS = 0x00;
    private static final int CONFIG_CLASS = 0x08;
    private static final int CONFIG_SUBSYSTEM = 0x2c;

    private final GuestGpuSpec spec;
    private final VramStore window;
    private final SharedEngines engines;
    private final Sensors sensors;
    private final Gpu gpu;
    private final @Nullable Aperture bar1;

    /**
     * Makes it.
     *
     * @param spec checked
     * @param window its memory
     * @param function shows it
     * @param board what all guests share
     */
    GuestGpu(ChipHal hal, GuestGpuSpec spec, VramStore window, VirtualFunction function, SharedBoard board) {
        this.spec = spec;
        this.window = window;
        this.engines = board.engines();
        this.sensors = board.sensors().guest(spec.gfid(), (double) spec.fbBytes() / board.fbBytes());
        GuestGpuType type = spec.type();
        GpuModel model = new GpuModel(
                hal,
                type.name(),
                type.pciDeviceId(),
                type.pciSubsystemId(),
                spec.uuid(),
                spec.fbBytes(),
                type.heads(),
                spec.channels(),
                false);
        this.gpu = new Gpu(
                model,
                new Gpu.Around(
                        window,
                        function.memory(),
                        function.interrupts(),
                        new GuestConfig(function.mirror(), type),
                        board.clockNs(),
                        engines.source(spec.gfid(), type.maxInstances()),
                        sensors));
        gpu.display().pictureLimit(new PictureLimit(type.maxWidth(), type.maxHeight()));
        gpu.display().frameRateLimit(() -> engines.frameRateLimit(type.frameRateLimit()));
        Aperture all = gpu.aperture(Gpu.MEMORY_BAR);
        this.bar1 = all == null ? null : new Part(all, type.bar1Bytes());
    }

    GuestGpuSpec spec() {
        return spec;
    }

    Gpu gpu() {
        return gpu;
    }

    /** What answers a BAR; null if nothing does. */
    @Nullable
    Aperture aperture(int bar) {
        return bar == Gpu.MEMORY_BAR ? bar1 : gpu.aperture(bar);
    }

    /** As it was when it was made, but for its memory's content. */
    void reset() {
        gpu.reset();
    }

    /** What can be measured of it. */
    GuestFigures figures() {
        return new GuestFigures(
                sensors.read(),
                engines.time(spec.gfid()),
                engines.part(spec.gfid()),
                spec.fbBytes(),
                window.inUseBytes(),
                gpu.gsp().messages(),
                gpu.faults());
    }

    GuestGpuState state() {
        FirmwareDriver driver = gpu.gsp().driver();
        EngineUsage usage = engines.usage(spec.gfid());
        return new GuestGpuState(
                driver.loaded(),
                driver.version(),
                driver.bootCount(),
                window.inUseBytes(),
                gpu.display().memorySurfaces(),
                new GuestUsage(usage.graphics(), usage.copy(), 0, 0));
    }

    @Override
    public void close() {
        gpu.close();
    }

    /**
     * Config space as the guest's driver finds it in its registers: with the ids that the guest sees.
     *
     * @param function the function's own
     * @param type has the ids
     */
    private record GuestConfig(MirroredConfig function, GuestGpuType type) implements MirroredConfig {
        @Override
        public int read(int offset) {
            return switch (offset) {
                case CONFIG_IDS -> type.pciDeviceId() << 16 | Chip.PCI_VENDOR_ID;
                case CONFIG_CLASS ->
                    (type.heads() > 0 ? CLASS_VGA : CLASS_3D) << 8 | (function.read(CONFIG_CLASS) & 0xff);
                case CONFIG_SUBSYSTEM -> type.pciSubsystemId() << 16 | Chip.PCI_VENDOR_ID;
                default -> function.read(offset);
            };
        }

        @Override
        public void write(int offset, int value) {
            function.write(offset, value);
        }
    }

    /**
     * The beginning of an aperture; beyond it nothing answers.
     *
     * @param whole the aperture
     * @param bytes how much of it
     */
    private record Part(Aperture whole, long bytes) implements Aperture {
        @Override
        public void read(long offset, MemorySegment dst, long dstOffset, int count) {
            int inside = inside(offset, count);
            if (inside > 0) {
                whole.read(offset, dst, dstOffset, inside);
            }
            if (inside < count) {
                dst.asSlice(dstOffset + inside, count - inside).fill((byte) 0xff);
            }
        }

        @Override
        public void write(long offset, MemorySegment src, long srcOffset, int count) {
            int inside = inside(offset, count);
            if (inside > 0) {
                whole.write(offset, src, srcOffset, inside);
            }
        }

        private int inside(long offset, int count) {
            return Math.clamp(bytes - offset, 0, count);
        }
    }
}
