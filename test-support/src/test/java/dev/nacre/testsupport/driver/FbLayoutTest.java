package dev.nacre.testsupport.driver;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FbLayoutTest {
    @Test
    void aBoardOfOneGibIsLaidOutAsNouveauDoes() {
        // What nouveau of Linux 7.2 computes for a bootloader of 4 KiB and an image of 64 KiB.
        FbLayout layout = FbLayout.of(1L << 30, 4096, 65536);

        assertThat(layout.vgaWorkspace()).isEqualTo(0x3ff0_0000L);
        assertThat(layout.frts()).isEqualTo(0x3fe0_0000L);
        assertThat(layout.bootloader()).isEqualTo(0x3fdf_f000L);
        assertThat(layout.heapBytes()).isEqualTo(0x7f0_0000L);
        assertThat(layout.wprStart()).isEqualTo(0x37d0_0000L);
        assertThat(layout.nonWprHeap()).isEqualTo(0x37c0_0000L);
        assertThat(layout.wprEnd()).isEqualTo(0x3ff0_0000L);
    }
}
