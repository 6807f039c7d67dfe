package dev.nacre.board;

import dev.nacre.board.bus.Aperture;
import dev.nacre.board.bus.Bar0;
import dev.nacre.board.bus.UnknownRegisters;
import dev.nacre.board.ce.CopyEngineRegisters;
import dev.nacre.board.disp.Display;
import dev.nacre.board.engine.EngineThread;
import dev.nacre.board.fb.MemoryInterface;
import dev.nacre.board.fb.Vram;
import dev.nacre.board.fb.VramStore;
import dev.nacre.board.fuse.Fuses;
import dev.nacre.board.gc6.SecureScratch;
import dev.nacre.board.gsp.Gsp;
import dev.nacre.board.hal.ChipHal;
import dev.nacre.board.host.Host;
import dev.nacre.board.intr.InterruptTree;
import dev.nacre.board.master.MasterControl;
import dev.nacre.board.mmu.Mmu;
import dev.nacre.board.pbus.BusInterface;
import dev.nacre.board.rom.Prom;
import dev.nacre.board.rom.Vbios;
import dev.nacre.board.state.Snapshot;
import dev.nacre.board.state.StateException;
import dev.nacre.board.state.StateReader;
import dev.nacre.board.state.Stateful;
import dev.nacre.board.timer.Timer;
import dev.nacre.board.timer.Usermode;
import dev.nacre.board.vga.VgaPorts;
import dev.nacre.board.xve.ConfigMirror;
import dev.nacre.hw.regs.RegisterPlaces;
import dev.nacre.hw.regs.VfMmu;
import dev.nacre.hw.regs.XalEp;
import dev.nacre.hw.regs.Xve;
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
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A software GPU as one PCI function. A transport drives it, by the contract of {@link PciFunction}; the other methods
 * are for whoever owns the board, and say what threads may call them.
 *
 * <p>Registers are answered on the transport's thread. Work that takes longer is done by the engines' threads and ends
 * in an interrupt.
 */
public final class Board implements PciFunction, AutoCloseable {
    private static final int BAR0 = BoardConfigSpace.REGISTERS_BAR;
    private static final int BAR1 = BoardConfigSpace.MEMORY_BAR;
    private static final int BAR3 = BoardConfigSpace.INSTANCE_BAR;

    private final BoardConfig config;
    private final Interrupts interrupts = BoardConfigSpace.interrupts();
    private final GuestMemory guest = new GuestMemory();
    private final VramStore store;
    private final UnknownRegisters unknown = new UnknownRegisters();
    private final Bar0 bar0 = new Bar0(unknown);
    private final BoardConfigSpace configSpace;
    private final Timer timer;
    private final InterruptTree tree;
    private final BootUnits boot;
    private final Mmu mmu;
    private final Display display;
    private final Gsp gsp;
    private final Host host;
    private final List<EngineThread> engines;
    private final List<Stateful> parts = new ArrayList<>();

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
        ChipHal hal = ChipHal.of(config.chip());
        store = new VramStore(config.fbBytes());
        Vram vram = store.vram();
        configSpace = new BoardConfigSpace(config, interrupts, guest, this::reset);
        timer = new Timer(clockNs);
        tree = new InterruptTree(() -> interrupts.message(0));
        MemoryInterface memory = new MemoryInterface(config.fbBytes(), hal.places());
        BusInterface pbus = new BusInterface(vram, hal.places());
        boot = BootUnits.of(hal, new BootUnits.Around(vram, guest, memory, pbus, tree));

        mmu = new Mmu(vram, guest, hal.pageTables());
        display = new Display(hal, config.heads(), vram, guest, tree, clockNs);
        gsp = new Gsp(hal, config, vram, guest, boot.gsp(), mmu, display);
        host = new Host(hal, mmu, tree, gsp, timer::timeNs);
        gsp.connect(host);
        boot.gsp().connect(gsp);
        display.onHotplug(gsp);

        engines = new ArrayList<>(List.of(gsp.thread()));
        engines.addAll(host.threads());
        engines.addAll(display.threads());
        mapUnits(memory, pbus);
        mapPlaces(memory, pbus, hal);
        mapEngines();
        // Channels before the objects that name them; what sends a message last.
        parts.addAll(List.of(unknown, timer));
        parts.addAll(boot.parts());
        parts.addAll(List.of(mmu, host, display, gsp, configSpace, tree));
    }

    private void mapUnits(MemoryInterface memory, BusInterface pbus) {
        MasterControl master = new MasterControl(config.chip());
        VgaPorts vga = new VgaPorts();
        bar0.map(MasterControl.PMC_BASE, MasterControl.SIZE_BYTES, master.pmc());
        bar0.map(MasterControl.STRAPS_BASE, MasterControl.SIZE_BYTES, master.straps());
        bar0.map(BusInterface.BASE, BusInterface.SIZE_BYTES, pbus.registers());
        bar0.map(BusInterface.PRAMIN_BASE, BusInterface.PRAMIN_BYTES, pbus.pramin());
        bar0.map(Timer.BASE, Timer.SIZE_BYTES, timer.registers());
        bar0.map(MemoryInterface.FLUSH_BASE, MemoryInterface.SIZE_BYTES, memory.flush());
        bar0.map(MemoryInterface.PFB_BASE, MemoryInterface.SIZE_BYTES, memory.pfb());
        bar0.map(MemoryInterface.MMU_BASE, MemoryInterface.SIZE_BYTES, memory.mmu());
        bar0.map(SecureScratch.BASE, SecureScratch.SIZE_BYTES, new SecureScratch(config.fbBytes()).registers());
        bar0.map(Prom.BASE, Prom.SIZE_BYTES, new Prom(Vbios.build(config.chip())));
        bar0.map(VgaPorts.BASE, VgaPorts.SIZE_BYTES, vga.registers());
        bar0.map(Fuses.BASE, Fuses.SIZE_BYTES, new Fuses(config.heads() > 0).registers());
        parts.addAll(List.of(master.pmc(), pbus.registers(), memory.pfb(), memory.mmu(), vga.registers()));
    }

    /** The units whose place differs by chip. */
    private void mapPlaces(MemoryInterface memory, BusInterface pbus, ChipHal hal) {
        RegisterPlaces places = hal.places();
        ConfigMirror mirror = new ConfigMirror(configSpace.space(), tree::rearm, places.configMirror());
        bar0.map(mirror.base(), Xve.MIRROR_BYTES, mirror);
        parts.add(mirror.registers());
        if (memory.flushAddressBase() != MemoryInterface.PFB_BASE) {
            bar0.map(memory.flushAddressBase(), MemoryInterface.SIZE_BYTES, memory.flushAddress());
            parts.add(memory.flushAddress());
        }
        if (places.bar0Window().equals(XalEp.BAR0_WINDOW)) {
            bar0.map(BusInterface.XAL_BASE, BusInterface.SIZE_BYTES, pbus.xal());
            parts.add(pbus.xal());
        }
        places.grceMask().ifPresent(reg -> {
            CopyEngineRegisters copyEngines = new CopyEngineRegisters(reg, hal.engines());
            bar0.map(copyEngines.base(), CopyEngineRegisters.SIZE_BYTES, copyEngines.registers());
        });
    }

    private void mapEngines() {
        Usermode usermode = new Usermode(timer, host::doorbell);
        boot.map(bar0);
        bar0.map(InterruptTree.BASE, InterruptTree.SIZE_BYTES, tree.registers());
        bar0.map(VfMmu.BASE, VfMmu.SIZE, mmu.registers());
        bar0.map(Usermode.BASE, Usermode.SIZE_BYTES, usermode.registers());
        bar0.alias(Usermode.ALIAS_BASE, Usermode.SIZE_BYTES, Usermode.BASE - Usermode.ALIAS_BASE, usermode.registers());
        if (config.heads() > 0) {
            bar0.map(Display.REGISTERS_START, Display.REGISTERS_BYTES, display.registers());
        }
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
        Aperture aperture = aperture(region);
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
        Aperture aperture = aperture(region);
        if (region == CONFIG_REGION) {
            configSpace.space().write(offset, src, srcOffset, count);
        } else if (aperture != null && configSpace.space().memoryDecoded()) {
            aperture.write(offset, src, srcOffset, count);
        }
    }

    private @Nullable Aperture aperture(int region) {
        return switch (region) {
            case BAR0 -> bar0;
            case BAR1 -> mmu.bar1();
            case BAR3 -> mmu.bar2();
            default -> null;
        };
    }

    @Override
    public Interrupts interrupts() {
        return interrupts;
    }

    @Override
    public GuestMemory memory() {
        return guest;
    }

    /**
     * Makes the board as it was made: nothing of its former life shows. Waits for the engines' running passes, and takes
     * time with the memory that was in use, up to some 100 ms for 1 GiB.
     */
    @Override
    public void reset() {
        hold();
        try {
            resetParts();
        } finally {
            resume();
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
     */
    public void save(OutputStream to) throws IOException {
        hold();
        try {
            Snapshot.write(to, config, parts, store);
        } finally {
            resume();
        }
    }

    /**
     * Takes state that a board of the same configuration has saved. On the transport's thread, or while there is none.
     *
     * @throws StateException if the state cannot be taken; the board is reset then
     * @throws IOException if it cannot be read; the board is reset then
     */
    public void restore(InputStream from) throws IOException {
        hold();
        boolean taken = false;
        try {
            resetParts();
            restoreParts(Snapshot.read(from, config, store));
            taken = true;
        } finally {
            if (!taken) {
                resetParts();
            }
            resume();
        }
        engines.forEach(EngineThread::ring);
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
        parts.forEach(Stateful::reset);
        store.clear();
    }

    private void hold() {
        engines.forEach(EngineThread::hold);
    }

    private void resume() {
        engines.forEach(EngineThread::resume);
    }

    /**
     * Waits until no engine has anything to do. Any thread but the engines'.
     *
     * @param timeoutNs the longest wait
     * @return whether it came to that
     */
    public boolean drain(long timeoutNs) {
        long end = System.nanoTime() + timeoutNs;
        // An engine may ring one that was found idle before; so all must be idle twice in a row.
        int quietRounds = 0;
        while (quietRounds < 2) {
            quietRounds++;
            for (EngineThread engine : engines) {
                if (!engine.drain(0)) {
                    quietRounds = 0;
                    if (!engine.drain(end - System.nanoTime())) {
                        return false;
                    }
                }
            }
        }
        return true;
    }

    /**
     * What a head shows now. Any thread.
     *
     * @param head from 0
     * @return empty if the head is off
     * @throws IndexOutOfBoundsException if there is no such head
     */
    public Optional<Scanout> scanout(int head) {
        return display.scanout(head);
    }

    /**
     * Plugs or unplugs a head's monitor; the driver is told. Any thread.
     *
     * @param head from 0
     * @throws IndexOutOfBoundsException if there is no such head
     */
    public void plug(int head, boolean in) {
        display.plug(head, in);
    }

    /** Registers that were used and that nobody models, by address, since the board was made. Any thread. */
    public List<UnknownRegister> unknownRegisters() {
        return unknown.list();
    }

    /** How often drivers asked the GSP for something that it does not know, by name. Any thread. */
    public Map<String, Long> unknownCalls() {
        return gsp.unknownControls();
    }

    /** How often something went wrong, by what it is: faults of drivers, and {@code defects} of the model. Any thread. */
    public Map<String, Long> faults() {
        Map<String, Long> faults = new TreeMap<>(gsp.queueErrors());
        faults.put("BAR access reached nothing", mmu.barFaults());
        faults.put("falcon transfer reached nothing", boot.transferFaults());
        faults.put("FSP packet was no message", boot.droppedPackets());
        faults.put("unmodelled register was not remembered", unknown.overflows());
        faults.put("defects", engines.stream().mapToLong(EngineThread::defects).sum());
        return faults;
    }

    /** Ends the engines and gives the memory back. After the transport. Idempotent. */
    @Override
    public void close() {
        gsp.close();
        host.close();
        display.close();
        store.close();
    }
}
