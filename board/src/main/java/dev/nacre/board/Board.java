package dev.nacre.board;

import dev.nacre.board.bus.Aperture;
import dev.nacre.board.engine.EngineSource;
import dev.nacre.board.engine.SharedEngines;
import dev.nacre.board.fb.VramStore;
import dev.nacre.board.gpu.Gpu;
import dev.nacre.board.hal.GpuModel;
import dev.nacre.board.state.Snapshot;
import dev.nacre.board.state.StateException;
import dev.nacre.board.state.StateReader;
import dev.nacre.board.state.Stateful;
import dev.nacre.board.vf.VirtualFunctions;
import dev.nacre.board.vgpu.GuestGpus;
import dev.nacre.board.xve.MirroredConfig;
import dev.nacre.pci.GuestMemory;
import dev.nacre.pci.Interrupts;
import dev.nacre.pci.PciFunction;
import dev.nacre.pci.Region;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * A software GPU as one PCI function. A transport drives it, by the contract of {@link PciFunction}; the other methods
 * are for whoever owns the board, and say what threads may call them.
 *
 * <p>Registers are answered on the transport's thread. Work that takes longer is done by the engines' threads and ends
 * in an interrupt.
 */
public final class Board implements PciFunction, AutoCloseable {
    private final BoardConfig config;
    private final Interrupts interrupts = BoardConfigSpace.interrupts();
    private final GuestMemory guest = new GuestMemory();
    private final VramStore store;
    private final SharedEngines engines = new SharedEngines();
    private final BoardConfigSpace configSpace;
    private final Gpu gpu;
    private final VirtualFunctions virtualFunctions;
    private final List<Stateful> parts;

    /** Makes a board as after power-on. */
    public Board(BoardConfig config) {
        this(config, System::nanoTime);
    }

    /**
     * Makes a board with a clock of its own.
     *
     * @param config what it is made of
     * @param clockNs nanoseconds that never go back, from any start; asked by any thread
     */
    public Board(BoardConfig config, LongSupplier clockNs) {
        this.config = config;
        store = new VramStore(config.fbBytes());
        virtualFunctions = new VirtualFunctions(config.chip(), store, engines, clockNs);
        configSpace = new BoardConfigSpace(config, interrupts, guest, virtualFunctions, this::reset);
        gpu = new Gpu(
                GpuModel.ofBoard(config.chip(), config.fbBytes(), config.heads(), config.ecc()),
                new Gpu.Around(
                        store,
                        guest,
                        interrupts,
                        MirroredConfig.of(configSpace.space()),
                        clockNs,
                        config.vfs() > 0 ? engines.source(0, 1) : EngineSource.threads()));
        if (config.vfs() > 0) {
            gpu.share(virtualFunctions);
        }
        // What sends a message comes last.
        parts = new ArrayList<>(gpu.parts());
        parts.add(parts.size() - 1, configSpace);
    }

    /** What the board is made of. Any thread. */
    public BoardConfig config() {
        return config;
    }

    @Override
    public Region region(int index) {
        return configSpace.space().region(index);
    }

    @Override
    public void read(int region, long offset, MemorySegment dst, long dstOffset, int count) {
        Aperture aperture = gpu.aperture(region);
        if (region == CONFIG_REGION) {
            configSpace.space().read(offset, dst, dstOffset, count);
        } else if (aperture != null && configSpace.space().memoryDecoded()) {
            aperture.read(offset, dst, dstOffset, count);
        } else {
            dst.asSlice(dstOffset, count).fill((byte) 0xff);
        }
    }

    @Override
    public void write(int region, long offset, MemorySegment src, long srcOffset, int count) {
        Aperture aperture = gpu.aperture(region);
        if (region == CONFIG_REGION) {
            configSpace.space().write(offset, src, srcOffset, count);
        } else if (aperture != null && configSpace.space().memoryDecoded()) {
            aperture.write(offset, src, srcOffset, count);
        }
    }

    @Override
    public Interrupts interrupts() {
        return interrupts;
    }

    @Override
    public GuestMemory memory() {
        return guest;
    }

    @Override
    public List<PciFunction> virtualFunctions() {
        return virtualFunctions.shown();
    }

    /** The guests' GPUs behind the virtual functions. */
    GuestGpus guests() {
        return virtualFunctions;
    }

    /**
     * Makes the board as it was made: nothing of its former life shows, and its virtual functions have gone. Waits for the
     * engines' running passes, and takes time with the memory that was in use, up to some 100 ms for 1 GiB.
     */
    @Override
    public void reset() {
        gpu.hold();
        try {
            resetParts();
        } finally {
            gpu.resume();
        }
    }

    /** Ends the life of the board that its peer drove, as {@link #reset}. */
    @Override
    public void disconnected() {
        reset();
    }

    /**
     * Writes all state, from which {@link #restore} goes on. On the transport's thread, or while there is none.
     *
     * @param to is flushed, not closed
     * @throws StateException if the board has virtual functions now: their state cannot be saved
     */
    public void save(OutputStream to) throws IOException {
        if (!virtualFunctions.shown().isEmpty()) {
            throw new StateException("A board cannot be saved while it has virtual functions: count="
                    + virtualFunctions.shown().size());
        }
        gpu.hold();
        try {
            Snapshot.write(to, config, parts, store);
        } finally {
            gpu.resume();
        }
    }

    /**
     * Takes state that a board of the same configuration has saved. On the transport's thread, or while there is none.
     *
     * @throws StateException if the state cannot be taken; the board is reset then
     * @throws IOException if it cannot be read; the board is reset then
     */
    public void restore(InputStream from) throws IOException {
        gpu.hold();
        boolean taken = false;
        try {
            resetParts();
            restoreParts(Snapshot.read(from, config, store));
            taken = true;
        } finally {
            if (!taken) {
                resetParts();
            }
            gpu.resume();
        }
        gpu.ring();
    }

    private void restoreParts(Map<String, StateReader> saved) {
        for (Stateful part : parts) {
            StateReader state = saved.remove(part.stateName());
            // A part that is newer than the state starts as after a reset.
            if (state != null) {
                part.restore(state);
            }
        }
        if (!saved.isEmpty()) {
            throw new StateException("Saved state has parts that this board does not: " + saved.keySet());
        }
    }

    private void resetParts() {
        // The firmware stands: it starts no guest's GPU meanwhile.
        virtualFunctions.show(0, false);
        parts.forEach(Stateful::reset);
        store.clear();
    }

    /**
     * Waits until no engine has anything to do. Any thread but the engines'.
     *
     * @param timeoutNs the longest wait
     * @return whether it came to that
     */
    public boolean drain(long timeoutNs) {
        return gpu.drain(timeoutNs);
    }

    /**
     * What a head shows now. Any thread.
     *
     * @param head from 0
     * @return empty if the head is off
     * @throws IndexOutOfBoundsException if there is no such head
     */
    public Optional<Scanout> scanout(int head) {
        return gpu.display().scanout(head);
    }

    /**
     * What a head of the GPU behind a virtual function shows now. Any thread.
     *
     * @param function from 0
     * @param head from 0
     * @return empty if the head is off, or there is no such head now
     */
    public Optional<Scanout> guestScanout(int function, int head) {
        return virtualFunctions.scanout(function + 1, head);
    }

    /**
     * Plugs or unplugs a head's monitor; the driver is told. Any thread.
     *
     * @param head from 0
     * @throws IndexOutOfBoundsException if there is no such head
     */
    public void plug(int head, boolean in) {
        gpu.display().plug(head, in);
    }

    /** Registers that were used and that nobody models, by address, since the board was made. Any thread. */
    public List<UnknownRegister> unknownRegisters() {
        return gpu.unknownRegisters();
    }

    /** How often drivers asked the GSP for something that it does not know, by name. Any thread. */
    public Map<String, Long> unknownCalls() {
        return gpu.gsp().unknownControls();
    }

    /** How often something went wrong, by what it is: faults of drivers, and {@code defects} of the model. Any thread. */
    public Map<String, Long> faults() {
        return gpu.faults();
    }

    /** Ends the engines and gives the memory back. After the transport. Idempotent. */
    @Override
    public void close() {
        virtualFunctions.close();
        gpu.close();
        engines.close();
        store.close();
    }
}
