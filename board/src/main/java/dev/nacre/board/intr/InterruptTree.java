package dev.nacre.board.intr;

import dev.nacre.board.bus.RegisterBank;
import dev.nacre.board.state.StateReader;
import dev.nacre.board.state.StateWriter;
import dev.nacre.board.state.Stateful;
import dev.nacre.hw.regs.VirtualFunction;

/**
 * The interrupt tree: 256 vectors in leaves of 32, two leaves to a bit of the top. An engine sets a pending bit; one
 * message tells the driver, which asks the top, then the leaves, and writes ones to what it takes.
 *
 * <p>A message is sent when the first pending and enabled vector of an enabled subtree appears, and again when the
 * driver enables something or re-arms the message while such a vector is still pending. So no interrupt is lost,
 * whatever the driver does between; one too many is possible, and the driver finds nothing pending then.
 */
public final class InterruptTree implements InterruptLine, Stateful {
    /** Address of its registers. */
    public static final int BASE = 0xb81000;

    /** Bytes of its registers. */
    public static final int SIZE_BYTES = 0x1000;

    private static final int LEAVES = VirtualFunction.PRIV_CPU_INTR_LEAF.count();

    private final Runnable message;
    private final RegisterBank registers;

    // Guarded by this.
    private final int[] pending = new int[LEAVES];
    private final int[] enabled = new int[LEAVES];
    private int topEnabled;
    private boolean told;

    /**
     * Makes a tree with nothing pending and nothing enabled.
     *
     * @param message sends the function's message; must not block, nor call the tree
     */
    public InterruptTree(Runnable message) {
        this.message = message;
        this.registers = RegisterBank.builder("interrupt-registers", BASE, SIZE_BYTES)
                .computed(VirtualFunction.PRIV_CPU_INTR_LEAF, this::pending, (i, old, bits) -> clear(i, bits))
                .computed(VirtualFunction.PRIV_CPU_INTR_LEAF_EN_SET, this::enabled, (i, old, bits) -> enable(i, bits))
                .computed(
                        VirtualFunction.PRIV_CPU_INTR_LEAF_EN_CLEAR, this::enabled, (i, old, bits) -> disable(i, bits))
                .computed(VirtualFunction.PRIV_CPU_INTR_TOP, this::top)
                .computed(VirtualFunction.PRIV_CPU_INTR_TOP_EN_SET, this::topEnabled, (i, old, bits) -> enableTop(bits))
                .computed(
                        VirtualFunction.PRIV_CPU_INTR_TOP_EN_CLEAR,
                        this::topEnabled,
                        (i, old, bits) -> disableTop(bits))
                .onWrite(VirtualFunction.PRIV_CPU_INTR_LEAF_TRIGGER, (i, old, value) -> trigger(value))
                .build();
    }

    /** Its registers. */
    public RegisterBank registers() {
        return registers;
    }

    @Override
    public synchronized void raise(int vector) {
        pending[vector / 32] |= 1 << (vector % 32);
        tell();
    }

    /** The driver has taken the message and may be sent the next. */
    public synchronized void rearm() {
        told = false;
        tell();
    }

    @Override
    public String stateName() {
        return "interrupts";
    }

    @Override
    public synchronized void save(StateWriter out) {
        out.put("pending", pending);
        out.put("enabled", enabled);
        out.put("topEnabled", topEnabled);
    }

    /** Takes all state. If a vector is pending the message is sent again: the saved one may not have arrived. */
    @Override
    public synchronized void restore(StateReader in) {
        int[] newPending = new int[LEAVES];
        int[] newEnabled = new int[LEAVES];
        in.ints("pending", newPending);
        in.ints("enabled", newEnabled);
        topEnabled = in.intValue("topEnabled");
        System.arraycopy(newPending, 0, pending, 0, LEAVES);
        System.arraycopy(newEnabled, 0, enabled, 0, LEAVES);
        rearm();
    }

    @Override
    public synchronized void reset() {
        java.util.Arrays.fill(pending, 0);
        java.util.Arrays.fill(enabled, 0);
        topEnabled = 0;
        told = false;
    }

    private synchronized int pending(int leaf) {
        return pending[leaf];
    }

    private synchronized int clear(int leaf, int bits) {
        pending[leaf] &= ~bits;
        tell();
        return 0;
    }

    private synchronized int enabled(int leaf) {
        return enabled[leaf];
    }

    private synchronized int enable(int leaf, int bits) {
        enabled[leaf] |= bits;
        rearm();
        return 0;
    }

    private synchronized int disable(int leaf, int bits) {
        enabled[leaf] &= ~bits;
        tell();
        return 0;
    }

    private synchronized int top() {
        int top = 0;
        for (int leaf = 0; leaf < LEAVES; leaf++) {
            if ((pending[leaf] & enabled[leaf]) != 0) {
                top |= 1 << (leaf / 2);
            }
        }
        return top;
    }

    private synchronized int topEnabled() {
        return topEnabled;
    }

    private synchronized int enableTop(int bits) {
        topEnabled |= bits;
        rearm();
        return 0;
    }

    private synchronized int disableTop(int bits) {
        topEnabled &= ~bits;
        tell();
        return 0;
    }

    private int trigger(int value) {
        int vector = VirtualFunction.PRIV_CPU_INTR_LEAF_TRIGGER_VECTOR.get(value);
        if (vector < 32 * LEAVES) {
            raise(vector);
        }
        return 0;
    }

    // ORDERING: state and message are changed under one lock, so that a vector that becomes pending while the driver
    // enables the top is told by one of the two.
    private synchronized void tell() {
        boolean due = (top() & topEnabled) != 0;
        if (due && !told) {
            message.run();
        }
        told = due;
    }
}
