package dev.nacre.testsupport.driver;

import dev.nacre.hw.reg.RegArray;
import dev.nacre.hw.regs.Pmc;
import dev.nacre.hw.regs.VirtualFunction;
import dev.nacre.hw.regs.Xve;
import dev.nacre.linux.EventFd;
import dev.nacre.linux.PollSet;
import java.util.BitSet;

/** The interrupt tree and the message interrupt, handled as drivers' interrupt handlers do. One thread. */
final class InterruptTree implements AutoCloseable {
    private static final int ALL_TOPS = 0xf;
    private static final int LEAF_BITS = 32;

    // TIMEOUT: as Check's patience, in pieces.
    private static final int WAIT_MS = 20_000;

    private static final RegArray LEAF = VirtualFunction.PRIV_CPU_INTR_LEAF;

    private final Registers registers;
    private final Check check;
    private final EventFd event = EventFd.create();
    private final PollSet poll = new PollSet(1);
    private final BitSet seen = new BitSet();

    InterruptTree(Registers registers, Check check) {
        this.registers = registers;
        this.check = check;
        poll.set(0, event.fd());
    }

    /** Where the transport delivers the message interrupt. */
    EventFd event() {
        return event;
    }

    /** Disables and clears everything. */
    void quiesce() {
        registers.write(VirtualFunction.PRIV_CPU_INTR_TOP_EN_CLEAR, -1);
        for (int i = 0; i < LEAF.count(); i++) {
            registers.write(VirtualFunction.PRIV_CPU_INTR_LEAF_EN_CLEAR.at(i), -1);
            registers.write(LEAF.at(i), -1);
            registers.expect(LEAF.at(i), 0);
        }
        registers.expect(VirtualFunction.PRIV_CPU_INTR_TOP, 0);
        event.drain();
        seen.clear();
    }

    /** Enables a vector, and message interrupts in general. */
    void enable(int vector) {
        registers.write(VirtualFunction.PRIV_CPU_INTR_LEAF_EN_SET.at(vector / LEAF_BITS), 1 << (vector % LEAF_BITS));
        registers.write(VirtualFunction.PRIV_CPU_INTR_TOP_EN_SET, ALL_TOPS);
    }

    /** Triggers a vector in software, disabled and enabled, and sees it arrive. */
    void selfTest(int vector) {
        int leaf = vector / LEAF_BITS;
        int bit = 1 << (vector % LEAF_BITS);
        quiesce();
        registers.write(VirtualFunction.PRIV_CPU_INTR_TOP_EN_SET, ALL_TOPS);
        trigger(vector);
        registers.expect(LEAF.at(leaf), bit);
        registers.expect(VirtualFunction.PRIV_CPU_INTR_TOP, 0);
        check.equal("messages for a disabled vector", 0, event.drain());
        registers.write(VirtualFunction.PRIV_CPU_INTR_LEAF_EN_SET.at(leaf), bit);
        registers.expect(VirtualFunction.PRIV_CPU_INTR_TOP, 1 << (leaf / 2));
        await(vector);
        registers.expect(LEAF.at(leaf), 0);
        registers.expect(VirtualFunction.PRIV_CPU_INTR_TOP, 0);

        registers.write(VirtualFunction.PRIV_CPU_INTR_TOP_EN_CLEAR, ALL_TOPS);
        trigger(vector);
        registers.expect(VirtualFunction.PRIV_CPU_INTR_TOP, 1 << (leaf / 2));
        check.equal("messages while the top is disabled", 0, event.drain());
        registers.write(VirtualFunction.PRIV_CPU_INTR_TOP_EN_SET, ALL_TOPS);
        await(vector);
        quiesce();
    }

    /** Waits for a vector by the message interrupt. */
    void await(int vector) {
        long start = System.nanoTime();
        while (!seen.get(vector)) {
            long leftMs = WAIT_MS - (System.nanoTime() - start) / 1_000_000;
            if (leftMs <= 0 || poll.await((int) leftMs) == 0) {
                throw check.failure(
                        "message interrupt for vector " + vector,
                        "within " + WAIT_MS / 1000 + " s",
                        "none; leaf " + Check.hex(registers.read(LEAF.at(vector / LEAF_BITS)) & 0xffff_ffffL)
                                + ", vectors seen " + seen);
            }
            service();
        }
        seen.clear(vector);
    }

    /** The interrupt handler: collects and acknowledges all pending enabled vectors. */
    private void service() {
        if (event.drain() == 0) {
            return;
        }
        registers.write(VirtualFunction.PRIV_CPU_INTR_TOP_EN_CLEAR, ALL_TOPS);
        registers.write(Xve.CYA_2, 0);
        int top = registers.read(VirtualFunction.PRIV_CPU_INTR_TOP);
        for (int leaf = 0; leaf < LEAF.count(); leaf++) {
            if (((top >>> (leaf / 2)) & 1) != 0) {
                acknowledge(leaf);
            }
        }
        check.differ("NV_PMC_BOOT_0 in the interrupt handler", 0xffff_ffffL, registers.read(Pmc.BOOT_0) & 0xffff_ffffL);
        registers.write(VirtualFunction.PRIV_CPU_INTR_TOP_EN_SET, ALL_TOPS);
    }

    private void acknowledge(int leaf) {
        int enabled = registers.read(VirtualFunction.PRIV_CPU_INTR_LEAF_EN_SET.at(leaf));
        int pending = registers.read(LEAF.at(leaf)) & enabled;
        for (int bit = 0; bit < LEAF_BITS; bit++) {
            if (((pending >>> bit) & 1) != 0) {
                seen.set(leaf * LEAF_BITS + bit);
            }
        }
        registers.write(LEAF.at(leaf), pending);
    }

    private void trigger(int vector) {
        registers.write(
                VirtualFunction.PRIV_CPU_INTR_LEAF_TRIGGER,
                VirtualFunction.PRIV_CPU_INTR_LEAF_TRIGGER_VECTOR.set(0, vector));
    }

    @Override
    public void close() {
        poll.close();
        event.close();
    }
}
