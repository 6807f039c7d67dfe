package dev.nacre.board;

import dev.nacre.board.bus.Aperture;
import dev.nacre.board.bus.Bar0;
import dev.nacre.board.engine.EngineThread;
import dev.nacre.board.fb.Vram;
import dev.nacre.board.state.SavedBoard;
import dev.nacre.board.state.Stateful;
import dev.nacre.hw.chip.Chip;
import dev.nacre.linux.Fd;
import dev.nacre.linux.Mapping;
import dev.nacre.linux.Memfd;
import dev.nacre.pci.Bar;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A software GPU as a PCI function. Its BARs are decoded here and answered by the units; its engines run on threads of
 * their own.
 *
 * <p>The methods of {@link PciFunction} are for the transport's one thread; all others are for any thread.
 */
public final class Board implements PciFunction, AutoCloseable {
    // HW: an L40's BARs; BAR1 is 64 GiB there, and any size will do.
    private static final int BAR0_REGION = 0;
    private static final int BAR1_REGION = 1;
    private static final int BAR3_REGION = 3;
    private static final int BAR5_REGION = 5;
    private static final long BAR1_BYTES = 256L << 20;
    private static final long BAR3_BYTES = 32L << 20;
    private static final int BAR5_BYTES = 128;
    private static final int CLASS_VGA = 0x030000;
    private static final int CLASS_3D = 0x030200;
    private static final int REVISION = 0xa1;
    private static final int PM_CAPABILITY = 0x60;
    private static final int MSI_CAPABILITY = 0x68;
    private static final int PCIE_CAPABILITY = 0x78;
    private static final int PCIE_GENERATION = 4;
    private static final int PCIE_LANES = 16;

    private final BoardConfig config;
    private final Fd vramFile;
    private final Mapping vramMapping;
    private final Vram vram;
    private final GuestMemory memory = new GuestMemory();
    private final Interrupts interrupts = new Interrupts(0, 1, 0, 0, 0);
    private final ConfigSpace pciConfig;
    private final Units units;

    /**
     * Makes a board, powered on.
     *
     * @throws dev.nacre.linux.NativeException if its memory cannot be had
     */
    public Board(BoardConfig config) {
        this.config = config;
        vramFile = Memfd.ofFixedSize("nacre-vram", config.fbBytes());
        vramMapping = Mapping.map(vramFile, 0, config.fbBytes(), Mapping.Access.READ_WRITE);
        vram = new Vram(vramMapping.segment());
        pciConfig = configSpace();
        units = new Units(
                new Units.Parts(config, vram, memory, pciConfig, () -> interrupts.message(0), System::nanoTime));
    }

    private ConfigSpace configSpace() {
        return ConfigSpace.builder(Chip.PCI_VENDOR_ID, config.chip().deviceId())
                .revision(REVISION)
                .classCode(config.heads() > 0 ? CLASS_VGA : CLASS_3D)
                .subsystem(Chip.PCI_VENDOR_ID, config.chip().subsystemId())
                .bar(BAR0_REGION, Bar.memory32(Bar0.SIZE_BYTES))
                .bar(BAR1_REGION, Bar.memory64(BAR1_BYTES))
                .bar(BAR3_REGION, Bar.memory64(BAR3_BYTES))
                .bar(BAR5_REGION, Bar.io(BAR5_BYTES))
                .capability(PM_CAPABILITY, new PowerManagement())
                .capability(MSI_CAPABILITY, new Msi(1, false))
                .capability(PCIE_CAPABILITY, PciExpress.endpoint(PCIE_GENERATION, PCIE_LANES))
                .build(interrupts, memory, new ConfigListener() {
                    @Override
                    public void decodeChanged(boolean memoryDecoded, boolean ioDecoded) {
                        // Asked at each access.
                    }

                    @Override
                    public void functionLevelReset() {
                        reset();
                    }
                });
    }

    /** What the board is made of. */
    public BoardConfig config() {
        return config;
    }

    // The PCI function.

    @Override
    public Region region(int index) {
        return pciConfig.region(index);
    }

    @Override
    public void read(int region, long offset, MemorySegment dst, long dstOffset, int count) {
        Aperture aperture = aperture(region);
        if (region == CONFIG_REGION) {
            pciConfig.read(offset, dst, dstOffset, count);
        } else if (aperture != null && pciConfig.memoryDecoded()) {
            aperture.read(offset, dst, dstOffset, count);
        } else {
            // HW: nobody claims the access: all-ones. BAR5 has no register that a driver uses.
            dst.asSlice(dstOffset, count).fill((byte) 0xff);
        }
    }

    @Override
    public void write(int region, long offset, MemorySegment src, long srcOffset, int count) {
        Aperture aperture = aperture(region);
        if (region == CONFIG_REGION) {
            pciConfig.write(offset, src, srcOffset, count);
        } else if (aperture != null && pciConfig.memoryDecoded()) {
            aperture.write(offset, src, srcOffset, count);
        }
    }

    private @org.jspecify.annotations.Nullable Aperture aperture(int region) {
        return switch (region) {
            case BAR0_REGION -> units.bar0;
            case BAR1_REGION -> units.mmu.bar1();
            case BAR3_REGION -> units.mmu.bar2();
            default -> null;
        };
    }

    @Override
    public Interrupts interrupts() {
        return interrupts;
    }

    @Override
    public GuestMemory memory() {
        return memory;
    }

    /** Returns everything to the state after power-on; VRAM reads zero. Engines stop between two turns for it. */
    @Override
    public void reset() {
        units.exclusively(() -> {
            units.stateful().forEach(Stateful::reset);
            pciConfig.reset();
            Memfd.discard(vramFile, 0, config.fbBytes());
        });
    }

    @Override
    public void disconnected() {
        // The state stays; who connects next decides by a reset.
    }

    // What people and tools ask.

    /**
     * What a head shows now.
     *
     * @param head from 0
     * @return empty if the head is off
     * @throws IndexOutOfBoundsException if there is no such head
     */
    public Optional<Scanout> scanout(int head) {
        return units.display.scanout(head);
    }

    /**
     * Plugs or unplugs a head's monitor.
     *
     * @param head from 0
     * @throws IndexOutOfBoundsException if there is no such head
     */
    public void plug(int head, boolean in) {
        units.display.plug(head, in);
    }

    /** Registers that were used and that nobody models. */
    public List<UnknownRegister> unknownRegisters() {
        return units.unknown.list();
    }

    /** Firmware calls that were made and are not known, by name, with how often. */
    public Map<String, Long> unknownCalls() {
        return units.gsp.unknownControls();
    }

    /**
     * Waits until no engine has anything to do but wait.
     *
     * @param timeoutNs the longest wait, for all engines together
     * @return whether they got there
     */
    public boolean drain(long timeoutNs) {
        long end = System.nanoTime() + timeoutNs;
        // Engines give each other work: all must be found idle after the last of them was.
        for (int quiet = 0; quiet < 2; quiet++) {
            for (EngineThread thread : units.threads()) {
                if (!thread.drain(Math.max(0, end - System.nanoTime()))) {
                    return false;
                }
            }
        }
        return true;
    }

    /** All state, VRAM included, between two turns of every engine; for {@link #restore}. */
    public byte[] save() {
        byte[][] saved = new byte[1][];
        units.exclusively(
                () -> saved[0] = SavedBoard.save(config.toString(), units.stateful(), pciConfig.save(), vram));
        return saved[0];
    }

    /**
     * Takes the state of another board of the same configuration. If it cannot be taken the board is reset.
     *
     * @throws dev.nacre.board.state.StateException saying why
     */
    public void restore(byte[] saved) {
        units.exclusively(() -> {
            units.stateful().forEach(Stateful::reset);
            Memfd.discard(vramFile, 0, config.fbBytes());
            pciConfig.restore(SavedBoard.restore(saved, config.toString(), units.stateful(), vram));
        });
        units.threads().forEach(EngineThread::ring);
    }

    /** Stops the engines and gives the memory back. */
    @Override
    public void close() {
        units.close();
        vramMapping.close();
        vramFile.close();
    }
}
