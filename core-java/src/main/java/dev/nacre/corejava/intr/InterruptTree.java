package dev.nacre.corejava.intr;

import dev.nacre.corejava.io.Registers;
import dev.nacre.hw.reg.RegArray;
import dev.nacre.hw.regs.VirtualFunction;
import dev.nacre.hw.regs.Xve;
import java.util.Collection;
import java.util.function.IntConsumer;

/** The tree of interrupt vectors: leaves of 32 vectors, and a bit at the top for each two leaves. */
public final class InterruptTree {
    private static final RegArray LEAF = VirtualFunction.PRIV_CPU_INTR_LEAF;
    private static final int LEAF_BITS = Integer.SIZE;
    private static final int LEAVES_PER_TOP = 2;
    private static final int ALL_TOPS = (1 << (LEAF.count() / LEAVES_PER_TOP)) - 1;

    /** No vector is as large. */
    public static final int END = LEAF.count() * LEAF_BITS;

    private final Registers registers;
    private final boolean rearm;

    /**
     * The tree of a GPU.
     *
     * @param rearm whether a message interrupt must be armed again after each
     */
    public InterruptTree(Registers registers, boolean rearm) {
        this.registers = registers;
        this.rearm = rearm;
    }

    /** Has nothing interrupt any more, and forgets what is pending. */
    public void disable() {
        registers.write(VirtualFunction.PRIV_CPU_INTR_TOP_EN_CLEAR, -1);
        for (int leaf = 0; leaf < LEAF.count(); leaf++) {
            registers.write(VirtualFunction.PRIV_CPU_INTR_LEAF_EN_CLEAR.at(leaf), -1);
            registers.write(LEAF.at(leaf), -1);
        }
    }

    /** Has vectors interrupt. */
    public void enable(Collection<Integer> vectors) {
        for (int vector : vectors) {
            registers.write(VirtualFunction.PRIV_CPU_INTR_LEAF_EN_SET.at(vector / LEAF_BITS), 1 << vector % LEAF_BITS);
        }
        registers.write(VirtualFunction.PRIV_CPU_INTR_TOP_EN_SET, ALL_TOPS);
    }

    /**
     * Takes all pending vectors that are enabled, and lets the next interrupt come.
     *
     * @param handler is called for each, after it was acknowledged
     */
    public void service(IntConsumer handler) {
        registers.write(VirtualFunction.PRIV_CPU_INTR_TOP_EN_CLEAR, ALL_TOPS);
        if (rearm) {
            registers.write(Xve.CYA_2, 0);
        }
        int top = registers.read(VirtualFunction.PRIV_CPU_INTR_TOP);
        for (int leaf = 0; leaf < LEAF.count(); leaf++) {
            if (((top >>> (leaf / LEAVES_PER_TOP)) & 1) != 0) {
                service(leaf, handler);
            }
        }
        // ORDERING: what became pending meanwhile interrupts as soon as the tops are enabled again.
        registers.write(VirtualFunction.PRIV_CPU_INTR_TOP_EN_SET, ALL_TOPS);
    }

    private void service(int leaf, IntConsumer handler) {
        int enabled = registers.read(VirtualFunction.PRIV_CPU_INTR_LEAF_EN_SET.at(leaf));
        int pending = registers.read(LEAF.at(leaf)) & enabled;
        registers.write(LEAF.at(leaf), pending);
        // ORDERING: taken before its handler looks at memory; the read waits for the write.
        registers.read(LEAF.at(leaf));
        for (int bits = pending; bits != 0; bits &= bits - 1) {
            handler.accept(leaf * LEAF_BITS + Integer.numberOfTrailingZeros(bits));
        }
    }
}
