package dev.nacre.board.bus;

import dev.nacre.board.state.StateReader;
import dev.nacre.board.state.StateWriter;
import dev.nacre.board.state.Stateful;
import dev.nacre.hw.reg.Reg;
import dev.nacre.hw.reg.RegArray;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.IntSupplier;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The registers of a block, built from its table. A register stores what is written to it as its access says, unless
 * the block gives it a behaviour. The bank saves and restores itself by register name.
 *
 * <p>Registers are read and written by the socket's thread, and by the block through {@link #value}, {@link #set} and
 * {@link #or} on any thread: each register is read and written atomically, with volatile effect. Nothing here allocates
 * once the bank is built.
 */
public final class RegisterBank implements RegisterBlock, Stateful {
    /** What a write does. */
    @FunctionalInterface
    public interface WriteHook {
        /**
         * Takes a write. Called on the socket's thread.
         *
         * @param index which register of an array; 0 for a single one
         * @param old what was stored
         * @param value what is written
         * @return what to store
         */
        int write(int index, int old, int value);
    }

    /** What a read of a port does, besides giving a value. */
    @FunctionalInterface
    public interface PortRead {
        /**
         * Takes a read. Called on the socket's thread.
         *
         * @param index which register of an array; 0 for a single one
         */
        int read(int index);
    }

    private final String stateName;
    private final int base;
    private final @Nullable Cell[] cells;
    private final List<RegArray> stored;
    private final AtomicIntegerArray values;

    private RegisterBank(Builder builder) {
        this.stateName = builder.stateName;
        this.base = builder.base;
        this.cells = builder.cells;
        this.stored = List.copyOf(builder.stored);
        this.values = new AtomicIntegerArray(cells.length);
        reset();
    }

    /**
     * Starts a bank.
     *
     * @param stateName the bank's name in saved state
     * @param base address of its first byte in BAR0, a multiple of 4
     * @param sizeBytes bytes that it spans, a multiple of 4
     */
    public static Builder builder(String stateName, int base, int sizeBytes) {
        return new Builder(stateName, base, sizeBytes);
    }

    @Override
    public int read(int address) {
        int slot = slot(address);
        Cell cell = cells[slot];
        if (cell == null) {
            return 0;
        }
        if (cell.portRead != null) {
            return cell.portRead.read(cell.index);
        }
        return cell.access == Reg.Access.WO ? 0 : visible(cell, slot);
    }

    @Override
    public int peek(int address) {
        int slot = slot(address);
        Cell cell = cells[slot];
        // What is not written must be left as it is: for registers that act on ones (W1C, WO, ports) that is zero.
        if (cell == null || cell.port || cell.access == Reg.Access.W1C || cell.access == Reg.Access.WO) {
            return 0;
        }
        return visible(cell, slot);
    }

    @Override
    public void write(int address, int value) {
        int slot = slot(address);
        Cell cell = cells[slot];
        if (cell == null) {
            return;
        }
        if (cell.write != null) {
            int next = cell.write.write(cell.index, values.get(slot), value);
            if (cell.access == Reg.Access.RW && !cell.port) {
                values.set(slot, next);
            }
            return;
        }
        switch (cell.access) {
            case RW -> values.set(slot, value);
            case W1C -> and(slot, ~value);
            case RO, WO -> {}
        }
    }

    @Override
    public boolean models(int address) {
        return cells[slot(address)] != null;
    }

    /** What a register of this bank stores. */
    public int value(Reg reg) {
        return values.get(slotOf(reg));
    }

    /** Stores a register's value, whatever its access, without its behaviour. */
    public void set(Reg reg, int value) {
        values.set(slotOf(reg), value);
    }

    /** Sets bits of a register, atomically. */
    public void or(Reg reg, int bits) {
        int slot = slotOf(reg);
        int old = values.get(slot);
        while (!values.compareAndSet(slot, old, old | bits)) {
            old = values.get(slot);
        }
    }

    /** Clears bits of a register, atomically. */
    public void clear(Reg reg, int bits) {
        and(slotOf(reg), ~bits);
    }

    @Override
    public String stateName() {
        return stateName;
    }

    @Override
    public void save(StateWriter out) {
        for (RegArray row : stored) {
            int[] copy = new int[row.count()];
            for (int i = 0; i < copy.length; i++) {
                copy[i] = values.get(slot(row.first().offset() + i * row.strideBytes()));
            }
            out.put(row.first().name(), copy);
        }
    }

    /** Takes all registers. One that the saved state does not know, since it is older, gets its reset value. */
    @Override
    public void restore(StateReader in) {
        Map<RegArray, int[]> read = new HashMap<>();
        for (RegArray row : stored) {
            if (in.has(row.first().name())) {
                int[] copy = new int[row.count()];
                in.ints(row.first().name(), copy);
                read.put(row, copy);
            }
        }
        reset();
        read.forEach((row, copy) -> {
            for (int i = 0; i < copy.length; i++) {
                values.set(slot(row.first().offset() + i * row.strideBytes()), copy[i]);
            }
        });
    }

    @Override
    public void reset() {
        resetAllBut();
    }

    /** Returns all registers to their reset values but some. */
    public void resetAllBut(Reg... kept) {
        for (int slot = 0; slot < cells.length; slot++) {
            Cell cell = cells[slot];
            if (cell != null && !contains(kept, slot)) {
                values.set(slot, cell.reset);
            }
        }
    }

    private boolean contains(Reg[] regs, int slot) {
        for (Reg reg : regs) {
            if (slot(reg.offset()) == slot) {
                return true;
            }
        }
        return false;
    }

    private int visible(Cell cell, int slot) {
        return cell.computed == null ? values.get(slot) : cell.computed.applyAsInt(cell.index);
    }

    private void and(int slot, int mask) {
        int old = values.get(slot);
        while (!values.compareAndSet(slot, old, old & mask)) {
            old = values.get(slot);
        }
    }

    private int slot(int address) {
        return (address - base) >>> 2;
    }

    private int slotOf(Reg reg) {
        int slot = slot(reg.offset());
        if (slot >= cells.length || cells[slot] == null) {
            throw new IllegalArgumentException("Bank " + stateName + " has no register " + reg.name());
        }
        return slot;
    }

    private static final class Cell {
        final int index;
        final Reg.Access access;
        final int reset;

        @Nullable
        IntUnaryOperator computed;

        @Nullable
        PortRead portRead;

        @Nullable
        WriteHook write;

        boolean port;

        Cell(int index, Reg reg) {
            this.index = index;
            this.access = reg.access();
            this.reset = reg.reset();
        }
    }

    /** Collects the registers of a bank. Each register is given once. */
    public static final class Builder {
        private final String stateName;
        private final int base;
        private final @Nullable Cell[] cells;
        private final List<RegArray> stored = new ArrayList<>();

        private Builder(String stateName, int base, int sizeBytes) {
            if ((base & 3) != 0 || (sizeBytes & 3) != 0 || sizeBytes <= 0) {
                throw new IllegalArgumentException(
                        "Bank " + stateName + " is not dword-aligned: base=" + base + " size=" + sizeBytes);
            }
            this.stateName = stateName;
            this.base = base;
            this.cells = new @Nullable Cell[sizeBytes / 4];
        }

        /** Registers that store as their access says. */
        public Builder store(Reg... regs) {
            for (Reg reg : regs) {
                store(single(reg));
            }
            return this;
        }

        /** An array of such registers. */
        public Builder store(RegArray row) {
            add(row, cell -> {});
            stored.add(row);
            return this;
        }

        /** A register that always reads the same; writes are dropped. */
        public Builder constant(Reg reg, int value) {
            return computed(reg, () -> value);
        }

        /** A register that reads what {@code read} gives, which must have no side effect; writes are dropped. */
        public Builder computed(Reg reg, IntSupplier read) {
            return computed(single(reg), index -> read.getAsInt());
        }

        /** An array of such registers. */
        public Builder computed(RegArray row, IntUnaryOperator read) {
            return computed(row, read, (index, old, value) -> old);
        }

        /** A register that reads what {@code read} gives and whose writes go to {@code write}; nothing is stored. */
        public Builder computed(Reg reg, IntSupplier read, WriteHook write) {
            return computed(single(reg), index -> read.getAsInt(), write);
        }

        /** An array of such registers. */
        public Builder computed(RegArray row, IntUnaryOperator read, WriteHook write) {
            add(row, cell -> {
                cell.computed = read;
                cell.write = write;
            });
            return this;
        }

        /** A register that stores what {@code write} makes of a write. */
        public Builder onWrite(Reg reg, WriteHook write) {
            return onWrite(single(reg), write);
        }

        /** An array of such registers. */
        public Builder onWrite(RegArray row, WriteHook write) {
            add(row, cell -> cell.write = write);
            stored.add(row);
            return this;
        }

        /** Registers whose every read and write acts, such as data ports; nothing is stored. */
        public Builder port(RegArray row, PortRead read, WriteHook write) {
            add(row, cell -> {
                cell.port = true;
                cell.portRead = read;
                cell.write = write;
            });
            return this;
        }

        /** Makes the bank. */
        public RegisterBank build() {
            return new RegisterBank(this);
        }

        private static RegArray single(Reg reg) {
            return new RegArray(reg, 1, 4);
        }

        private void add(RegArray row, java.util.function.Consumer<Cell> behaviour) {
            for (int i = 0; i < row.count(); i++) {
                Reg reg = row.at(i);
                int slot = Objects.checkIndex((reg.offset() - base) >>> 2, cells.length);
                if (cells[slot] != null) {
                    throw new IllegalArgumentException("Bank " + stateName + " has two registers at " + reg.name());
                }
                Cell cell = new Cell(i, reg);
                behaviour.accept(cell);
                cells[slot] = cell;
            }
        }
    }
}
