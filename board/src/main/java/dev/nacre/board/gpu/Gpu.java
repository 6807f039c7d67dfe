package dev.nacre.board.gpu;

import dev.nacre.board.UnknownRegister;
import dev.nacre.board.bus.Aperture;
import dev.nacre.board.bus.Bar0;
import dev.nacre.board.bus.UnknownRegisters;
import dev.nacre.board.ce.CopyEngineRegisters;
import dev.nacre.board.disp.Display;
import dev.nacre.board.engine.EngineSource;
import dev.nacre.board.engine.EngineWorker;
import dev.nacre.board.fb.MemoryInterface;
import dev.nacre.board.fb.Vram;
import dev.nacre.board.fb.VramStore;
import dev.nacre.board.fuse.Fuses;
import dev.nacre.board.gc6.SecureScratch;
import dev.nacre.board.gsp.Gsp;
import dev.nacre.board.hal.ChipHal;
import dev.nacre.board.hal.GpuModel;
import dev.nacre.board.host.Host;
import dev.nacre.board.intr.InterruptTree;
import dev.nacre.board.master.MasterControl;
import dev.nacre.board.mmu.Mmu;
import dev.nacre.board.pbus.BusInterface;
import dev.nacre.board.rom.Prom;
import dev.nacre.board.rom.Vbios;
import dev.nacre.board.state.Stateful;
import dev.nacre.board.telemetry.Sensors;
import dev.nacre.board.timer.Timer;
import dev.nacre.board.timer.Usermode;
import dev.nacre.board.vga.VgaPorts;
import dev.nacre.board.vgpu.GuestGpus;
import dev.nacre.board.vgpu.PluginDoorbell;
import dev.nacre.board.xve.ConfigMirror;
import dev.nacre.board.xve.MirroredConfig;
import dev.nacre.hw.regs.RegisterPlaces;
import dev.nacre.hw.regs.VfMmu;
import dev.nacre.hw.regs.XalEp;
import dev.nacre.hw.regs.Xve;
import dev.nacre.pci.Bar;
import dev.nacre.pci.GuestMemory;
import dev.nacre.pci.Interrupts;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A GPU: all units behind the BARs of a function, without the function. It reaches exactly the memory that it is given, and
 * tells nobody but the interrupts that it is given.
 */
public final class Gpu implements AutoCloseable {
    // HW: an L40 as lspci shows it, but for BAR1, which has 64 GiB there: a guest's firmware finds room for this one.
    /** The BAR of the registers. */
    public static final Bar REGISTERS = Bar.memory32(Bar0.SIZE_BYTES);

    /** The BAR of the memory. */
    public static final Bar MEMORY = Bar.memory64(256L << 20);

    /** The BAR of instance blocks. */
    public static final Bar INSTANCE = Bar.memory64(32L << 20);

    /** What {@link #faults} calls passes of engines that ended by an exception. */
    public static final String DEFECTS = "defects";

    /** Number of the BAR of the registers. */
    public static final int REGISTERS_BAR = 0;

    /** Number of the BAR of the memory. */
    public static final int MEMORY_BAR = 1;

    /** Number of what drivers call BAR2, the aperture for instance blocks. */
    public static final int INSTANCE_BAR = 3;

    /**
     * What a GPU works on.
     *
     * @param store its memory; it stays the caller's
     * @param guest memory that it reaches by DMA
     * @param interrupts of the function that shows it: message 0 is used
     * @param config config space as its registers show it
     * @param clockNs nanoseconds that never go back, from any start; asked by any thread
     * @param engines give its runlists the workers that they run on
     * @param sensors how it is
     */
    public record Around(
            VramStore store,
            GuestMemory guest,
            Interrupts interrupts,
            MirroredConfig config,
            LongSupplier clockNs,
            EngineSource engines,
            Sensors sensors) {}

    private final GpuModel model;
    private final UnknownRegisters unknown = new UnknownRegisters();
    private final Bar0 bar0 = new Bar0(unknown);
    private final Timer timer;
    private final InterruptTree tree;
    private final BootUnits boot;
    private final Mmu mmu;
    private final Display display;
    private final Gsp gsp;
    private final Host host;
    private final List<EngineWorker> engines;
    private final List<Stateful> parts = new ArrayList<>();

    /** Makes one as after power-on, but for its memory's content. */
    public Gpu(GpuModel model, Around around) {
        this.model = model;
        ChipHal hal = model.hal();
        Vram vram = around.store().vram();
        Interrupts interrupts = around.interrupts();
        timer = new Timer(around.clockNs());
        tree = new InterruptTree(() -> interrupts.message(0));
        MemoryInterface memory = new MemoryInterface(vram.sizeBytes(), hal.places());
        BusInterface pbus = new BusInterface(vram, hal.places());
        boot = BootUnits.of(hal, new BootUnits.Around(vram, around.guest(), memory, pbus, tree));

        mmu = new Mmu(vram, around.guest(), hal.pageTables());
        display = new Display(hal, model.heads(), vram, around.guest(), tree, around.clockNs());
        Gsp.Subject subject = new Gsp.Subject(model, around.sensors(), timer::timeNs);
        gsp = new Gsp(subject, vram, around.guest(), boot.gsp(), mmu, display);
        host = new Host(hal, mmu, tree, gsp, timer::timeNs, around.engines());
        gsp.connect(host);
        boot.gsp().connect(gsp);
        display.onHotplug(gsp);

        engines = new ArrayList<>(List.of(gsp.thread()));
        engines.addAll(host.workers());
        engines.addAll(display.threads());
        mapUnits(memory, pbus);
        mapPlaces(memory, pbus, around.config());
        mapEngines();
        // Channels before the objects that name them; what sends a message last.
        parts.addAll(List.of(unknown, timer));
        parts.addAll(boot.parts());
        parts.addAll(List.of(mmu, host, display, gsp, tree));
    }

    private void mapUnits(MemoryInterface memory, BusInterface pbus) {
        MasterControl master = new MasterControl(model.hal().chip());
        VgaPorts vga = new VgaPorts();
        bar0.map(MasterControl.PMC_BASE, MasterControl.SIZE_BYTES, master.pmc());
        bar0.map(MasterControl.STRAPS_BASE, MasterControl.SIZE_BYTES, master.straps());
        bar0.map(BusInterface.BASE, BusInterface.SIZE_BYTES, pbus.registers());
        bar0.map(BusInterface.PRAMIN_BASE, BusInterface.PRAMIN_BYTES, pbus.pramin());
        bar0.map(Timer.BASE, Timer.SIZE_BYTES, timer.registers());
        bar0.map(MemoryInterface.FLUSH_BASE, MemoryInterface.SIZE_BYTES, memory.flush());
        bar0.map(MemoryInterface.PFB_BASE, MemoryInterface.SIZE_BYTES, memory.pfb());
        bar0.map(MemoryInterface.MMU_BASE, MemoryInterface.SIZE_BYTES, memory.mmu());
        bar0.map(SecureScratch.BASE, SecureScratch.SIZE_BYTES, new SecureScratch(model.fbBytes()).registers());
        bar0.map(Prom.BASE, Prom.SIZE_BYTES, new Prom(Vbios.build(model.deviceId())));
        bar0.map(VgaPorts.BASE, VgaPorts.SIZE_BYTES, vga.registers());
        bar0.map(Fuses.BASE, Fuses.SIZE_BYTES, new Fuses(model.heads() > 0).registers());
        parts.addAll(List.of(master.pmc(), pbus.registers(), memory.pfb(), memory.mmu(), vga.registers()));
    }

    /** The units whose place differs by chip. */
    private void mapPlaces(MemoryInterface memory, BusInterface pbus, MirroredConfig config) {
        RegisterPlaces places = model.hal().places();
        ConfigMirror mirror = new ConfigMirror(config, tree::rearm, places.configMirror());
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
            CopyEngineRegisters copyEngines =
                    new CopyEngineRegisters(reg, model.hal().engines());
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
        if (model.heads() > 0) {
            bar0.map(Display.REGISTERS_START, Display.REGISTERS_BYTES, display.registers());
        }
    }

    /** Lets the firmware make guests' GPUs, on a board that can have virtual functions; before the first access. */
    public void share(GuestGpus guests) {
        gsp.connect(guests);
        bar0.map(PluginDoorbell.BASE, PluginDoorbell.SIZE_BYTES, new PluginDoorbell(gsp::pluginDoorbell).registers());
    }

    /** What it is. */
    public GpuModel model() {
        return model;
    }

    /** What answers a BAR; null if nothing does. */
    public @Nullable Aperture aperture(int bar) {
        return switch (bar) {
            case REGISTERS_BAR -> bar0;
            case MEMORY_BAR -> mmu.bar1();
            case INSTANCE_BAR -> mmu.bar2();
            default -> null;
        };
    }

    /** The firmware. */
    public Gsp gsp() {
        return gsp;
    }

    /** Channels and the engines that run them. */
    public Host host() {
        return host;
    }

    /** The display engine. */
    public Display display() {
        return display;
    }

    /** All that has state, in the order in which it is to be restored; the last one sends messages. */
    public List<Stateful> parts() {
        return List.copyOf(parts);
    }

    /** Makes it as it was made, but for its memory's content. Waits for the engines' running passes. */
    public void reset() {
        hold();
        try {
            parts.forEach(Stateful::reset);
        } finally {
            resume();
        }
    }

    /** Stops the engines between two passes until {@link #resume}; returns when they stand. */
    public void hold() {
        engines.forEach(EngineWorker::hold);
    }

    /** Ends one {@link #hold}. */
    public void resume() {
        engines.forEach(EngineWorker::resume);
    }

    /** Has the engines look for work. */
    public void ring() {
        engines.forEach(EngineWorker::ring);
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
            for (EngineWorker engine : engines) {
                if (!engine.drain(0)) {
                    quietRounds = 0;
                    if (!engine.drain(end - System.nanoTime())) {
                        return false;
                    }
                }
            }
            if (!gsp.drainPlugins(0)) {
                quietRounds = 0;
                if (!gsp.drainPlugins(end - System.nanoTime())) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Registers that were used and that nobody models, by address, since it was made. Any thread. */
    public List<UnknownRegister> unknownRegisters() {
        return unknown.list();
    }

    /** How often something went wrong, by what it is: faults of drivers, and {@code defects} of the model. Any thread. */
    public Map<String, Long> faults() {
        Map<String, Long> faults = new TreeMap<>(gsp.queueErrors());
        faults.put("BAR access reached nothing", mmu.barFaults());
        faults.put("channel failed", host.statistics().channelErrors());
        faults.put("falcon transfer reached nothing", boot.transferFaults());
        faults.put("FSP packet was no message", boot.droppedPackets());
        faults.put("unmodelled register was not remembered", unknown.overflows());
        faults.put(
                DEFECTS,
                gsp.pluginDefects()
                        + engines.stream().mapToLong(EngineWorker::defects).sum());
        return faults;
    }

    /** Ends the engines: nothing of it reaches memory any more when this returns. Idempotent. */
    @Override
    public void close() {
        gsp.close();
        host.close();
        display.close();
    }
}
