package dev.nacre.board.ce;

import dev.nacre.board.engine.Semaphores;
import dev.nacre.board.engine.WorkBudget;
import dev.nacre.board.mmu.Access;
import dev.nacre.board.mmu.Extent;
import dev.nacre.board.mmu.MmuFault;
import dev.nacre.board.mmu.PhysicalMemory;
import dev.nacre.board.mmu.PhysicalSpace;
import dev.nacre.board.mmu.Space;
import dev.nacre.hw.copy.Nvc7b5;
import dev.nacre.hw.host.Reduction;
import dev.nacre.hw.mmu.FaultType;
import dev.nacre.pci.DmaFault;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A copy engine: executes the launches of channels, each in as many pieces as its budget makes of it. One thread at a
 * time, that of its runlist; allocates nothing.
 */
public final class CopyEngine {
    /** Mode of SET_RENDER_ENABLE_C in which every launch copies. */
    static final int RENDER_ENABLE_TRUE = 1;

    /**
     * Longest piece of a copy: about half a millisecond. HotSpot copies from 2.5 MB on past the caches, a quarter faster
     * than it copies the same in shorter pieces.
     */
    private static final long PIECE_BYTES = 4 << 20;

    /** Bytes of lines that go through the buffers at once. */
    private static final int BUFFER_BYTES = 64 << 10;

    /** What starting a piece costs, in bytes copied. */
    private static final long PIECE_COST = 256;

    /** How many times longer a byte takes that is not merely copied. */
    private static final long REARRANGED_COST = 16;

    private final Semaphores semaphores;
    private final PhysicalMemory memory;
    private final Runnable interrupt;
    private final PhysicalSpace video;
    private final PhysicalSpace system;
    private final Extent from = new Extent();
    private final Extent to = new Extent();
    private final CopySurface source = new CopySurface();
    private final CopySurface destination = new CopySurface();
    private final Remap remap = new Remap();
    private final byte[] in = new byte[BUFFER_BYTES];
    private final byte[] out = new byte[BUFFER_BYTES];
    private final MemorySegment inSegment = MemorySegment.ofArray(in);
    private final MemorySegment outSegment = MemorySegment.ofArray(out);
    private final AtomicLong launches = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();

    /**
     * Makes one.
     *
     * @param interrupt raises its non-stall interrupt
     */
    public CopyEngine(PhysicalMemory memory, Semaphores semaphores, Runnable interrupt) {
        this.memory = memory;
        this.semaphores = semaphores;
        this.interrupt = interrupt;
        this.video = new PhysicalSpace(memory, false);
        this.system = new PhysicalSpace(memory, true);
    }

    /** Launches since the start. Any thread. */
    public long launches() {
        return launches.get();
    }

    /** Bytes written by copies since the start. Any thread. */
    public long bytes() {
        return bytes.get();
    }

    /**
     * Takes a method. A launch is only begun: {@link #run} does it, and no other method may come before it is done.
     *
     * @param space the channel's virtual addresses
     * @param address method address in bytes, a multiple of 4
     * @return false if there is no such method
     */
    public boolean method(CopyContext context, Space space, int address, int data) {
        if (!CopyContext.isMethod(address)) {
            return address == Nvc7b5.PM_TRIGGER_END.offset();
        }
        context.set(address, data);
        if (address == Nvc7b5.LAUNCH_DMA.offset()) {
            launches.lazySet(launches.get() + 1);
            context.begin(!isEnabled(context, space));
        } else if (address == Nvc7b5.SET_SRC_ORIGIN.offset()) {
            context.set(Nvc7b5.SRC_ORIGIN_X, Nvc7b5.SET_DST_ORIGIN_X.get(data));
            context.set(Nvc7b5.SRC_ORIGIN_Y, Nvc7b5.SET_DST_ORIGIN_Y.get(data));
        } else if (address == Nvc7b5.SET_DST_ORIGIN.offset()) {
            context.set(Nvc7b5.DST_ORIGIN_X, Nvc7b5.SET_DST_ORIGIN_X.get(data));
            context.set(Nvc7b5.DST_ORIGIN_Y, Nvc7b5.SET_DST_ORIGIN_Y.get(data));
        }
        return true;
    }

    /**
     * Goes on with a launch until it is done or the budget is spent.
     *
     * @return whether it is done
     * @throws MmuFault if memory cannot be reached
     * @throws CopyError if the launch is impossible
     */
    public boolean run(CopyContext context, Space space, WorkBudget budget) {
        int launch = context.get(Nvc7b5.LAUNCH_DMA);
        boolean copies = !context.isSkipped() && Nvc7b5.LAUNCH_DMA_DATA_TRANSFER_TYPE.get(launch) != 0;
        if (copies && !copy(context, launch, space, budget)) {
            return false;
        }
        context.end();
        finish(context, launch, space);
        return true;
    }

    private boolean copy(CopyContext context, int launch, Space space, WorkBudget budget) {
        if (context.get(Nvc7b5.LINE_LENGTH_IN) == 0) {
            return true;
        }
        Space src = Nvc7b5.LAUNCH_DMA_SRC_TYPE_PHYSICAL.get(launch)
                ? physical(context.get(Nvc7b5.SET_SRC_PHYS_MODE))
                : space;
        Space dst = Nvc7b5.LAUNCH_DMA_DST_TYPE_PHYSICAL.get(launch)
                ? physical(context.get(Nvc7b5.SET_DST_PHYS_MODE))
                : space;
        boolean plain = Nvc7b5.LAUNCH_DMA_SRC_MEMORY_LAYOUT_PITCH.get(launch)
                && Nvc7b5.LAUNCH_DMA_DST_MEMORY_LAYOUT_PITCH.get(launch)
                && !Nvc7b5.LAUNCH_DMA_REMAP_ENABLE.get(launch);
        return plain ? copyPlain(context, launch, src, dst, budget) : copyRearranged(context, launch, src, dst, budget);
    }

    private Space physical(int mode) {
        return switch (Nvc7b5.SET_SRC_PHYS_MODE_TARGET.get(mode)) {
            case 0 -> video;
            case 1, 2 -> system;
            default -> throw new CopyError("There is no peer: mode=0x" + Integer.toHexString(mode));
        };
    }

    /** Bytes to bytes, in pieces as long as memory is contiguous. */
    private boolean copyPlain(CopyContext context, int launch, Space src, Space dst, WorkBudget budget) {
        long length = context.unsigned(Nvc7b5.LINE_LENGTH_IN);
        long lines = lines(context, launch);
        long pitchIn = context.get(Nvc7b5.PITCH_IN);
        long pitchOut = context.get(Nvc7b5.PITCH_OUT);
        if (pitchIn == length && pitchOut == length && lines < (1L << 31)) {
            // Lines without gaps are one long line.
            length *= lines;
            lines = 1;
        }
        long in0 = context.address(Nvc7b5.OFFSET_IN_UPPER, Nvc7b5.OFFSET_IN_LOWER);
        long out0 = context.address(Nvc7b5.OFFSET_OUT_UPPER, Nvc7b5.OFFSET_OUT_LOWER);
        while (context.line() < lines) {
            while (context.column() < length) {
                if (budget.isSpent()) {
                    return false;
                }
                long srcAddress = in0 + context.line() * pitchIn + context.column();
                long dstAddress = out0 + context.line() * pitchOut + context.column();
                long most = Math.min(length - context.column(), PIECE_BYTES);
                long count = copyPiece(src, srcAddress, dst, dstAddress, most);
                context.advance(count);
                budget.spend(count + PIECE_COST);
            }
            context.nextLine();
        }
        return true;
    }

    private static long lines(CopyContext context, int launch) {
        return Nvc7b5.LAUNCH_DMA_MULTI_LINE_ENABLE.get(launch) ? context.unsigned(Nvc7b5.LINE_COUNT) : 1;
    }

    private long copyPiece(Space src, long srcAddress, Space dst, long dstAddress, long most) {
        long readable = src.require(srcAddress, most, Access.READ, from);
        long count = dst.require(dstAddress, readable, Access.WRITE, to);
        try {
            if (!to.isSparse() && from.isSparse()) {
                memory.clear(to.isSystem(), to.address(), count);
            } else if (!to.isSparse()) {
                memory.copy(from, to, count);
            }
        } catch (DmaFault e) {
            throw new MmuFault(e.isWrite() ? dstAddress : srcAddress, FaultType.UNSUPPORTED_APERTURE);
        }
        bytes.lazySet(bytes.get() + count);
        return count;
    }

    /** Elements to elements, through buffers. */
    private boolean copyRearranged(CopyContext context, int launch, Space src, Space dst, WorkBudget budget) {
        setUp(context, launch);
        if (remap.isZero() && Nvc7b5.LAUNCH_DMA_DST_MEMORY_LAYOUT_PITCH.get(launch)) {
            return clear(context, launch, dst, budget);
        }
        long length = context.unsigned(Nvc7b5.LINE_LENGTH_IN);
        long lines = lines(context, launch);
        int most = BUFFER_BYTES / Math.max(remap.sourceBytes(), remap.destinationBytes());
        boolean fills = !remap.readsSource() && !remap.keepsSome();
        if (fills) {
            remap.apply(in, out, (int) Math.min(most, length));
        }
        while (context.line() < lines) {
            while (context.column() < length) {
                if (budget.isSpent()) {
                    return false;
                }
                int count = (int) Math.min(most, length - context.column());
                long written = (long) count * remap.destinationBytes();
                if (fills) {
                    destination.write(
                            dst, context.column() * remap.destinationBytes(), context.line(), outSegment, written);
                    budget.spend(written + PIECE_COST);
                } else {
                    rearrange(context, src, dst, count);
                    budget.spend(REARRANGED_COST * written + PIECE_COST);
                }
                context.advance(count);
                bytes.lazySet(bytes.get() + written);
            }
            context.nextLine();
        }
        return true;
    }

    /**
     * Zeros to lines, in pieces as long as memory is contiguous. Pieces end at multiples of their greatest length, so that
     * they consist of whole pages but for the first and the last.
     */
    private boolean clear(CopyContext context, int launch, Space dst, WorkBudget budget) {
        long length = context.unsigned(Nvc7b5.LINE_LENGTH_IN) * remap.destinationBytes();
        long lines = lines(context, launch);
        long pitch = context.get(Nvc7b5.PITCH_OUT);
        if (pitch == length && lines < (1L << 31)) {
            length *= lines;
            lines = 1;
        }
        long start = context.address(Nvc7b5.OFFSET_OUT_UPPER, Nvc7b5.OFFSET_OUT_LOWER);
        while (context.line() < lines) {
            while (context.column() < length) {
                if (budget.isSpent()) {
                    return false;
                }
                long address = start + context.line() * pitch + context.column();
                long most = Math.min(length - context.column(), PIECE_BYTES - (address & (PIECE_BYTES - 1)));
                long count = dst.require(address, most, Access.WRITE, to);
                clearPiece(address, count);
                context.advance(count);
                budget.spend(count + PIECE_COST);
            }
            context.nextLine();
        }
        return true;
    }

    private void clearPiece(long address, long count) {
        try {
            if (!to.isSparse()) {
                memory.clear(to.isSystem(), to.address(), count);
            }
        } catch (DmaFault e) {
            throw new MmuFault(address, FaultType.UNSUPPORTED_APERTURE);
        }
        bytes.lazySet(bytes.get() + count);
    }

    private void rearrange(CopyContext context, Space src, Space dst, int count) {
        long srcColumn = context.column() * remap.sourceBytes();
        long dstColumn = context.column() * remap.destinationBytes();
        long srcCount = (long) count * remap.sourceBytes();
        long dstCount = (long) count * remap.destinationBytes();
        if (remap.readsSource()) {
            source.read(src, srcColumn, context.line(), inSegment, srcCount);
        }
        if (remap.isIdentity()) {
            destination.write(dst, dstColumn, context.line(), inSegment, dstCount);
            return;
        }
        if (remap.keepsSome()) {
            destination.read(dst, dstColumn, context.line(), outSegment, dstCount);
        }
        remap.apply(in, out, count);
        destination.write(dst, dstColumn, context.line(), outSegment, dstCount);
    }

    private void setUp(CopyContext context, int launch) {
        if (Nvc7b5.LAUNCH_DMA_REMAP_ENABLE.get(launch)) {
            remap.components(
                    context.get(Nvc7b5.SET_REMAP_COMPONENTS),
                    context.get(Nvc7b5.SET_REMAP_CONST_A),
                    context.get(Nvc7b5.SET_REMAP_CONST_B));
        } else {
            remap.identity();
        }
        long srcAddress = context.address(Nvc7b5.OFFSET_IN_UPPER, Nvc7b5.OFFSET_IN_LOWER);
        if (Nvc7b5.LAUNCH_DMA_SRC_MEMORY_LAYOUT_PITCH.get(launch)) {
            source.pitchLinear(srcAddress, context.get(Nvc7b5.PITCH_IN));
        } else {
            long element = remap.sourceBytes();
            source.blockLinear(
                    srcAddress,
                    context.get(Nvc7b5.SET_SRC_BLOCK_SIZE),
                    context.unsigned(Nvc7b5.SET_SRC_WIDTH) * element,
                    context.unsigned(Nvc7b5.SET_SRC_HEIGHT));
            source.origin(
                    context.unsigned(Nvc7b5.SRC_ORIGIN_X) * element,
                    context.unsigned(Nvc7b5.SRC_ORIGIN_Y),
                    context.unsigned(Nvc7b5.SET_SRC_LAYER));
        }
        long dstAddress = context.address(Nvc7b5.OFFSET_OUT_UPPER, Nvc7b5.OFFSET_OUT_LOWER);
        if (Nvc7b5.LAUNCH_DMA_DST_MEMORY_LAYOUT_PITCH.get(launch)) {
            destination.pitchLinear(dstAddress, context.get(Nvc7b5.PITCH_OUT));
        } else {
            long element = remap.destinationBytes();
            destination.blockLinear(
                    dstAddress,
                    context.get(Nvc7b5.SET_DST_BLOCK_SIZE),
                    context.unsigned(Nvc7b5.SET_DST_WIDTH) * element,
                    context.unsigned(Nvc7b5.SET_DST_HEIGHT));
            destination.origin(
                    context.unsigned(Nvc7b5.DST_ORIGIN_X) * element,
                    context.unsigned(Nvc7b5.DST_ORIGIN_Y),
                    context.unsigned(Nvc7b5.SET_DST_LAYER));
        }
    }

    private boolean isEnabled(CopyContext context, Space space) {
        int mode = Nvc7b5.SET_RENDER_ENABLE_C_MODE.get(context.get(Nvc7b5.SET_RENDER_ENABLE_C));
        if (mode <= RENDER_ENABLE_TRUE) {
            return mode == RENDER_ENABLE_TRUE;
        }
        long address = context.address(Nvc7b5.SET_RENDER_ENABLE_A, Nvc7b5.SET_RENDER_ENABLE_B);
        int value = space.readInt(address);
        return switch (mode) {
            case 2 -> value != 0;
            case 3 -> value == space.readInt(address + 16);
            case 4 -> value != space.readInt(address + 16);
            default -> throw new CopyError("There is no such condition: mode=" + mode);
        };
    }

    private void finish(CopyContext context, int launch, Space space) {
        // ORDERING: FLUSH_ENABLE; done always, since what follows a launch may tell others of it.
        VarHandle.fullFence();
        int type = Nvc7b5.LAUNCH_DMA_SEMAPHORE_TYPE.get(launch);
        if (type != 0) {
            release(context, launch, space, type == 2);
        }
        if (type == 3 || Nvc7b5.LAUNCH_DMA_INTERRUPT_TYPE.get(launch) != 0) {
            interrupt.run();
        }
    }

    private void release(CopyContext context, int launch, Space space, boolean timestamped) {
        boolean wide = Nvc7b5.LAUNCH_DMA_SEMAPHORE_PAYLOAD_SIZE_TWO_WORD.get(launch);
        long address = context.address(Nvc7b5.SET_SEMAPHORE_A, Nvc7b5.SET_SEMAPHORE_B);
        int size = timestamped ? 16 : wide ? Long.BYTES : Integer.BYTES;
        if ((address & (size - 1)) != 0) {
            throw new CopyError("Semaphore is not aligned: address=0x" + Long.toHexString(address) + " size=" + size);
        }
        long payload = context.unsigned(Nvc7b5.SET_SEMAPHORE_PAYLOAD);
        if (wide) {
            payload |= context.unsigned(Nvc7b5.SET_SEMAPHORE_PAYLOAD_UPPER) << 32;
        }
        if (Nvc7b5.LAUNCH_DMA_SEMAPHORE_REDUCTION_ENABLE.get(launch)) {
            reduce(launch, space, address, wide, payload);
        } else if (timestamped) {
            semaphores.releaseTimestamped(space, address, payload);
        } else {
            semaphores.release(space, address, payload, wide);
        }
    }

    private void reduce(int launch, Space space, long address, boolean wide, long payload) {
        int code = Nvc7b5.LAUNCH_DMA_SEMAPHORE_REDUCTION.get(launch);
        Reduction reduction = Reduction.of(code);
        if (reduction == null) {
            throw new CopyError("There is no such reduction: code=" + code);
        }
        boolean unsigned = Nvc7b5.LAUNCH_DMA_SEMAPHORE_REDUCTION_SIGN_UNSIGNED.get(launch);
        if (Nvc7b5.LAUNCH_DMA_SEMAPHORE_TYPE.get(launch) == 2) {
            semaphores.timestamp(space, address);
        }
        semaphores.reduce(space, address, reduction, unsigned, wide, payload);
    }
}
