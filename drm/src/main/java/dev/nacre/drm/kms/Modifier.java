package dev.nacre.drm.kms;

import dev.nacre.core.DisplaySurface;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** Layouts of surfaces by their modifiers. */
// HW: drm_fourcc.h, DRM_FORMAT_MOD_NVIDIA_BLOCK_LINEAR_2D; nouveau dispnv50/disp.c (wndwc57e_modifiers)
final class Modifier {
    /** Lines one after another. */
    static final long LINEAR = 0;

    private static final int BLOCK_HEIGHTS = 6;
    private static final long GENERIC_KIND = 0x06;
    private static final long TURING_SECTORS = 1;
    private static final long TURING_KINDS = 2;
    private static final long NVIDIA = 0x03L << 56;
    private static final long BLOCK_LINEAR =
            NVIDIA | 0x10 | GENERIC_KIND << 12 | TURING_KINDS << 20 | TURING_SECTORS << 22;

    /** All that planes show but cursors, the best last. */
    static final List<Long> ALL = Stream.concat(
                    Stream.of(LINEAR), IntStream.range(0, BLOCK_HEIGHTS).mapToObj(height -> BLOCK_LINEAR | height))
            .toList();

    private Modifier() {}

    /** Log2 of a block's height, or {@link DisplaySurface#PITCH_LINEAR}; empty if it is none of {@link #ALL}. */
    static OptionalInt blockHeight(long modifier) {
        if (modifier == LINEAR) {
            return OptionalInt.of(DisplaySurface.PITCH_LINEAR);
        }
        return LongStream.range(0, BLOCK_HEIGHTS)
                .filter(height -> modifier == (BLOCK_LINEAR | height))
                .mapToInt(height -> (int) height)
                .findFirst();
    }
}
