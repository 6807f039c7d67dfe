package dev.nacre.board.bus;

import dev.nacre.board.UnknownRegister;
import dev.nacre.board.state.StateException;
import dev.nacre.board.state.StateReader;
import dev.nacre.board.state.StateWriter;
import dev.nacre.board.state.Stateful;
import dev.nacre.hw.regs.RegisterNames;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The one policy for registers that nobody models: they read what was written, at first zero, so that a driver's
 * read-modify-write works; and they are counted, so that they can be listed.
 *
 * <p>Zero and not NVIDIA's bad-read pattern (0xbadfxxxx): every driver that booted on the model did so with zeros, while
 * the pattern makes NVIDIA's own module report a lost device.
 *
 * <p>Bounded: the first {@value #CAPACITY} addresses are remembered; others read zero, swallow writes, and are only
 * counted. Nothing allocates but {@link #list}. Any thread.
 */
public final class UnknownRegisters implements RegisterBlock, Stateful {
    /** How many addresses are remembered. */
    static final int CAPACITY = 4096;

    private static final int SLOTS = 2 * CAPACITY;
    private static final int FREE = -1;

    private final int[] addresses = new int[SLOTS];
    private final int[] values = new int[SLOTS];
    private final long[] reads = new long[SLOTS];
    private final long[] writes = new long[SLOTS];
    private int used;
    private long overflows;

    /** Knows none yet. */
    public UnknownRegisters() {
        java.util.Arrays.fill(addresses, FREE);
    }

    @Override
    public synchronized int read(int address) {
        int slot = slot(address);
        if (slot == FREE) {
            overflows++;
            return 0;
        }
        reads[slot]++;
        return values[slot];
    }

    @Override
    public synchronized int peek(int address) {
        int slot = slot(address);
        return slot == FREE ? 0 : values[slot];
    }

    @Override
    public synchronized void write(int address, int value) {
        int slot = slot(address);
        if (slot == FREE) {
            overflows++;
            return;
        }
        writes[slot]++;
        values[slot] = value;
    }

    /** Accesses to addresses beyond those that are remembered. */
    public synchronized long overflows() {
        return overflows;
    }

    /** What was used, by address. */
    public synchronized List<UnknownRegister> list() {
        RegisterNames names = RegisterNames.all();
        List<UnknownRegister> list = new ArrayList<>();
        for (int slot = 0; slot < SLOTS; slot++) {
            if (addresses[slot] != FREE && reads[slot] + writes[slot] > 0) {
                list.add(new UnknownRegister(
                        addresses[slot], names.nameOf(addresses[slot]), reads[slot], writes[slot], values[slot]));
            }
        }
        list.sort(Comparator.comparingInt(UnknownRegister::address));
        return list;
    }

    @Override
    public String stateName() {
        return "unknown-registers";
    }

    /** Saves the values; the counts belong to this process. */
    @Override
    public synchronized void save(StateWriter out) {
        // By address: where an address is kept depends on what was used before it.
        int[] slots = IntStream.range(0, SLOTS)
                .filter(slot -> addresses[slot] != FREE && values[slot] != 0)
                .boxed()
                .sorted(Comparator.comparingInt(slot -> addresses[slot]))
                .mapToInt(Integer::intValue)
                .toArray();
        int[] pairs = new int[2 * slots.length];
        for (int i = 0; i < slots.length; i++) {
            pairs[2 * i] = addresses[slots[i]];
            pairs[2 * i + 1] = values[slots[i]];
        }
        out.put("count", slots.length);
        out.put("values", pairs);
    }

    @Override
    public synchronized void restore(StateReader in) {
        reset();
        int count = in.intValue("count");
        if (count < 0 || count > CAPACITY) {
            throw new StateException("Impossible number of registers: count=" + count);
        }
        int[] pairs = new int[2 * count];
        in.ints("values", pairs);
        for (int i = 0; i < pairs.length; i += 2) {
            int slot = (pairs[i] & 3) == 0 && pairs[i] >= 0 ? slot(pairs[i]) : FREE;
            if (slot == FREE) {
                reset();
                throw new StateException("Impossible register: address=0x" + Integer.toHexString(pairs[i]));
            }
            values[slot] = pairs[i + 1];
        }
    }

    /** Forgets the values; the counts stay. */
    @Override
    public synchronized void reset() {
        java.util.Arrays.fill(values, 0);
    }

    private int slot(int address) {
        // Multiplicative hashing of the dword's index; SLOTS is a power of two and never more than half full.
        int slot = ((address >>> 2) * 0x9e37_79b1) >>> (32 - Integer.numberOfTrailingZeros(SLOTS));
        while (addresses[slot] != address) {
            if (addresses[slot] == FREE) {
                if (used == CAPACITY) {
                    return FREE;
                }
                used++;
                addresses[slot] = address;
                return slot;
            }
            slot = (slot + 1) & (SLOTS - 1);
        }
        return slot;
    }
}
