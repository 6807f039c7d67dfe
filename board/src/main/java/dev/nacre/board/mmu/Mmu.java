package dev.nacre.board.mmu;

import dev.nacre.board.bus.Aperture;
import dev.nacre.board.bus.RegisterBank;
import dev.nacre.board.bus.RegisterBlock;
import dev.nacre.board.fb.Vram;
import dev.nacre.board.state.StateReader;
import dev.nacre.board.state.StateWriter;
import dev.nacre.board.state.Stateful;
import dev.nacre.hw.mmu.PageTableFormat;
import dev.nacre.hw.reg.RegArray;
import dev.nacre.hw.regs.RegisterNames;
import dev.nacre.hw.regs.VfMmu;
import dev.nacre.pci.GuestMemory;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory management unit. Each of its users has a {@link VirtualSpace} of its own, which keeps translations without
 * locks; an invalidation makes all of them start anew.
 */
public final class Mmu implements MmuControl, Stateful {
    /** Translations that a BAR keeps: 4 MiB of small pages, a frame and some. */
    private static final int BAR_ENTRIES = 1024;

    private final PhysicalMemory memory;
    private final Walker walker;
    private final AtomicLong generation = new AtomicLong();
    private final BarAperture bar1;
    private final BarAperture bar2;
    private final RegisterBank registers = bank();

    /**
     * Makes one, as after power-on.
     *
     * @param vram the board's memory
     * @param guest the host's memory, as the board may reach it
     * @param format the chip's page tables
     */
    public Mmu(Vram vram, GuestMemory guest, PageTableFormat format) {
        memory = new PhysicalMemory(vram, guest);
        walker = new Walker(memory, format);
        bar1 = new BarAperture(memory, space(BAR_ENTRIES));
        bar2 = new BarAperture(memory, space(BAR_ENTRIES));
    }

    /** The memory that the board reaches. */
    public PhysicalMemory memory() {
        return memory;
    }

    /**
     * Makes a space of virtual addresses for a new user; it has no page directory yet.
     *
     * @param entries translations that it keeps, a power of two
     */
    public VirtualSpace space(int entries) {
        return new VirtualSpace(memory, walker, generation, entries);
    }

    /** BAR1. */
    public Aperture bar1() {
        return bar1;
    }

    /** BAR2, which is region 3 of the PCI function. */
    public Aperture bar2() {
        return bar2;
    }

    /** The registers from 0xb83000 to 0xb83fff. */
    public RegisterBlock registers() {
        return registers;
    }

    /** Accesses to the BARs that reached nothing. */
    public long barFaults() {
        return bar1.faults() + bar2.faults();
    }

    @Override
    public void bar1PageDirectory(long pageDirectoryAddress) {
        bar1.pageDirectory(pageDirectoryAddress);
        invalidateAll();
    }

    @Override
    public void bar2PageDirectory(long pageDirectoryAddress) {
        bar2.pageDirectory(pageDirectoryAddress);
        invalidateAll();
    }

    @Override
    public void physicalBars() {
        bar1.pageDirectory(BarAperture.PHYSICAL);
        bar2.pageDirectory(BarAperture.PHYSICAL);
    }

    @Override
    public void invalidateAll() {
        generation.incrementAndGet();
    }

    @Override
    public String stateName() {
        return "mmu";
    }

    @Override
    public void save(StateWriter out) {
        out.put("bar1-page-directory", bar1.pageDirectory());
        out.put("bar2-page-directory", bar2.pageDirectory());
        StateWriter stored = new StateWriter();
        registers.save(stored);
        out.put("registers", stored);
    }

    @Override
    public void restore(StateReader in) {
        reset();
        long bar1Directory = in.longValue("bar1-page-directory");
        long bar2Directory = in.longValue("bar2-page-directory");
        registers.restore(in.group("registers"));
        bar1.pageDirectory(bar1Directory);
        bar2.pageDirectory(bar2Directory);
    }

    @Override
    public void reset() {
        physicalBars();
        registers.reset();
        invalidateAll();
    }

    /** All registers store what is written; faults go to the GSP and never to the fault buffers. */
    private RegisterBank bank() {
        RegisterBank.Builder bank = RegisterBank.builder("mmu-registers", VfMmu.BASE, VfMmu.SIZE);
        for (RegArray row : RegisterNames.rows(VfMmu.class)) {
            if (row.first().equals(VfMmu.INVALIDATE)) {
                bank.onWrite(row, this::invalidate);
            } else {
                bank.store(row);
            }
        }
        return bank.build();
    }

    private int invalidate(int index, int old, int value) {
        if (VfMmu.INVALIDATE_TRIGGER.get(value)) {
            invalidateAll();
        }
        return VfMmu.INVALIDATE_TRIGGER.set(value, false);
    }
}
