package dev.nacre.corejava.boot;

import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;
import dev.nacre.core.spi.DmaMemory;
import dev.nacre.corejava.falcon.Falcon;
import dev.nacre.corejava.hal.CoreHal;
import dev.nacre.corejava.intr.InterruptTree;
import dev.nacre.corejava.io.ConfigSpace;
import dev.nacre.corejava.io.Registers;
import dev.nacre.hw.regs.Pgc6;
import dev.nacre.hw.regs.Pgsp;
import dev.nacre.hw.regs.Psec;
import dev.nacre.hw.regs.Ptimer;

/**
 * A GPU without regard to its firmware.
 *
 * @param hal its chip
 * @param registers its registers
 * @param config its configuration space
 * @param dma memory that it reaches
 * @param flushPage page of that memory which the GPU reads to flush writes
 */
record Hardware(CoreHal hal, Registers registers, ConfigSpace config, DmaMemory dma, DmaMemory.Buffer flushPage) {
    private static final long MIB = 1 << 20;

    // HW: less and more than any board has
    private static final long LEAST_FB_BYTES = 256 * MIB;
    private static final long MOST_FB_BYTES = 1024 * 1024 * MIB;

    /** Bytes of its memory, once the board's own firmware is done. */
    long fbBytes() {
        long bytes = Integer.toUnsignedLong(registers.read(Pgc6.AON_SECURE_SCRATCH_GROUP_42)) * MIB;
        if (bytes < LEAST_FB_BYTES || bytes > MOST_FB_BYTES) {
            throw new CoreException(CoreError.IO, "The GPU tells an impossible size of its memory: bytes=" + bytes);
        }
        return bytes;
    }

    /** The GSP's falcon. */
    Falcon gsp() {
        return new Falcon("GSP", Pgsp.BASE, registers);
    }

    /** SEC2's. */
    Falcon sec2() {
        return new Falcon("SEC2", Psec.BASE, registers);
    }

    /** Has nothing interrupt, and tells the GPU its page to flush writes by. */
    void quiesce() {
        new InterruptTree(registers, hal.rearmsMessages()).disable();
        registers.write(Ptimer.INTR_EN_0, 0);
        int shift = hal.flushAddressShift();
        registers.write(hal.places().flushAddressHigh(), (int) (flushPage.iova() >>> (shift + Integer.SIZE)));
        registers.write(hal.places().flushAddress(), (int) (flushPage.iova() >>> shift));
    }
}
