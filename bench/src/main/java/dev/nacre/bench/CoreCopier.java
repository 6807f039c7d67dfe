package dev.nacre.bench;

import dev.nacre.core.Attachment;
import dev.nacre.core.Bar1Mapping;
import dev.nacre.core.CeChannel;
import dev.nacre.core.Client;
import dev.nacre.core.ClientKind;
import dev.nacre.core.Core;
import dev.nacre.core.CoreEvent;
import dev.nacre.core.FbMemory;
import dev.nacre.core.FbRequest;
import dev.nacre.core.MapRequest;
import dev.nacre.hw.copy.Nvc7b5;
import dev.nacre.hw.host.PushHeader;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Copies by a core's copy channel, from its first command to the event that it has ended. One thread. */
final class CoreCopier implements AutoCloseable {
    /** Bytes of each copy. */
    static final int BYTES = 32 << 20;

    private static final int HUGE_PAGE_BYTES = 2 << 20;

    // HW: where nouveau has the copy engine
    private static final int SUBCHANNEL = 4;

    // TIMEOUT: a copy takes milliseconds; a busy machine some more.
    private static final int PATIENCE_SECONDS = 20;

    /** Bytes that are looked at after the copies, at the beginning and at the end. */
    private static final int CHECKED = 1 << 20;

    private final Semaphore ended = new Semaphore(0);
    private final Attachment attachment;
    private final CeChannel channel;
    private final FbMemory from;
    private final FbMemory to;
    private final long fromAddress;
    private final long toAddress;
    private final byte[] noise = new byte[CHECKED];

    CoreCopier(Core core) {
        attachment = core.attach(Client.of("bench", ClientKind.TOOL, Set.of(), this::hear));
        channel = attachment.allocCeChannel(Optional.empty(), 0);
        from = attachment.allocFbMemory(FbRequest.aligned(BYTES, HUGE_PAGE_BYTES));
        to = attachment.allocFbMemory(FbRequest.aligned(BYTES, HUGE_PAGE_BYTES));
        fromAddress = channel.map(from, MapRequest.of(0, BYTES)).address();
        toAddress = channel.map(to, MapRequest.of(0, BYTES)).address();
        new Random(1).nextBytes(noise);
        try (Bar1Mapping window = from.mapBar1(MapRequest.of(0, BYTES))) {
            for (long at = 0; at < BYTES; at += CHECKED) {
                window.write(at, MemorySegment.ofArray(noise), 0, CHECKED);
            }
        }
    }

    private void hear(CoreEvent event) {
        if (event instanceof CoreEvent.FifoNonstall) {
            ended.release();
        }
    }

    /** Copies once. @return nanoseconds until the event has come */
    long copyNs() throws InterruptedException {
        ended.drainPermits();
        long start = System.nanoTime();
        channel.begin(32);
        method(0, channel.engineObject());
        method(Nvc7b5.OFFSET_IN_UPPER.offset(), high(fromAddress), (int) fromAddress);
        method(Nvc7b5.OFFSET_OUT_UPPER.offset(), high(toAddress), (int) toAddress);
        method(Nvc7b5.PITCH_IN.offset(), BYTES, BYTES, BYTES, 1);
        method(Nvc7b5.LAUNCH_DMA.offset(), launch());
        channel.submit();
        if (!ended.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException("A copy did not end in " + PATIENCE_SECONDS + " s");
        }
        return System.nanoTime() - start;
    }

    private static int launch() {
        return Nvc7b5.LAUNCH_DMA_DATA_TRANSFER_TYPE.set(0, 2)
                | Nvc7b5.LAUNCH_DMA_FLUSH_ENABLE.set(0, true)
                | Nvc7b5.LAUNCH_DMA_INTERRUPT_TYPE.set(0, 2)
                | Nvc7b5.LAUNCH_DMA_SRC_MEMORY_LAYOUT_PITCH.set(0, true)
                | Nvc7b5.LAUNCH_DMA_DST_MEMORY_LAYOUT_PITCH.set(0, true);
    }

    private static int high(long address) {
        return (int) (address >>> 32);
    }

    private void method(int address, int... data) {
        int header = PushHeader.SEC_OP.set(0, PushHeader.SEC_OP_INC_METHOD);
        header = PushHeader.METHOD_COUNT.set(header, data.length);
        header = PushHeader.METHOD_SUBCHANNEL.set(header, SUBCHANNEL);
        channel.emit(PushHeader.METHOD_ADDRESS.set(header, address / 4));
        for (int datum : data) {
            channel.emit(datum);
        }
    }

    /** Makes sure that the bytes were copied. @throws IllegalStateException if not */
    void verify() {
        try (Bar1Mapping window = to.mapBar1(MapRequest.of(0, BYTES))) {
            byte[] found = new byte[CHECKED];
            for (long at = 0; at < BYTES; at += CHECKED) {
                window.read(at, MemorySegment.ofArray(found), 0, CHECKED);
                if (!Arrays.equals(found, noise)) {
                    throw new IllegalStateException("The copied data is wrong: offset=" + at);
                }
            }
        }
    }

    @Override
    public void close() {
        attachment.close();
    }
}
