package dev.nacre.board.xve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.hw.regs.Xve;
import dev.nacre.pci.ConfigListener;
import dev.nacre.pci.ConfigSpace;
import dev.nacre.pci.GuestMemory;
import dev.nacre.pci.Interrupts;
import org.junit.jupiter.api.Test;

class ConfigMirrorTest {
    private int rearmed;
    private final ConfigSpace config = ConfigSpace.builder(0x10de, 0x26b5)
            .capability(0x78, dev.nacre.pci.PciExpress.endpoint(4, 16))
            .build(new Interrupts(), new GuestMemory(), new ConfigListener() {
                @Override
                public void functionLevelReset() {}

                @Override
                public void decodeChanged(boolean memory, boolean io) {}
            });
    private final ConfigMirror mirror = new ConfigMirror(MirroredConfig.of(config), () -> rearmed++, Xve.MIRROR_BASE);

    @Test
    void configSpaceIsReadThroughIt() {
        assertThat(mirror.read(0x88000)).isEqualTo(0x26b5_10de);
        assertThat(mirror.read(0x88ffc)).isZero();
    }

    @Test
    void writesReachConfigSpace() {
        mirror.write(0x88004, 4);

        assertThat(config.read(4, 2)).isEqualTo(4);
        assertThat(mirror.peek(0x88004) & 0xffff).isEqualTo(4);
    }

    @Test
    void theRomShadowIsStoredOutsideConfigSpace() {
        mirror.write(0x88050, 1);

        assertThat(mirror.read(0x88050)).isEqualTo(1);
        assertThat(config.read(0x50, 4)).isZero();
    }

    @Test
    void anyWriteToCya2RearmsTheMessage() {
        mirror.write(0x88704, 0);

        assertThat(rearmed).isOne();
        assertThat(mirror.read(0x88704)).isZero();
    }
}
