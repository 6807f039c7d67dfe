package dev.nacre.coretck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.core.Attachment;
import dev.nacre.core.BoardInfo.FbRegion;
import dev.nacre.core.Capability;
import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;
import dev.nacre.core.FbMemory;
import dev.nacre.core.FbRequest;
import dev.nacre.core.MapRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Parts of the GPU's memory. */
@Needs(Capability.FB_MEM_ALLOC)
abstract class FbMemoryTck extends TckGroup {
    private static final long MIB = 1 << 20;

    @Test
    @Covers({"Attachment.allocFbMemory", "FbMemory.offset", "FbMemory.bytes", "FbMemory.close"})
    void partsLieInTheRegionsAlignedAndApart() {
        try (Attachment attachment = attach()) {
            TreeMap<Long, FbMemory> parts = new TreeMap<>();
            for (int i = 0; i < 40; i++) {
                long align = 4096L << i % 10;
                FbMemory part = attachment.allocFbMemory(FbRequest.aligned(1 + i * 7777L, align));
                assertThat(part.offset() % align).isZero();
                assertThat(part.bytes()).isEqualTo(Math.ceilDiv(1 + i * 7777L, 4096) * 4096);
                assertThat(isInRegion(part)).isTrue();
                assertThat(parts.put(part.offset(), part)).isNull();
            }

            long end = 0;
            for (FbMemory part : parts.values()) {
                assertThat(part.offset()).isGreaterThanOrEqualTo(end);
                end = part.offset() + part.bytes();
            }
        }
    }

    private boolean isInRegion(FbMemory part) {
        return core().board().fbRegions().stream()
                .anyMatch(region -> part.offset() >= region.offset()
                        && part.offset() + part.bytes() <= region.offset() + region.bytes());
    }

    @Test
    @Covers({"Attachment.totalFbBytes"})
    void totalIsWhatThereIsAndDoesNotChange() {
        try (Attachment attachment = attach()) {
            long total = attachment.totalFbBytes();
            long regions = core().board().fbRegions().stream()
                    .mapToLong(FbRegion::bytes)
                    .sum();

            assertThat(total).isPositive().isLessThanOrEqualTo(regions);
            attachment.allocFbMemory(FbRequest.of(64 * MIB));
            assertThat(attachment.totalFbBytes()).isEqualTo(total);
        }
    }

    @Test
    @Covers({"Attachment.allocFbMemory", "FbMemory.close", "Attachment.totalFbBytes"})
    void memoryRunsOutAndAllOfItComesBack() {
        try (Attachment attachment = attach()) {
            long largest = Inventory.largestFb(attachment);
            List<FbMemory> parts = all(attachment, 32 * MIB);

            assertThat(parts).hasSizeGreaterThan(1);
            assertThat(32 * MIB * parts.size()).isLessThanOrEqualTo(attachment.totalFbBytes());
            parts.forEach(FbMemory::close);
            assertThat(Inventory.largestFb(attachment)).isEqualTo(largest);
            assertThat(all(attachment, 32 * MIB)).hasSameSizeAs(parts);
        }
    }

    private static List<FbMemory> all(Attachment attachment, long bytes) {
        List<FbMemory> parts = new ArrayList<>();
        try {
            while (parts.size() <= attachment.totalFbBytes() / bytes) {
                parts.add(attachment.allocFbMemory(FbRequest.of(bytes)));
            }
        } catch (CoreException e) {
            assertThat(e.error()).isEqualTo(CoreError.NO_SPACE);
        }
        return parts;
    }

    @Test
    @Covers({"Attachment.allocFbMemory", "FbMemory.close"})
    void holesAreJoinedAndSmallOnesDoNotCount() {
        try (Attachment attachment = attach()) {
            List<FbMemory> parts = all(attachment, 16 * MIB);
            FbMemory a = parts.get(0);
            FbMemory b = parts.stream()
                    .filter(part ->
                            part.offset() == a.offset() + a.bytes() || part.offset() + part.bytes() == a.offset())
                    .findFirst()
                    .orElseThrow();
            a.close();
            assertError(CoreError.NO_SPACE, () -> attachment.allocFbMemory(FbRequest.of(32 * MIB)));

            b.close();

            assertThat(attachment.allocFbMemory(FbRequest.of(32 * MIB)).offset())
                    .isEqualTo(Math.min(a.offset(), b.offset()));
        }
    }

    @Test
    @Covers("Attachment.allocFbMemory")
    void fixedPlaceIsHadOnceOnly() {
        try (Attachment attachment = attach()) {
            FbMemory anywhere = attachment.allocFbMemory(FbRequest.aligned(2 * MIB, 2 * MIB));
            FbRequest there = new FbRequest(2 * MIB, 2 * MIB, OptionalLong.of(anywhere.offset()));

            assertError(CoreError.NO_SPACE, () -> attachment.allocFbMemory(there));
            anywhere.close();
            assertThat(attachment.allocFbMemory(there).offset()).isEqualTo(anywhere.offset());
        }
    }

    @Test
    @Covers("Attachment.allocFbMemory")
    void placeThatIsNoDriversIsRefused() {
        try (Attachment attachment = attach()) {
            long end = core().board().fbBytes();
            long beyond = Math.ceilDiv(end, 4096) * 4096;

            assertError(CoreError.NO_SPACE, () -> attachment.allocFbMemory(at(beyond)));
            assertError(CoreError.NO_SPACE, () -> attachment.allocFbMemory(at(1L << 46)));
            assertError(CoreError.NO_SPACE, () -> attachment.allocFbMemory(at(end - 4096)));
        }
    }

    private static FbRequest at(long offset) {
        return new FbRequest(4096, 4096, OptionalLong.of(offset));
    }

    @Test
    @Covers("Attachment.allocFbMemory")
    void moreThanThereIsIsRefused() {
        try (Attachment attachment = attach()) {
            assertError(
                    CoreError.NO_SPACE, () -> attachment.allocFbMemory(FbRequest.of(attachment.totalFbBytes() + 4096)));
            assertError(CoreError.NO_SPACE, () -> attachment.allocFbMemory(FbRequest.of(1L << 48)));
        }
    }

    @Test
    @Covers("Attachment.allocFbMemory")
    void requestsThatMakeNoSenseCannotBeMade() {
        assertError(CoreError.INVALID_ARGUMENT, () -> FbRequest.of(0));
        assertError(CoreError.INVALID_ARGUMENT, () -> FbRequest.of(-4096));
        assertError(CoreError.INVALID_ARGUMENT, () -> FbRequest.aligned(4096, 2048));
        assertError(CoreError.INVALID_ARGUMENT, () -> FbRequest.aligned(4096, 12288));
        assertError(CoreError.INVALID_ARGUMENT, () -> new FbRequest(4096, 8192, OptionalLong.of(4096)));
    }

    @Test
    @Covers("Attachment.allocFbMemory")
    void segmentsOfVirtualGpusAreAligned() {
        long segment = Math.max(4096, core().board().vmmuSegmentBytes());
        try (Attachment attachment = attach()) {
            FbMemory memory = attachment.allocFbMemory(FbRequest.aligned(segment, segment));

            assertThat(memory.offset() % segment).isZero();
        }
    }

    @Test
    @Covers("FbMemory.close")
    void memoryIsGivenBackOnceOnly() {
        try (Attachment attachment = attach()) {
            FbMemory first = attachment.allocFbMemory(FbRequest.of(MIB));
            first.close();
            FbMemory second = attachment.allocFbMemory(new FbRequest(MIB, 4096, OptionalLong.of(first.offset())));

            first.close();

            assertError(
                    CoreError.NO_SPACE,
                    () -> attachment.allocFbMemory(new FbRequest(MIB, 4096, OptionalLong.of(second.offset()))));
        }
    }

    @Test
    @Needs(Capability.FB_MEM_BAR1_MAP)
    @Covers({"FbMemory.close", "FbMemory.mapBar1"})
    void freedMemoryIsStale() {
        try (Attachment attachment = attach()) {
            FbMemory memory = attachment.allocFbMemory(FbRequest.of(4096));
            memory.close();

            assertError(CoreError.STALE, () -> memory.mapBar1(MapRequest.of(0, 4096)));
        }
    }
}
