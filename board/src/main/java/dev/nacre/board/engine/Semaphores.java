package dev.nacre.board.engine;

import dev.nacre.board.mmu.Access;
import dev.nacre.board.mmu.Extent;
import dev.nacre.board.mmu.Space;
import dev.nacre.hw.host.Reduction;
import java.lang.invoke.VarHandle;
import java.util.function.LongSupplier;

/**
 * Semaphores in memory, as host and engines release and reduce them. One for the board, so that reductions by two
 * engines do not lose each other's. Any thread. Addresses must be aligned to what is written.
 */
// HW: open-gpu-doc manuals/volta/gv100/dev_pbdma.ref.txt "Host Semaphore Methods"
public final class Semaphores {
    private final LongSupplier timeNs;
    private final Extent found = new Extent();

    /**
     * Makes them.
     *
     * @param timeNs the board's timer
     */
    public Semaphores(LongSupplier timeNs) {
        this.timeNs = timeNs;
    }

    /** Writes a payload of 32 or 64 bits. @throws dev.nacre.board.mmu.MmuFault if it cannot be reached */
    public void release(Space space, long address, long payload, boolean wide) {
        // ORDERING: all that the channel wrote before is seen by who sees the payload.
        VarHandle.fullFence();
        if (wide) {
            space.writeLong(address, payload);
        } else {
            space.writeInt(address, (int) payload);
        }
    }

    /**
     * Writes 16 bytes: payload, and time in nanoseconds.
     *
     * @throws dev.nacre.board.mmu.MmuFault if they cannot be reached
     */
    public void releaseTimestamped(Space space, long address, long payload) {
        // ORDERING: as in release; and the time is there before the payload.
        VarHandle.fullFence();
        space.writeLong(address + Long.BYTES, timeNs.getAsLong());
        VarHandle.releaseFence();
        space.writeLong(address, payload);
    }

    /** Writes the time behind a payload that is written by other means, before it. */
    public void timestamp(Space space, long address) {
        space.writeLong(address + Long.BYTES, timeNs.getAsLong());
    }

    /** Changes a value. @throws dev.nacre.board.mmu.MmuFault if it cannot be reached, or not atomically */
    public synchronized void reduce(
            Space space, long address, Reduction reduction, boolean unsigned, boolean wide, long payload) {
        space.require(address, wide ? Long.BYTES : Integer.BYTES, Access.ATOMIC, found);
        // ORDERING: as in release.
        VarHandle.fullFence();
        if (wide) {
            space.writeLong(address, reduced(reduction, unsigned, space.readLong(address), payload));
            return;
        }
        long value = extend(space.readInt(address), unsigned);
        space.writeInt(address, (int) reduced(reduction, unsigned, value, extend((int) payload, unsigned)));
    }

    private static long extend(int value, boolean unsigned) {
        return unsigned ? Integer.toUnsignedLong(value) : value;
    }

    private static long reduced(Reduction reduction, boolean unsigned, long value, long payload) {
        int order = unsigned ? Long.compareUnsigned(value, payload) : Long.compare(value, payload);
        return switch (reduction) {
            case IMIN -> order < 0 ? value : payload;
            case IMAX -> order > 0 ? value : payload;
            case IXOR -> value ^ payload;
            case IAND -> value & payload;
            case IOR -> value | payload;
            case IADD -> value + payload;
            case INC -> order >= 0 ? 0 : value + 1;
            case DEC -> value == 0 || order > 0 ? payload : value - 1;
        };
    }
}
