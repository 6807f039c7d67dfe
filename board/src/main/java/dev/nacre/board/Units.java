package dev.nacre.board;

import dev.nacre.board.bus.Bar0;
import dev.nacre.board.bus.RegisterBank;
import dev.nacre.board.bus.UnknownRegisters;
import dev.nacre.board.disp.Display;
import dev.nacre.board.engine.EngineThread;
import dev.nacre.board.falcon.BooterProgram;
import dev.nacre.board.falcon.Falcon;
import dev.nacre.board.falcon.FalconDma;
import dev.nacre.board.falcon.FwsecProgram;
import dev.nacre.board.falcon.GspFalcon;
import dev.nacre.board.falcon.Sec2Falcon;
import dev.nacre.board.fb.MemoryInterface;
import dev.nacre.board.fb.Vram;
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
import dev.nacre.board.state.Stateful;
import dev.nacre.board.timer.Timer;
import dev.nacre.board.timer.Usermode;
import dev.nacre.board.vga.VgaPorts;
import dev.nacre.board.xve.ConfigMirror;
import dev.nacre.hw.regs.Pgsp;
import dev.nacre.hw.regs.Psec;
import dev.nacre.hw.regs.VfMmu;
import dev.nacre.hw.regs.Xve;
import dev.nacre.pci.ConfigSpace;
import dev.nacre.pci.GuestMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/** All units of a board, made and connected. */
final class Units implements AutoCloseable {
    /**
     * What units are made from.
     *
     * @param config the board
     * @param vram its memory
     * @param memory the host's memory
     * @param pciConfig its configuration space
     * @param message sends its message interrupt
     * @param clockNs a clock in nanoseconds
     */
    record Parts(
            BoardConfig config,
            Vram vram,
            GuestMemory memory,
            ConfigSpace pciConfig,
            Runnable message,
            LongSupplier clockNs) {}

    final UnknownRegisters unknown = new UnknownRegisters();
    final Bar0 bar0 = new Bar0(unknown);
    final Mmu mmu;
    final Gsp gsp;
    final Host host;
    final Display display;
    private final List<Stateful> stateful = new ArrayList<>();
    private final List<EngineThread> threads = new ArrayList<>();

    Units(Parts parts) {
        BoardConfig config = parts.config();
        ChipHal hal = ChipHal.of(config.chip());
        InterruptTree interrupts = new InterruptTree(parts.message());
        Timer timer = new Timer(parts.clockNs());
        MemoryInterface fb = new MemoryInterface(config.fbBytes());
        BusInterface pbus = new BusInterface(parts.vram());
        FalconDma dma = new FalconDma(parts.vram(), parts.memory());
        GspFalcon gspFalcon = new GspFalcon(
                dma, new FwsecProgram(pbus.registers(), fb, config.fbBytes()), interrupts, hal.gspStallVector());
        BooterProgram booter = new BooterProgram(gspFalcon, fb, parts.memory(), config.fbBytes());
        Sec2Falcon sec2Falcon = new Sec2Falcon(dma, booter);
        mmu = new Mmu(parts.vram(), parts.memory());
        display = new Display(hal, config.heads(), parts.vram(), parts.memory(), interrupts, timer::timeNs);
        gsp = new Gsp(hal, config, parts.vram(), parts.memory(), gspFalcon, mmu, display);
        host = new Host(hal, mmu, interrupts, gsp, timer::timeNs);
        gspFalcon.connect(gsp);
        gsp.connect(host);
        display.onHotplug(gsp);

        stateful.addAll(List.of(unknown, interrupts, timer, booter));
        mapSimple(parts, timer, interrupts, fb, pbus);
        falcon(gspFalcon.falcon(), Pgsp.BASE);
        falcon(sec2Falcon.falcon(), Psec.BASE);
        bar0.map(VfMmu.BASE, VfMmu.SIZE, mmu.registers());
        bar0.map(Display.REGISTERS_START, Display.REGISTERS_BYTES, display.registers());
        stateful.addAll(List.of(mmu, display, host, gsp));
        threads.add(gsp.thread());
        threads.addAll(host.threads());
        threads.addAll(display.threads());
    }

    private void mapSimple(Parts parts, Timer timer, InterruptTree interrupts, MemoryInterface fb, BusInterface pbus) {
        BoardConfig config = parts.config();
        MasterControl master = new MasterControl(config.chip());
        ConfigMirror mirror = new ConfigMirror(parts.pciConfig(), interrupts::rearm);
        Usermode usermode = new Usermode(timer, host::doorbell);
        bank(master.pmc(), MasterControl.PMC_BASE, MasterControl.SIZE_BYTES);
        bank(master.straps(), MasterControl.STRAPS_BASE, MasterControl.SIZE_BYTES);
        bank(pbus.registers(), BusInterface.BASE, BusInterface.SIZE_BYTES);
        bank(timer.registers(), Timer.BASE, Timer.SIZE_BYTES);
        bank(fb.flush(), MemoryInterface.FLUSH_BASE, MemoryInterface.SIZE_BYTES);
        bank(fb.pfb(), MemoryInterface.PFB_BASE, MemoryInterface.SIZE_BYTES);
        bank(fb.mmu(), MemoryInterface.MMU_BASE, MemoryInterface.SIZE_BYTES);
        bank(new SecureScratch(config.fbBytes()).registers(), SecureScratch.BASE, SecureScratch.SIZE_BYTES);
        bank(new Fuses(config.heads() > 0).registers(), Fuses.BASE, Fuses.SIZE_BYTES);
        bank(new VgaPorts().registers(), VgaPorts.BASE, VgaPorts.SIZE_BYTES);
        bank(interrupts.registers(), InterruptTree.BASE, InterruptTree.SIZE_BYTES);
        bank(usermode.registers(), Usermode.BASE, Usermode.SIZE_BYTES);
        bar0.alias(Usermode.ALIAS_BASE, Usermode.SIZE_BYTES, Usermode.BASE - Usermode.ALIAS_BASE, usermode.registers());
        stateful.add(mirror.registers());
        bar0.map(Xve.MIRROR_BASE, Xve.MIRROR_BYTES, mirror);
        bar0.map(Prom.BASE, Prom.SIZE_BYTES, new Prom(Vbios.build(config.chip())));
        bar0.map(PRAMIN_BASE, PRAMIN_BYTES, pbus.pramin());
    }

    // HW: open-gpu-doc dev_ram/PRAMIN: a window of 1 MiB.
    private static final int PRAMIN_BASE = 0x700000;
    private static final int PRAMIN_BYTES = 0x100000;

    private void bank(RegisterBank bank, int base, int sizeBytes) {
        bar0.map(base, sizeBytes, bank);
        stateful.add(bank);
    }

    private void falcon(Falcon falcon, int base) {
        bar0.map(base, Falcon.SIZE_BYTES, falcon.registers());
        stateful.add(falcon);
    }

    /** Every unit with state, in the order of saving and restoring. */
    List<Stateful> stateful() {
        return stateful;
    }

    /** The threads of all engines. */
    List<EngineThread> threads() {
        return threads;
    }

    /** Runs something while no engine does. */
    void exclusively(Runnable action) {
        threads.forEach(EngineThread::hold);
        try {
            action.run();
        } finally {
            threads.forEach(EngineThread::resume);
        }
    }

    @Override
    public void close() {
        gsp.close();
        host.close();
        display.close();
    }
}
