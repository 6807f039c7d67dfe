package dev.nacre.board.fsp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.board.rm.WireStruct;
import dev.nacre.hw.gsp.BootLayout;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WprLayoutTest {
    private static final long FB_BYTES = 4L << 30;
    private static final long MIB = 1 << 20;
    private static final int ROUNDS = 20_000;

    @Test
    void regionsLieBelowEachOther() {
        WprLayout layout = WprLayout.of(meta(64 * MIB, 4096, 128 * MIB, 2 * MIB), 28 * MIB, MIB, FB_BYTES)
                .orElseThrow();

        assertThat(layout.division().frts()).isEqualTo(FB_BYTES - 28 * MIB);
        assertThat(layout.end()).isEqualTo(FB_BYTES - 27 * MIB);
        // Boot loader and image push the heap down to the next MiB, the description pushes the start further.
        assertThat(layout.start()).isEqualTo(FB_BYTES - (28 + 1 + 64 + 128 + 1) * MIB);
        assertThat(layout.division().nonWprHeap()).isEqualTo(layout.start() - 2 * MIB);
        assertThat(layout.division().fbBytes()).isEqualTo(FB_BYTES);
    }

    @Test
    void whateverTheSizesAreTheLayoutLiesInMemoryOrThereIsNone() {
        Random random = new Random(5);
        int found = 0;
        for (int i = 0; i < ROUNDS; i++) {
            WireStruct meta = meta(size(random), size(random), size(random), size(random));
            Optional<WprLayout> layout = WprLayout.of(meta, size(random) & -4096, size(random), FB_BYTES);
            if (layout.isPresent()) {
                found++;
                long[] borders = {
                    1,
                    layout.get().division().nonWprHeap(),
                    layout.get().start(),
                    layout.get().division().frts(),
                    layout.get().end(),
                    FB_BYTES
                };
                assertThat(borders).isSorted();
            }
        }
        assertThat(found).isGreaterThan(ROUNDS / 100);
    }

    @Test
    void sizesThatDoNotFitHaveNoLayout() {
        WireStruct meta = meta(64 * MIB, 4096, 128 * MIB, 2 * MIB);

        assertThat(WprLayout.of(meta, 0, 0, FB_BYTES)).isEmpty();
        assertThat(WprLayout.of(meta, MIB, 2 * MIB, FB_BYTES)).isEmpty();
        assertThat(WprLayout.of(meta, 28 * MIB + 1, MIB, FB_BYTES)).isEmpty();
        assertThat(WprLayout.of(meta, FB_BYTES, MIB, FB_BYTES)).isEmpty();
        assertThat(WprLayout.of(meta, -MIB, MIB, FB_BYTES)).isEmpty();
        assertThat(WprLayout.of(meta(Long.MAX_VALUE, 1, 1, 1), 28 * MIB, MIB, FB_BYTES))
                .isEmpty();
        assertThat(WprLayout.of(meta(1, 1, 1, FB_BYTES), 28 * MIB, MIB, FB_BYTES))
                .isEmpty();
    }

    /** Small, middling, or of any 64 bits. */
    private static long size(Random random) {
        return switch (random.nextInt(8)) {
            case 0 -> random.nextLong();
            case 1 -> random.nextLong(FB_BYTES);
            default -> random.nextLong(512 * MIB);
        };
    }

    private static WireStruct meta(long image, long bootLoader, long heap, long nonWprHeap) {
        WireStruct meta = WireStruct.ofSize(BootLayout.WPR_META_BYTES);
        meta.put64(BootLayout.SIZE_OF_RADIX3_ELF, image);
        meta.put64(BootLayout.SIZE_OF_BOOTLOADER, bootLoader);
        meta.put64(BootLayout.GSP_FW_HEAP_SIZE, heap);
        meta.put64(BootLayout.NON_WPR_HEAP_SIZE, nonWprHeap);
        return meta;
    }
}
