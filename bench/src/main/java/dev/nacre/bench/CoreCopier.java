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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Copies by a core's copy channel, from its first command to the event that it has ended. One thread. */
final class CoreCopier implements Copier {
    private static final int HUGE_PAGE_BYTES = 2 << 20;

    // HW: where nouveau has the copy engine
    private static final int SUBCHANNEL = 4;

    // TIMEOUT: a copy takes milliseconds; a busy machine some more.
    private static final int PATIENCE_SECONDS = 20;

    /** Bytes that are written and looked at at once. */
    private static final int CHUNK = 1 << 20;

    /** Two memories, and where the channel sees them. */
    private record Place(FbMemory from, long fromAddress, FbMemory to, long toAddress) {}

    private final Semaphore ended = new Semaphore(0);
    private final String name;
    private final Attachment attachment;
    private final CeChannel channel;
    private final List<Place> places = new ArrayList<>();
    private final byte[] noise = new byte[CHUNK];

    CoreCopier(Core core) {
        name = core.implementation();
        attachment = core.attach(Client.of("bench", ClientKind.TOOL, Set.of(), this::hear));
        channel = attachment.allocCeChannel(Optional.empty(), 0);
        new Random(1).nextBytes(noise);
    }

    private void hear(CoreEvent event) {
        if (event instanceof CoreEvent.FifoNonstall) {
            ended.release();
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void addPlace() {
        FbMemory from = memory(noise);
        FbMemory to = memory(new byte[CHUNK]);
        places.add(new Place(from, address(from), to, address(to)));
    }

    private FbMemory memory(byte[] chunk) {
        FbMemory memory = attachment.allocFbMemory(FbRequest.aligned(BYTES, HUGE_PAGE_BYTES));
        try (Bar1Mapping window = memory.mapBar1(MapRequest.of(0, BYTES))) {
            for (long at = 0; at < BYTES; at += CHUNK) {
                window.write(at, MemorySegment.ofArray(chunk), 0, CHUNK);
            }
        }
        return memory;
    }

    private long address(FbMemory memory) {
        return channel.map(memory, MapRequest.of(0, BYTES)).address();
    }

    @Override
    public void copySmall(int bytes) throws InterruptedException {
        copyNs(places.getFirst(), bytes, 1);
    }

    @Override
    public long copyNs(int place) throws InterruptedException {
        return copyNs(places.get(place), BYTES, 1);
    }

    /** Copies in its first memory several times without a word between. @return nanoseconds until the last one's event */
    long copiesNs(int times) throws InterruptedException {
        return copyNs(places.getFirst(), BYTES, times);
    }

    private long copyNs(Place place, int bytes, int times) throws InterruptedException {
        ended.drainPermits();
        long start = System.nanoTime();
        channel.begin(32 + 2 * times);
        method(0, channel.engineObject());
        method(Nvc7b5.OFFSET_IN_UPPER.offset(), high(place.fromAddress), (int) place.fromAddress);
        method(Nvc7b5.OFFSET_OUT_UPPER.offset(), high(place.toAddress), (int) place.toAddress);
        method(Nvc7b5.PITCH_IN.offset(), bytes, bytes, bytes, 1);
        for (int i = 1; i < times; i++) {
            method(Nvc7b5.LAUNCH_DMA.offset(), Nvc7b5.LAUNCH_DMA_INTERRUPT_TYPE.set(launch(), 0));
        }
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

    @Override
    public void verify() {
        byte[] found = new byte[CHUNK];
        for (Place place : places) {
            try (Bar1Mapping window = place.to.mapBar1(MapRequest.of(0, BYTES))) {
                for (long at = 0; at < BYTES; at += CHUNK) {
                    window.read(at, MemorySegment.ofArray(found), 0, CHUNK);
                    if (!Arrays.equals(found, noise)) {
                        throw new IllegalStateException("The copied data is wrong: core=" + name + " offset=" + at);
                    }
                }
            }
        }
    }

    @Override
    public void close() {
        attachment.close();
    }
}
