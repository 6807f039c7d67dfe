package dev.nacre.corejava.mmu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;
import dev.nacre.corejava.FakeGpu;
import dev.nacre.corejava.Walk;
import dev.nacre.corejava.gpu.WatchedGpu;
import dev.nacre.corejava.memory.VideoMemory;
import dev.nacre.hw.mmu.Target;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PageTablesTest {
    private static final long KIB = 1 << 10;
    private static final long MIB = 1 << 20;

    private final FakeGpu gpu = new FakeGpu();
    private final VideoMemory memory = new VideoMemory(gpu.description().fbRegions());
    private final WatchedGpu live = new WatchedGpu(gpu, () -> {});
    private final long before = memory.availableOwnBytes();
    private final PageTables tables = new PageTables(live, memory, OptionalLong.empty());
    private final Walk walk = new Walk(gpu, tables.root());

    @Test
    void alignedMemory_hasHugePages() {
        tables.map(4 * MIB, PageRun.video(8 * MIB, 4 * MIB));

        assertThat(walk.translate(4 * MIB + 123)).isEqualTo(new Walk.Place(false, 8 * MIB + 123, false, 0, 2 * MIB));
        assertThat(walk.translate(8 * MIB - 1)).isEqualTo(new Walk.Place(false, 12 * MIB - 1, false, 0, 2 * MIB));
        assertThat(walk.translate(8 * MIB)).isNull();
        assertThat(walk.translate(4 * MIB - 1)).isNull();
    }

    @Test
    void edges_haveSmallerPages() {
        long start = 2 * MIB - 68 * KIB;

        tables.map(start, PageRun.video(start, 2 * MIB + 136 * KIB));

        assertThat(at(start).pageBytes()).isEqualTo(4 * KIB);
        assertThat(at(2 * MIB - 1).pageBytes()).isEqualTo(64 * KIB);
        assertThat(at(2 * MIB).pageBytes()).isEqualTo(2 * MIB);
        assertThat(at(4 * MIB).pageBytes()).isEqualTo(64 * KIB);
        assertThat(at(4 * MIB + 64 * KIB).pageBytes()).isEqualTo(4 * KIB);
        assertThat(walk.translate(start + 2 * MIB + 136 * KIB)).isNull();
    }

    @Test
    void hugePagesThatAreNotWanted_areNotUsed() {
        tables.map(0, new PageRun(Target.VIDEO_MEMORY, 0, 2 * MIB, false, 0, false));

        assertThat(at(5).pageBytes()).isEqualTo(64 * KIB);
    }

    @Test
    void systemMemory_isMappedWithItsProperties() {
        tables.map(1L << 39, new PageRun(Target.SYSTEM_MEMORY, 1L << 32, 8 * KIB, true, 6, true));

        assertThat(walk.translate((1L << 39) + 4096))
                .isEqualTo(new Walk.Place(true, (1L << 32) + 4096, true, 6, 4 * KIB));
    }

    @Test
    void hugePageThatIsCut_keepsItsRest() {
        tables.map(0, new PageRun(Target.VIDEO_MEMORY, 4 * MIB, 2 * MIB, true, 3, true));

        tables.unmap(68 * KIB, 4 * KIB);

        assertThat(walk.translate(68 * KIB)).isNull();
        assertThat(walk.translate(68 * KIB - 1))
                .isEqualTo(new Walk.Place(false, 4 * MIB + 68 * KIB - 1, true, 3, 4 * KIB));
        assertThat(walk.translate(2 * MIB - 1)).isEqualTo(new Walk.Place(false, 6 * MIB - 1, true, 3, 4 * KIB));
    }

    @Test
    void bigPageThatIsCut_keepsItsRest() {
        tables.map(0, PageRun.video(64 * KIB, 128 * KIB));

        tables.unmap(60 * KIB, 8 * KIB);

        assertThat(walk.translate(60 * KIB - 1)).isNotNull();
        assertThat(walk.translate(60 * KIB)).isNull();
        assertThat(walk.translate(68 * KIB - 1)).isNull();
        assertThat(at(68 * KIB).address()).isEqualTo(132 * KIB);
    }

    @Test
    void tablesThatAreEmpty_areFreed() {
        long empty = memory.availableOwnBytes();
        tables.map(0, PageRun.video(4096, 3 * MIB));
        tables.map(1L << 40, PageRun.video(4096, 4096));

        tables.unmap(0, 1L << 48);

        assertThat(memory.availableOwnBytes()).isEqualTo(empty);
        tables.close();
        tables.close();
        assertThat(memory.availableOwnBytes()).isEqualTo(before);
    }

    @Test
    void translationsAreForgotten_beforeTablesAreFreed() {
        tables.map(0, PageRun.video(4096, 4096));
        int invalidations = gpu.invalidations.get();

        tables.unmap(0, 4096);

        assertThat(gpu.invalidations.get()).isEqualTo(invalidations + 1);
    }

    @Test
    void mapWithoutMemoryForTables_changesNothing() {
        while (memory.availableOwnBytes() > 5 * 4096) {
            memory.allocatePage();
        }

        assertThatThrownBy(() -> tables.map(0, PageRun.video(4096, 8 * MIB)))
                .isInstanceOfSatisfying(
                        CoreException.class, e -> assertThat(e.error()).isEqualTo(CoreError.NO_SPACE));

        assertThat(memory.availableOwnBytes()).isEqualTo(5 * 4096);
        assertThat(walk.translate(0)).isNull();
    }

    @Test
    void rootOfSomebodyElse_isUsedAndCleared() {
        PageTables foreign = new PageTables(live, memory, OptionalLong.of(FakeGpu.BAR1_ROOT));
        long free = memory.availableOwnBytes();
        foreign.map(0, PageRun.video(0, 4096));

        assertThat(new Walk(gpu, FakeGpu.BAR1_ROOT).translate(0)).isNotNull();
        foreign.close();
        assertThat(new Walk(gpu, FakeGpu.BAR1_ROOT).translate(0)).isNull();
        assertThat(memory.availableOwnBytes()).isEqualTo(free);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void randomUse_agreesWithAPlainModel(long seed) {
        Random random = new Random(seed);
        int pages = 4 * 512;
        long[] model = new long[pages];
        for (int step = 0; step < 300; step++) {
            int first = random.nextInt(pages);
            int count = 1 + random.nextInt(Math.min(pages - first, random.nextBoolean() ? 600 : 20));
            if (random.nextBoolean() && isEmpty(model, first, count)) {
                // Half of the memory is congruent, so that all sizes of pages are used.
                long shift = random.nextBoolean() ? 16 * MIB : 4096L * random.nextInt(2048);
                tables.map(first * 4096L, PageRun.video(shift + first * 4096L, count * 4096L));
                for (int i = first; i < first + count; i++) {
                    model[i] = shift + i * 4096L + 1;
                }
            } else {
                tables.unmap(first * 4096L, count * 4096L);
                Arrays.fill(model, first, first + count, 0);
            }
            assertThat(mapped(pages)).isEqualTo(list(model));
        }
        tables.unmap(0, pages * 4096L);
        tables.close();
        assertThat(memory.availableOwnBytes()).isEqualTo(before);
    }

    private Walk.Place at(long address) {
        return Objects.requireNonNull(walk.translate(address));
    }

    private static boolean isEmpty(long[] model, int first, int count) {
        return Arrays.stream(model, first, first + count).allMatch(at -> at == 0);
    }

    private List<Long> mapped(int pages) {
        List<Long> all = new ArrayList<>();
        for (int i = 0; i < pages; i++) {
            Walk.Place place = walk.translate(i * 4096L);
            all.add(place == null ? 0 : place.address() + 1);
        }
        return all;
    }

    private static List<Long> list(long[] model) {
        return Arrays.stream(model).boxed().toList();
    }
}
