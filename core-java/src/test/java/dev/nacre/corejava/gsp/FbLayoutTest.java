package dev.nacre.corejava.gsp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;
import dev.nacre.hw.gsp.GspAbi;
import dev.nacre.hw.gsp.GspVersion;
import org.junit.jupiter.api.Test;

class FbLayoutTest {
    private static final long MIB = 1 << 20;
    private static final GspAbi ABI = GspAbi.of(GspVersion.R570_144);

    private static FbLayout.Sizes sizes(long fbBytes, long imageBytes) {
        return new FbLayout.Sizes(fbBytes, fbBytes - MIB, 4096, imageBytes, 8 * MIB, MIB);
    }

    @Test
    void oneGibIsLaidOutAsDriversDo() {
        FbLayout fb = FbLayout.of(sizes(1024 * MIB, 64 << 10), ABI, 0);

        assertThat(fb.frts()).isEqualTo(0x3fe0_0000L);
        assertThat(fb.bootloader()).isEqualTo(0x3fdf_f000L);
        assertThat(fb.heapBytes()).isEqualTo(0x7f0_0000L);
        assertThat(fb.wprStart()).isEqualTo(0x37d0_0000L);
        assertThat(fb.nonWprHeap()).isEqualTo(0x37c0_0000L);
        assertThat(fb.wprEnd()).isEqualTo(0x3ff0_0000L);
        assertThat(fb.vfPartitions()).isZero();
    }

    @Test
    void realImageLeavesWhatDriversLeave() {
        FbLayout fb = FbLayout.of(sizes(1024 * MIB, 63_000_000), ABI, 0);

        assertThat(fb.wprStart()).isEqualTo(0x3410_0000L);
    }

    @Test
    void sharedGpuHasLargerHeap() {
        FbLayout few = FbLayout.of(sizes(2L << 30, 63_000_000), ABI, 2);
        FbLayout usual = FbLayout.of(sizes(48L << 30, 63_000_000), ABI, 32);
        FbLayout most = FbLayout.of(sizes(96L << 30, 63_000_000), ABI, 48);

        assertThat(few.heapBytes()).isEqualTo(256 * MIB);
        assertThat(few.vfPartitions()).isEqualTo(2);
        assertThat(usual.heapBytes()).isEqualTo(581 * MIB);
        assertThat(usual.vfPartitions()).isEqualTo(32);
        assertThat(most.heapBytes()).isEqualTo(581 * MIB);
        assertThat(most.vfPartitions()).isEqualTo(32);
    }

    @Test
    void tooLittleMemoryIsRefused() {
        assertThatExceptionOfType(CoreException.class)
                .isThrownBy(() -> FbLayout.of(sizes(256 * MIB, 100 * MIB), ABI, 0))
                .extracting(CoreException::error)
                .isEqualTo(CoreError.IO);
    }
}
