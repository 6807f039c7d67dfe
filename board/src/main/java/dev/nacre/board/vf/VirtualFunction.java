package dev.nacre.board.vf;

import dev.nacre.board.bus.Aperture;
import dev.nacre.board.gpu.Gpu;
import dev.nacre.board.xve.MirroredConfig;
import dev.nacre.hw.chip.Chip;
import dev.nacre.pci.ConfigListener;
import dev.nacre.pci.ConfigSpace;
import dev.nacre.pci.GuestMemory;
import dev.nacre.pci.Interrupts;
import dev.nacre.pci.Msi;
import dev.nacre.pci.PciExpress;
import dev.nacre.pci.PciFunction;
import dev.nacre.pci.PowerManagement;
import dev.nacre.pci.Region;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * One virtual function. Its BARs answer while a guest's GPU is behind it and the physical function has their memory decoded;
 * their sizes are told by the physical function, so its own config space has none. When it has gone, all of it answers as a
 * missing device.
 *
 * <p>Its interrupts and its memory are those of the guest's GPU: its own, and nobody else's. DMA is permitted by the bus
 * master bit of its command register alone.
 */
final class VirtualFunction implements PciFunction {
    // HW: that of the physical function; a virtual one has no legacy of its own.
    private static final int PM_OFFSET = 0x60;
    private static final int MSI_OFFSET = 0x68;
    private static final int PCIE_OFFSET = 0x78;
    private static final int LINK_GENERATION = 4;
    private static final int LINK_WIDTH = 16;
    private static final int CLASS_3D = 0x030200;
    private static final int REVISION = 0xa1;

    private final Interrupts interrupts = new Interrupts(0, 1, 0, 0, 0);
    private final GuestMemory memory = new GuestMemory();
    private final ConfigSpace config;

    // Guarded by this, as every access is: whoever takes the GPU away knows that none is on its way.
    private @Nullable GuestGpu gpu;
    private boolean memoryDecoded;
    private boolean gone;

    VirtualFunction(Chip chip) {
        config = ConfigSpace.builder(Chip.PCI_VENDOR_ID, chip.deviceId())
                .revision(REVISION)
                .classCode(CLASS_3D)
                .subsystem(Chip.PCI_VENDOR_ID, chip.subsystemId())
                .capability(PM_OFFSET, new PowerManagement())
                .capability(MSI_OFFSET, new Msi(1, false))
                .capability(PCIE_OFFSET, PciExpress.endpoint(LINK_GENERATION, LINK_WIDTH))
                .build(interrupts, memory, new ConfigListener() {
                    @Override
                    public void functionLevelReset() {
                        reset();
                    }

                    @Override
                    public void decodeChanged(boolean memory, boolean io) {
                        // The physical function decides.
                    }
                });
    }

    /** Config space as the GPU behind it shows it. */
    MirroredConfig mirror() {
        return MirroredConfig.of(config);
    }

    /** The GPU behind it; null if there is none. */
    synchronized @Nullable GuestGpu gpu() {
        return gpu;
    }

    /** Puts a GPU behind it. */
    synchronized void attach(GuestGpu to) {
        gpu = to;
    }

    /** Takes the GPU away; no access reaches it any more when this returns. Null if there was none. */
    synchronized @Nullable GuestGpu detach() {
        GuestGpu was = gpu;
        gpu = null;
        return was;
    }

    /** Whether the physical function has its memory decoded. */
    synchronized void decodeMemory(boolean decoded) {
        memoryDecoded = decoded;
    }

    /** It is there no longer. */
    synchronized void goAway() {
        gone = true;
    }

    @Override
    public Region region(int index) {
        return switch (index) {
            case CONFIG_REGION -> config.region(CONFIG_REGION);
            case Gpu.REGISTERS_BAR -> Region.readWrite(Gpu.REGISTERS.size());
            case Gpu.MEMORY_BAR -> Region.readWrite(Gpu.MEMORY.size());
            case Gpu.INSTANCE_BAR -> Region.readWrite(Gpu.INSTANCE.size());
            default -> Region.ABSENT;
        };
    }

    @Override
    public synchronized void read(int region, long offset, MemorySegment dst, long dstOffset, int count) {
        if (region == CONFIG_REGION && !gone) {
            config.read(offset, dst, dstOffset, count);
            return;
        }
        Aperture aperture = aperture(region);
        if (aperture != null) {
            aperture.read(offset, dst, dstOffset, count);
        } else {
            dst.asSlice(dstOffset, count).fill((byte) 0xff);
        }
    }

    @Override
    public synchronized void write(int region, long offset, MemorySegment src, long srcOffset, int count) {
        if (region == CONFIG_REGION && !gone) {
            config.write(offset, src, srcOffset, count);
            return;
        }
        Aperture aperture = aperture(region);
        if (aperture != null) {
            aperture.write(offset, src, srcOffset, count);
        }
    }

    private @Nullable Aperture aperture(int region) {
        return gpu == null || gone || !memoryDecoded ? null : gpu.aperture(region);
    }

    @Override
    public Interrupts interrupts() {
        return interrupts;
    }

    @Override
    public GuestMemory memory() {
        return memory;
    }

    /** Resets it and the GPU behind it, whose memory's content stays. */
    @Override
    public synchronized void reset() {
        config.reset();
        resetGpu();
    }

    /** Resets the GPU behind it alone. */
    synchronized void resetGpu() {
        if (gpu != null) {
            gpu.reset();
        }
    }

    @Override
    public void disconnected() {
        reset();
    }
}
