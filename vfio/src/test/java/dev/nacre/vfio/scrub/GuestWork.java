package dev.nacre.vfio.scrub;

import dev.nacre.core.Attachment;
import dev.nacre.core.Bar1Mapping;
import dev.nacre.core.CeChannel;
import dev.nacre.core.ChannelMapping;
import dev.nacre.core.Client;
import dev.nacre.core.ClientKind;
import dev.nacre.core.Core;
import dev.nacre.core.CoreError;
import dev.nacre.core.CoreEvent;
import dev.nacre.core.CoreException;
import dev.nacre.core.FbMemory;
import dev.nacre.core.FbRequest;
import dev.nacre.core.MapRequest;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** What a guest does with its GPU: memory that it writes and reads through BAR1, and a copy engine that fills it. */
public final class GuestWork implements AutoCloseable {
    /** Bytes of its memory. */
    public static final int BYTES = 4 << 20;

    private static final int PATIENCE_SECONDS = 60;

    private final Semaphore interrupts = new Semaphore(0);
    private final Attachment attachment;
    private final FbMemory memory;
    private final Bar1Mapping host;
    private final CeChannel channel;
    private final ChannelMapping gpu;
    private final ChannelMapping semaphore;

    /** Begins, on a guest's core. */
    public GuestWork(Core core) {
        this(core, ClientKind.TOOL);
    }

    /** Begins, on any core, beside others of a kind. */
    public GuestWork(Core core, ClientKind kind) {
        attachment = core.attach(Client.of("guest", kind, Set.of(), event -> {
            if (event instanceof CoreEvent.FifoNonstall) {
                interrupts.release();
            }
        }));
        memory = attachment.allocFbMemory(FbRequest.of(BYTES));
        host = memory.mapBar1(MapRequest.of(0, BYTES));
        channel = attachment.allocCeChannel(Optional.empty(), 0);
        gpu = channel.map(memory, MapRequest.of(0, BYTES));
        semaphore = channel.map(
                attachment.allocFbMemory(FbRequest.of(FbRequest.PAGE_BYTES)), MapRequest.of(0, FbRequest.PAGE_BYTES));
    }

    /** Where its memory lies in the guest's. */
    public long offset() {
        return memory.offset();
    }

    /** Fills its memory with numbers. */
    public void write(long seed) {
        host.write(0, MemorySegment.ofArray(numbers(seed)), 0, BYTES);
    }

    /** Whether its memory holds those numbers. */
    public boolean holds(long seed) {
        return Arrays.equals(read(), numbers(seed));
    }

    /** Whether its memory holds nothing but zeros. */
    public boolean isClear() {
        return Arrays.equals(read(), new byte[BYTES]);
    }

    /** Has the copy engine fill the memory. @return whether it does in time */
    public boolean fills() {
        interrupts.drainPermits();
        FillCommands.submit(channel, gpu.address(), BYTES, semaphore.address());
        try {
            return interrupts.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS) && isClear();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Has the copy engine fill far more than there is. @return whether the channel fails in time */
    public boolean failsBeyond() {
        FillCommands.submit(channel, gpu.address(), 1L << 40, semaphore.address());
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (System.nanoTime() < end) {
            // Not every core tells of faults, but each refuses a channel that has failed.
            try {
                channel.begin(1);
                channel.emit(0);
                channel.submit();
            } catch (CoreException e) {
                return e.error() == CoreError.IO;
            }
            LockSupport.parkNanos(1_000_000);
        }
        return false;
    }

    private byte[] read() {
        byte[] bytes = new byte[BYTES];
        host.read(0, MemorySegment.ofArray(bytes), 0, BYTES);
        return bytes;
    }

    private static byte[] numbers(long seed) {
        byte[] bytes = new byte[BYTES];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    @Override
    public void close() {
        attachment.close();
    }
}
