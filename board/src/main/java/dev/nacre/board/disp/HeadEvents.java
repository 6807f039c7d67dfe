package dev.nacre.board.disp;

import dev.nacre.board.intr.InterruptLine;
import dev.nacre.board.state.StateReader;
import dev.nacre.board.state.StateWriter;
import dev.nacre.hw.regs.PdispHead;
import java.util.Arrays;

/** The timing events of the heads: which interrupt, which have happened. Guarded by the display's lock. */
final class HeadEvents {
    private static final int HEADS = 8;

    private final InterruptLine interrupts;
    private final int vector;
    private final int[] enabled = new int[HEADS];
    private final int[] pending = new int[HEADS];

    HeadEvents(InterruptLine interrupts, int vector) {
        this.interrupts = interrupts;
        this.vector = vector;
    }

    /** A head's vertical blanking has begun. */
    void vblank(int head) {
        if ((enabled[head] & PdispHead.EVENT_VBLANK) != 0) {
            pending[head] |= PdispHead.EVENT_VBLANK;
            interrupts.raise(vector);
        }
    }

    /** Whether anybody wants to know of a head's frames. */
    boolean wantsVblank(int head) {
        return (enabled[head] & PdispHead.EVENT_VBLANK) != 0;
    }

    int enabled(int head) {
        return enabled[head];
    }

    void enable(int head, int events) {
        enabled[head] = events;
        // An event that nobody wants any more must not hold the line.
        pending[head] &= events;
    }

    int pending(int head) {
        return pending[head];
    }

    /** Takes events as seen; the line is raised again for what is left. */
    void acknowledge(int head, int events) {
        pending[head] &= ~events;
        if (dispatch() != 0) {
            interrupts.raise(vector);
        }
    }

    /** Heads with pending events, a bit each. */
    int dispatch() {
        int heads = 0;
        for (int head = 0; head < HEADS; head++) {
            heads |= pending[head] != 0 ? 1 << head : 0;
        }
        return heads;
    }

    void reset() {
        Arrays.fill(enabled, 0);
        Arrays.fill(pending, 0);
    }

    void save(StateWriter out) {
        out.put("events.enabled", enabled);
        out.put("events.pending", pending);
    }

    void restore(StateReader in) {
        in.ints("events.enabled", enabled);
        in.ints("events.pending", pending);
    }
}
