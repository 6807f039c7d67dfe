package dev.nacre.corejava.channel;

import dev.nacre.core.CoreException;
import dev.nacre.core.spi.DmaMemory;
import dev.nacre.corejava.gpu.WatchedGpu;
import dev.nacre.corejava.io.WireStruct;
import dev.nacre.corejava.memory.VideoMemory;
import dev.nacre.hw.host.GpEntry;
import dev.nacre.hw.host.InstanceBlock;
import dev.nacre.hw.host.Userd;
import dev.nacre.hw.rm.ParamLayout.ChannelAlloc;
import dev.nacre.hw.rm.ParamLayout.MemoryDesc;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * What a channel has in memory. In the GPU's its instance block; in the host's, where the CPU reaches it fast, USERD, the
 * semaphore that tells how far it has got, the GPFIFO ring, the commands that the core adds, room for the commands of
 * its user, and the buffer of a faulted engine's methods.
 */
final class ChannelMemory implements AutoCloseable {
    /** Entries of the ring; a power of two. */
    static final int RING_ENTRIES = 1024;

    /** Bytes of the commands that the core adds to each entry that is the last of its kind. */
    static final int TAIL_BYTES = 32;

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INTS = INT.varHandle();
    private static final VarHandle LONGS = LONG.varHandle();

    private static final int PAGE_BYTES = VideoMemory.PAGE_BYTES;
    private static final int SEMAPHORE = PAGE_BYTES;
    private static final int RING = 2 * PAGE_BYTES;
    private static final int TAILS = RING + RING_ENTRIES * GpEntry.SIZE;
    private static final int PUSH = TAILS + RING_ENTRIES * TAIL_BYTES;

    // HW: ADDR_SYSMEM, ADDR_FBMEM
    private static final int SPACE_SYSTEM = 1;
    private static final int SPACE_VIDEO = 2;

    private final ChannelSpace space;
    private final VideoMemory memory;
    private final long instance;
    private final DmaMemory.Buffer buffer;
    private final MemorySegment segment;
    private final long pushBytes;
    private final long methodBytes;
    private final long semaphoreAddress;
    private final long readOnlyAddress;

    /**
     * Makes it.
     *
     * @param pushBytes room for commands, a multiple of 4096
     * @param methodBytes of the methods' buffer
     */
    ChannelMemory(WatchedGpu live, VideoMemory memory, ChannelSpace space, long pushBytes, long methodBytes) {
        this.space = space;
        this.memory = memory;
        this.pushBytes = pushBytes;
        this.methodBytes = methodBytes;
        this.instance = memory.allocatePage();
        DmaMemory.Buffer made = null;
        long semaphore = 0;
        try {
            live.vram().fill(instance, InstanceBlock.SIZE, (byte) 0);
            made = live.gpu().dma().allocate(PUSH + pushBytes + VideoMemory.roundUp(methodBytes));
            semaphore = space.mapForCore(made, SEMAPHORE, PAGE_BYTES, false);
            readOnlyAddress = space.mapForCore(made, RING, PUSH + pushBytes - RING, true);
        } catch (CoreException e) {
            if (semaphore != 0) {
                space.unmapForCore(semaphore, PAGE_BYTES);
            }
            if (made != null) {
                made.close();
            }
            memory.freePage(instance);
            throw e;
        }
        semaphoreAddress = semaphore;
        buffer = made;
        segment = made.segment();
    }

    /** Virtual address of the ring. */
    long ringAddress() {
        return readOnlyAddress;
    }

    /** Virtual address of the semaphore. */
    long semaphoreAddress() {
        return semaphoreAddress;
    }

    /** Virtual address of the commands that the core adds to a submission. */
    long tailAddress(long sequence) {
        return readOnlyAddress + TAILS - RING + tail(sequence);
    }

    /** Virtual address of the room for commands. */
    long pushAddress() {
        return readOnlyAddress + PUSH - RING;
    }

    /** How far the channel has got. */
    long completed() {
        return (long) LONGS.getAcquire(segment, (long) SEMAPHORE);
    }

    void putEntry(int index, long entry) {
        segment.set(LONG, RING + (long) index * GpEntry.SIZE, entry);
    }

    void putTail(long sequence, int word, int value) {
        segment.set(INT, TAILS + tail(sequence) + 4L * word, value);
    }

    void putPush(int word, int value) {
        segment.set(INT, PUSH + 4L * word, value);
    }

    void putGpPut(int value) {
        // ORDERING: entries and commands before GP_PUT, which the GPU reads at its own time; the doorbell after it.
        INTS.setRelease(segment, (long) Userd.GP_PUT, value);
        VarHandle.fullFence();
    }

    /** Describes it to the firmware. */
    void describe(WireStruct parameters) {
        describe(parameters, ChannelAlloc.INSTANCE_MEM, instance, InstanceBlock.SIZE, SPACE_VIDEO);
        describe(parameters, ChannelAlloc.RAMFC_MEM, instance, InstanceBlock.RAMFC_SIZE, SPACE_VIDEO);
        describe(parameters, ChannelAlloc.USERD_MEM, buffer.iova(), Userd.SIZE, SPACE_SYSTEM);
        describe(
                parameters,
                ChannelAlloc.METHOD_BUFFER_MEM,
                buffer.iova() + PUSH + pushBytes,
                methodBytes,
                SPACE_SYSTEM);
    }

    private static void describe(WireStruct parameters, int at, long address, long bytes, int where) {
        parameters
                .put64(at + MemoryDesc.BASE, address)
                .put64(at + MemoryDesc.SIZE, bytes)
                .put32(at + MemoryDesc.ADDRESS_SPACE, where)
                .put32(at + MemoryDesc.CACHE_ATTRIBUTE, where == SPACE_VIDEO ? 1 : 0);
    }

    private static long tail(long sequence) {
        return (sequence & RING_ENTRIES - 1) * TAIL_BYTES;
    }

    /** Frees it; the channel is no more. */
    @Override
    public void close() {
        space.unmapForCore(readOnlyAddress, PUSH + pushBytes - RING);
        space.unmapForCore(semaphoreAddress, PAGE_BYTES);
        buffer.close();
        memory.freePage(instance);
    }
}
