package dev.nacre.coretck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.core.Attachment;
import dev.nacre.core.Bar1Mapping;
import dev.nacre.core.Capability;
import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;
import dev.nacre.core.FbMemory;
import dev.nacre.core.FbRequest;
import dev.nacre.core.MapRequest;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The window through which the host reaches the GPU's memory. */
@Needs({Capability.FB_MEM_ALLOC, Capability.FB_MEM_BAR1_MAP})
abstract class Bar1Tck extends TckGroup {
    private static final int PAGE = 4096;
    private static final long MIB = 1 << 20;

    @Test
    @Covers({"FbMemory.mapBar1", "Bar1Mapping.read", "Bar1Mapping.write", "Bar1Mapping.bytes", "Bar1Mapping.bar1Offset"
    })
    void whatIsWrittenIsRead() {
        try (Attachment attachment = attach()) {
            FbMemory memory = attachment.allocFbMemory(FbRequest.of(MIB));
            Bar1Mapping mapping = memory.mapBar1(MapRequest.of(0, MIB));
            byte[] data = Bytes.random(3, (int) MIB);

            Bytes.write(mapping, 0, data);

            assertThat(mapping.bytes()).isEqualTo(MIB);
            assertThat(mapping.bar1Offset())
                    .isBetween(0L, core().board().bar1Bytes() - MIB)
                    .matches(offset -> offset % PAGE == 0, "of whole pages");
            assertThat(Bytes.read(mapping, 0, (int) MIB)).isEqualTo(data);
        }
    }

    @Test
    @Covers({"Bar1Mapping.read", "Bar1Mapping.write"})
    void bytesAtAnyPlaceInAnyNumberAreWrittenAndNothingElse() {
        try (Attachment attachment = attach()) {
            Bar1Mapping mapping =
                    attachment.allocFbMemory(FbRequest.of(2L * PAGE)).mapBar1(MapRequest.of(0, 2L * PAGE));
            byte[] expected = Bytes.random(1, 2 * PAGE);
            Bytes.write(mapping, 0, expected);
            for (int count : new int[] {0, 1, 2, 3, 5, 8, 13, 100}) {
                int at = PAGE - 50 + count;
                byte[] some = Bytes.random(count, count);
                System.arraycopy(some, 0, expected, at, count);
                Bytes.write(mapping, at, some);
            }

            assertThat(Bytes.read(mapping, 0, 2 * PAGE)).isEqualTo(expected);
            assertThat(Bytes.read(mapping, PAGE - 1, 3))
                    .containsExactly(expected[PAGE - 1], expected[PAGE], expected[PAGE + 1]);
        }
    }

    @Test
    @Covers({"FbMemory.mapBar1", "Bar1Mapping.close"})
    void partThatWasMappedIsThatOfTheMemory() {
        try (Attachment attachment = attach()) {
            FbMemory memory = attachment.allocFbMemory(FbRequest.of(4L * PAGE));
            Bar1Mapping whole = memory.mapBar1(MapRequest.of(0, 4L * PAGE));
            byte[] data = Bytes.random(5, 4 * PAGE);
            Bytes.write(whole, 0, data);
            whole.close();

            Bar1Mapping part = memory.mapBar1(MapRequest.of(PAGE, 2L * PAGE));

            assertThat(part.bytes()).isEqualTo(2L * PAGE);
            assertThat(Bytes.read(part, 100, 1000)).isEqualTo(Arrays.copyOfRange(data, PAGE + 100, PAGE + 1100));
        }
    }

    @Test
    @Covers("FbMemory.mapBar1")
    void pagesOfEitherSizeReachTheSame() {
        try (Attachment attachment = attach()) {
            FbMemory memory = attachment.allocFbMemory(FbRequest.aligned(4 * MIB, 2 * MIB));
            byte[] data = Bytes.random(6, 5000);
            try (Bar1Mapping small = memory.mapBar1(new MapRequest(0, 4 * MIB, false, false))) {
                Bytes.write(small, 2 * MIB - 2500, data);
            }
            try (Bar1Mapping huge = memory.mapBar1(new MapRequest(0, 4 * MIB, true, true))) {
                assertThat(Bytes.read(huge, 2 * MIB - 2500, data.length)).isEqualTo(data);
            }
        }
    }

    @Test
    @Covers({"FbMemory.mapBar1", "Bar1Mapping.close", "FbMemory.close"})
    void memoryIsMappedOnceAndBusyMeanwhile() {
        try (Attachment attachment = attach()) {
            FbMemory memory = attachment.allocFbMemory(FbRequest.of(2L * PAGE));
            Bar1Mapping mapping = memory.mapBar1(MapRequest.of(0, PAGE));

            assertError(CoreError.EXISTS, () -> memory.mapBar1(MapRequest.of(PAGE, PAGE)));
            assertError(CoreError.BUSY, memory::close);
            mapping.close();
            mapping.close();
            memory.mapBar1(MapRequest.of(PAGE, PAGE)).close();
            memory.close();
        }
    }

    @Test
    @Covers("FbMemory.mapBar1")
    void partsThatAreNotInTheMemoryAreRefused() {
        try (Attachment attachment = attach()) {
            FbMemory memory = attachment.allocFbMemory(FbRequest.of(2L * PAGE));

            assertError(CoreError.INVALID_ARGUMENT, () -> memory.mapBar1(MapRequest.of(0, 3L * PAGE)));
            assertError(CoreError.INVALID_ARGUMENT, () -> memory.mapBar1(MapRequest.of(2L * PAGE, PAGE)));
            assertError(CoreError.INVALID_ARGUMENT, () -> memory.mapBar1(MapRequest.of(1L << 62, PAGE)));
            assertError(CoreError.INVALID_ARGUMENT, () -> MapRequest.of(1, PAGE));
            assertError(CoreError.INVALID_ARGUMENT, () -> MapRequest.of(-PAGE, PAGE));
            assertError(CoreError.INVALID_ARGUMENT, () -> MapRequest.of(0, 0));
        }
    }

    @Test
    @Covers({"Bar1Mapping.read", "Bar1Mapping.write"})
    void bytesThatAreNotInThePartAreRefused() {
        try (Attachment attachment = attach()) {
            Bar1Mapping mapping =
                    attachment.allocFbMemory(FbRequest.of(2L * PAGE)).mapBar1(MapRequest.of(0, PAGE));
            MemorySegment bytes = MemorySegment.ofArray(new byte[2 * PAGE]);

            for (long offset : new long[] {-1, PAGE, PAGE - 7, Long.MAX_VALUE, Long.MIN_VALUE}) {
                assertError(CoreError.INVALID_ARGUMENT, () -> mapping.read(offset, bytes, 0, 8));
                assertError(CoreError.INVALID_ARGUMENT, () -> mapping.write(offset, bytes, 0, 8));
            }
            assertError(CoreError.INVALID_ARGUMENT, () -> mapping.read(0, bytes, 0, PAGE + 1));
            assertError(CoreError.INVALID_ARGUMENT, () -> mapping.write(0, bytes, 0, -1));
        }
    }

    @Test
    @Covers({"Bar1Mapping.read", "Bar1Mapping.write", "Bar1Mapping.close"})
    void mappingThatWasTakenBackIsStale() {
        try (Attachment attachment = attach()) {
            Bar1Mapping mapping = attachment.allocFbMemory(FbRequest.of(PAGE)).mapBar1(MapRequest.of(0, PAGE));
            MemorySegment bytes = MemorySegment.ofArray(new byte[8]);
            mapping.close();

            assertError(CoreError.STALE, () -> mapping.read(0, bytes, 0, 8));
            assertError(CoreError.STALE, () -> mapping.write(0, bytes, 0, 8));
        }
    }

    @Test
    @Covers({"FbMemory.mapBar1", "Bar1Mapping.close", "Attachment.close"})
    void windowRunsOutAndComesBack() {
        int count;
        try (Attachment attachment = attach()) {
            Map<FbMemory, Bar1Mapping> mapped = all(attachment);
            count = mapped.size();
            assertThat(count).isPositive();
            mapped.forEach((memory, mapping) -> {
                mapping.close();
                assertThat(memory.mapBar1(MapRequest.of(0, 64 * MIB)).bytes()).isEqualTo(64 * MIB);
            });
        }
        try (Attachment attachment = attach()) {
            assertThat(all(attachment)).hasSize(count);
        }
    }

    /** Maps as much as there is, in parts of 64 MiB. */
    private static Map<FbMemory, Bar1Mapping> all(Attachment attachment) {
        Map<FbMemory, Bar1Mapping> mapped = new LinkedHashMap<>();
        try {
            while (mapped.size() < 1000) {
                FbMemory memory = attachment.allocFbMemory(FbRequest.aligned(64 * MIB, 2 * MIB));
                mapped.put(memory, memory.mapBar1(MapRequest.of(0, 64 * MIB)));
            }
        } catch (CoreException e) {
            assertThat(e.error()).isEqualTo(CoreError.NO_SPACE);
        }
        return mapped;
    }
}
