package dev.nacre.board;

import dev.nacre.board.bus.Aperture;
import dev.nacre.board.engine.SharedEngines;
import dev.nacre.board.fb.VramStore;
import dev.nacre.board.gpu.Gpu;
import dev.nacre.board.hal.ChipHal;
import dev.nacre.board.hal.GpuModel;
import dev.nacre.board.state.Snapshot;
import dev.nacre.board.state.StateException;
import dev.nacre.board.state.StateReader;
import dev.nacre.board.state.Stateful;
import dev.nacre.board.telemetry.BoardSensors;
import dev.nacre.board.vf.SharedBoard;
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
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/**
 * A software GPU as one PCI function. A transport drives it, by the contract of {@link PciFunction}; the other methods
 * are for whoever owns the board, and say what threads may call them.
 *
 * <p>Registers are answered on the transport's thread. Work that takes longer is done by the engines' threads and ends
 * in an interrupt.
 */
public final class Board implements PciFunction, AutoCloseable {
    private static final int NO_CHANNEL = -1;

    /** Where an injected fault is: nothing of a driver's lies in the last pages of an address space. */
    private static final long FAULT_ADDRESS = 0xffff_dead_f000L;

    private final BoardConfig config;
    private final Interrupts interrupts = BoardConfigSpace.interrupts();
    private final GuestMemory guest = new GuestMemory();
    private final VramStore store;
    private final SharedEngines engines = new SharedEngines();
    private final BoardSensors sensors;
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
        // The engines count by this clock.
        sensors = new BoardSensors(ChipHal.of(config.chip()).power(), engines, System::nanoTime);
        virtualFunctions = new VirtualFunctions(
                config.chip(), store, new SharedBoard(config.fbBytes(), engines, sensors, clockNs));
        configSpace = new BoardConfigSpace(config, interrupts, guest, virtualFunctions, this::reset);
        gpu = new Gpu(
                GpuModel.ofBoard(config.chip(), config.fbBytes(), config.heads(), config.ecc()),
                new Gpu.Around(
                        store,
                        guest,
                        interrupts,
                        MirroredConfig.of(configSpace.space()),
                        clockNs,
                        config.vfs() > 0 ? engines.source(0, 1) : engines.ownThreads(),
                        sensors));
        if (config.vfs() > 0) {
            gpu.share(virtualFunctions);
        }
        // What sends a message comes last.
        parts = new ArrayList<>(gpu.parts());
        parts.add(parts.size() - 1, configSpace);
        parts.addFirst(sensors);
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

    /** The same with the pointer apart from the pixels. Any thread. */
    public Optional<Scanout> scanoutAndPointer(int head) {
        return gpu.display().scanoutAndPointer(head);
    }

    /**
     * How large what a head shows is, without a look at it. Any thread.
     *
     * @param head from 0
     * @return empty if the head is off
     * @throws IndexOutOfBoundsException if there is no such head
     */
    public Optional<PictureSize> pictureSize(int head) {
        return gpu.display().size(head);
    }

    /**
     * What a head of the GPU behind a virtual function shows now, its pointer apart. Any thread.
     *
     * @param function from 0
     * @param head from 0
     * @return empty if the head is off, or there is no such head now
     */
    public Optional<Scanout> guestScanout(int function, int head) {
        return virtualFunctions.scanout(function + 1, head);
    }

    /**
     * Has the firmware of the GPU behind a virtual function tell its driver of an error, as it does of a broken channel's.
     * Any thread.
     *
     * @param function from 0
     * @param number which error
     * @param text what it says; 255 characters of it at the most
     * @return whether there is a driver to tell
     */
    public boolean injectXid(int function, int number, String text) {
        return virtualFunctions.inject(function + 1, guest -> {
            guest.gsp().errorLog(number, NO_CHANNEL, NO_CHANNEL, text);
            return guest.gsp().driver().loaded();
        });
    }

    /**
     * Has the newest channel of the GPU behind a virtual function fault, as one does that reads at an address without a
     * page. Any thread.
     *
     * @param function from 0
     * @return whether there was a channel
     */
    public boolean injectPageFault(int function) {
        return virtualFunctions.inject(function + 1, guest -> guest.host().injectPageFault(FAULT_ADDRESS));
    }

    /**
     * Has the firmware of the GPU behind a virtual function answer its driver no more, or go on. A reset of that GPU ends it
     * too. Any thread.
     *
     * @param function from 0
     * @param stalled whether it is to be silent
     * @return whether there is such a GPU
     */
    public boolean stallGsp(int function, boolean stalled) {
        return virtualFunctions.inject(function + 1, guest -> {
            guest.gsp().stall(stalled);
            return true;
        });
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

    /** What the board's sensors say now. Any thread. */
    public Telemetry telemetry() {
        return sensors.read();
    }

    /**
     * What can be measured of the GPU behind a virtual function, without asking any firmware. Any thread.
     *
     * @param function from 0
     * @return empty if there is no such GPU now
     */
    public Optional<GuestFigures> guestFigures(int function) {
        return virtualFunctions.figures(function + 1);
    }

    /** How long work of all has run on the board's engines. Any thread. */
    public EngineTime engineTime() {
        return engines.time();
    }

    /** How often the board's driver sent which message to the GSP, by NVIDIA's name. Any thread. */
    public Map<String, Long> messages() {
        return gpu.gsp().messages();
    }

    /**
     * Messages that the plugin of the GPU behind a virtual function has answered; 0 if there is none. Any thread.
     *
     * @param function from 0
     */
    public long pluginMessages(int function) {
        return gpu.gsp().pluginMessages(function + 1);
    }

    /** Registers that were used and that nobody models, by address, since the board was made. Any thread. */
    public List<UnknownRegister> unknownRegisters() {
        return gpu.unknownRegisters();
    }

    /** How often drivers asked the GSP for something that it does not know, by name. Any thread. */
    public Map<String, Long> unknownCalls() {
        return gpu.gsp().unknownControls();
    }

    /**
     * What the drivers of the GPUs behind virtual functions asked for that nobody models.
     *
     * @param registers as {@link #unknownRegisters}, since the GPU was started
     * @param calls as {@link #unknownCalls}, likewise
     */
    public record GuestUnknowns(List<UnknownRegister> registers, Map<String, Long> calls) {
        /** Takes the values. */
        public GuestUnknowns {
            registers = List.copyOf(registers);
            calls = Collections.unmodifiableMap(new TreeMap<>(calls));
        }
    }

    /** What guests' drivers asked for that nobody models, by virtual function from 0; of those that run now. Any thread. */
    public SortedMap<Integer, GuestUnknowns> guestUnknowns() {
        SortedMap<Integer, GuestUnknowns> unknowns = new TreeMap<>();
        virtualFunctions
                .running()
                .forEach((function, guest) -> unknowns.put(
                        function,
                        new GuestUnknowns(guest.unknownRegisters(), guest.gsp().unknownControls())));
        return unknowns;
    }

    /**
     * How often something went wrong on the board itself, by what it is: faults of drivers, and {@code defects} of the
     * model; {@code defects} has those of GPUs behind virtual functions too, ended ones among them. Any thread.
     */
    public Map<String, Long> ownFaults() {
        Map<String, Long> faults = gpu.faults();
        faults.merge(Gpu.DEFECTS, virtualFunctions.endedDefects(), Long::sum);
        virtualFunctions
                .running()
                .values()
                .forEach(guest -> faults.merge(Gpu.DEFECTS, guest.faults().getOrDefault(Gpu.DEFECTS, 0L), Long::sum));
        return faults;
    }

    /**
     * {@link #ownFaults} and those of the GPUs behind virtual functions that run now, which begin with {@code virtual
     * function N: }, with N from 0. Any thread.
     */
    public Map<String, Long> faults() {
        Map<String, Long> faults = ownFaults();
        virtualFunctions
                .running()
                .forEach((function, guest) -> guest.faults()
                        .forEach((what, times) -> faults.put("virtual function " + function + ": " + what, times)));
        return faults;
    }

    /** Runlists of copy engines alone, over which a virtual GPU's use of the copy engines is a mean. Any thread. */
    public int copyRunlists() {
        return gpu.model().hal().copyRunlists();
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
