package dev.nacre.coretck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.core.Attachment;
import dev.nacre.core.Bar1Mapping;
import dev.nacre.core.Capability;
import dev.nacre.core.ChannelIds;
import dev.nacre.core.FbMemory;
import dev.nacre.core.FbRequest;
import dev.nacre.core.MapRequest;
import org.junit.jupiter.api.Test;

/** What a vGPU manager does with the memory of a virtual GPU before it is used: all of it becomes zero. */
@Needs({
    Capability.CHID_ALLOC,
    Capability.CE_CHAN_ALLOC,
    Capability.PUSHBUF_SUBMIT,
    Capability.CHAN_MEM_MAP,
    Capability.FB_MEM_ALLOC,
    Capability.FB_MEM_BAR1_MAP,
    Capability.PF_EVENT_DELIVERY
})
abstract class ScrubTck extends TckGroup {
    private static final int MIB = 1 << 20;
    private static final int HEAP_BYTES = 64 * MIB;
    private static final int STRIDE = 4 * MIB;
    private static final int DONE = 0xdeadbeef;

    // HW: NVIDIA's proposed vGPU manager begins its push buffer with as many words that do nothing
    private static final int LEADING_WORDS = 32;

    @Test
    @Covers({"Attachment.allocCeChannel", "CeChannel.map", "CeChannel.submit", "event FIFO_NONSTALL"})
    void heapOfAVirtualGpuIsScrubbedToTheLastByteAndNothingElse() {
        EventLog log = new EventLog();
        try (Attachment attachment = attach(core(), log)) {
            ChannelIds ids = attachment.allocChannelIds(16);
            FbMemory heap = attachment.allocFbMemory(FbRequest.aligned(HEAP_BYTES + STRIDE, STRIDE));
            dirty(heap);
            Copier copier = Copier.of(attachment, log, ids, ids.count() - 1);
            long address = copier.channel()
                    .map(heap, new MapRequest(0, HEAP_BYTES, true, true))
                    .address();

            // As for a heap of more than 2 GiB: in lines, of which each is short enough for the engine.
            Commands commands = Commands.none()
                    .nothing(LEADING_WORDS)
                    .method(0, 0, copier.channel().engineObject())
                    .method(4, 0, copier.channel().engineObject())
                    .fill(address, HEAP_BYTES / 2, 2, 0)
                    .copyDone(copier.semaphore(), DONE);
            commands.submitTo(copier.channel());
            log.awaitUntil("scrubbed", () -> copier.word() == DONE);

            assertClean(heap);
        }
    }

    /** Some bytes of every part of the heap, and what follows it. */
    private static void dirty(FbMemory heap) {
        try (Bar1Mapping mapping = heap.mapBar1(MapRequest.of(0, heap.bytes()))) {
            for (long at = 0; at < heap.bytes(); at += STRIDE) {
                Bytes.write(mapping, at, Bytes.random(at, 5000));
                Bytes.write(mapping, at + STRIDE - 5000, Bytes.random(at + 1, 5000));
            }
        }
    }

    private static void assertClean(FbMemory heap) {
        try (Bar1Mapping mapping = heap.mapBar1(MapRequest.of(0, heap.bytes()))) {
            for (long at = 0; at < HEAP_BYTES; at += STRIDE) {
                assertThat(Bytes.read(mapping, at, 5000)).containsOnly(0);
                assertThat(Bytes.read(mapping, at + STRIDE - 5000, 5000)).containsOnly(0);
            }
            assertThat(Bytes.read(mapping, HEAP_BYTES, 5000)).isEqualTo(Bytes.random(HEAP_BYTES, 5000));
        }
    }
}
