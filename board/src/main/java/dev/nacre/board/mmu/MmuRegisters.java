package dev.nacre.board.mmu;

import dev.nacre.board.bus.RegisterBlock;
import dev.nacre.board.state.StateReader;
import dev.nacre.board.state.StateWriter;
import dev.nacre.hw.reg.Reg;
import dev.nacre.hw.reg.RegArray;
import dev.nacre.hw.regs.VfMmu;
import org.jspecify.annotations.Nullable;

/**
 * The memory management unit's registers. Only {@link VfMmu#INVALIDATE} does something; the others store what is written,
 * as their access says. Faults go to the GSP and never to the fault buffers.
 */
final class MmuRegisters implements RegisterBlock {
    private final Runnable invalidate;
    private final @Nullable Reg[] registers = new Reg[VfMmu.SIZE / 4];
    private final int[] values = new int[registers.length];

    MmuRegisters(Runnable invalidate) {
        this.invalidate = invalidate;
        VfMmu.REGISTERS.forEach(this::add);
        for (RegArray array : VfMmu.ARRAYS) {
            for (int i = 0; i < array.count(); i++) {
                add(array.at(i));
            }
        }
    }

    @Override
    public int read(int address) {
        return values[slot(address)];
    }

    @Override
    public int peek(int address) {
        return values[slot(address)];
    }

    @Override
    public void write(int address, int value) {
        int slot = slot(address);
        Reg register = registers[slot];
        if (register == null) {
            return;
        }
        if (address == VfMmu.INVALIDATE.offset()) {
            if (VfMmu.INVALIDATE_TRIGGER.get(value)) {
                invalidate.run();
            }
            values[slot] = VfMmu.INVALIDATE_TRIGGER.set(value, false);
            return;
        }
        switch (register.access()) {
            case RW -> values[slot] = value;
            case W1C -> values[slot] &= ~value;
            case RO, WO -> {}
        }
    }

    void save(StateWriter out) {
        out.put("registers", values);
    }

    void restore(StateReader in) {
        in.ints("registers", values);
    }

    void reset() {
        java.util.Arrays.fill(values, 0);
    }

    private void add(Reg register) {
        registers[slot(register.offset())] = register;
    }

    private static int slot(int address) {
        return (address - VfMmu.BASE) >>> 2;
    }
}
