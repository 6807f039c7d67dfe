package dev.nacre.board.ce;

import dev.nacre.board.state.StateException;
import dev.nacre.board.state.StateReader;
import dev.nacre.board.state.StateWriter;
import dev.nacre.hw.copy.Nvc7b5;
import dev.nacre.hw.reg.Reg;
import java.util.Arrays;

/**
 * A channel's state of the copy engine: what its methods have set, and how far its launch has got. Only the launch's
 * progress changes while it lasts, so that it can be saved between two pieces of work. One thread at a time.
 */
public final class CopyContext {
    private static final boolean[] IS_METHOD = new boolean[Nvc7b5.STATE_BYTES / 4];

    static {
        for (Reg method : Nvc7b5.METHODS) {
            if (method.offset() < Nvc7b5.STATE_BYTES) {
                IS_METHOD[method.offset() / 4] = true;
            }
        }
    }

    private final int[] values = new int[Nvc7b5.STATE_BYTES / 4];
    private boolean active;
    private boolean skipped;
    private long line;
    private long column;

    /** Makes the state of a new channel. */
    public CopyContext() {
        reset();
    }

    /** Whether a launch is not done yet. */
    public boolean isActive() {
        return active;
    }

    /** Puts the state, by name. */
    public void save(StateWriter out) {
        for (Reg method : Nvc7b5.METHODS) {
            if (isState(method)) {
                out.put(method.name(), get(method));
            }
        }
        out.put("active", active);
        out.put("skipped", skipped);
        out.put("line", line);
        out.put("column", column);
    }

    /**
     * Takes the state.
     *
     * @throws StateException if it is impossible
     */
    public void restore(StateReader in) {
        reset();
        for (Reg method : Nvc7b5.METHODS) {
            if (isState(method) && in.has(method.name())) {
                set(method, in.intValue(method.name()));
            }
        }
        active = in.booleanValue("active");
        skipped = in.booleanValue("skipped");
        line = in.longValue("line");
        column = in.longValue("column");
        if (line < 0 || column < 0) {
            throw new StateException("Impossible progress of a copy: line=" + line + " column=" + column);
        }
    }

    /** Whether there is a method that sets state at an address. */
    static boolean isMethod(int address) {
        return address < Nvc7b5.STATE_BYTES && IS_METHOD[address / 4];
    }

    int get(Reg method) {
        return values[method.offset() / 4];
    }

    /** A method's value as an unsigned number. */
    long unsigned(Reg method) {
        return Integer.toUnsignedLong(get(method));
    }

    /** A virtual address of 49 bits that is split over two methods. */
    // HW: clc7b5.h, *_UPPER 16:0
    long address(Reg upper, Reg lower) {
        return (get(upper) & 0x1ffffL) << 32 | unsigned(lower);
    }

    void set(Reg method, int value) {
        values[method.offset() / 4] = value;
    }

    void set(int address, int value) {
        values[address / 4] = value;
    }

    /** Begins a launch. */
    void begin(boolean isSkipped) {
        active = true;
        skipped = isSkipped;
        line = 0;
        column = 0;
    }

    void end() {
        active = false;
    }

    /** Whether the launch copies nothing because its condition is false. */
    boolean isSkipped() {
        return skipped;
    }

    long line() {
        return line;
    }

    long column() {
        return column;
    }

    /** Notes that a piece of the line was copied. */
    void advance(long count) {
        column += count;
    }

    void nextLine() {
        line++;
        column = 0;
    }

    private void reset() {
        Arrays.fill(values, 0);
        set(Nvc7b5.SET_RENDER_ENABLE_C, CopyEngine.RENDER_ENABLE_TRUE);
        active = false;
    }

    private static boolean isState(Reg method) {
        return method.offset() < Nvc7b5.STATE_BYTES;
    }
}
