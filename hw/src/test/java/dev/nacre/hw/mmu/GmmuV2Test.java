package dev.nacre.hw.mmu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.nacre.hw.reg.EntryField;
import java.util.List;
import org.junit.jupiter.api.Test;

class GmmuV2Test {
    private static final GmmuV2 FORMAT = GmmuV2.FORMAT;

    @Test
    void levelsCoverTheAddressWithoutGaps() {
        List<PageLevel> levels = FORMAT.directories();

        assertThat(levels.getFirst().hi()).isEqualTo(FORMAT.addressBits() - 1);
        for (int i = 1; i < levels.size(); i++) {
            assertThat(levels.get(i).hi()).isEqualTo(levels.get(i - 1).lo() - 1);
        }
        assertThat(FORMAT.bigTable().hi()).isEqualTo(levels.getLast().lo() - 1);
        assertThat(FORMAT.smallTable().hi()).isEqualTo(levels.getLast().lo() - 1);
    }

    @Test
    void tablesHaveTheSizesThatDriversAllocate() {
        // HW: nouveau vmmgp100.c, gp100_vmm_desc_16 and _12
        assertThat(FORMAT.directories()).extracting(PageLevel::entries).containsExactly(4, 512, 512, 256);
        assertThat(FORMAT.bigTable().entries()).isEqualTo(32);
        assertThat(FORMAT.smallTable().entries()).isEqualTo(512);
    }

    @Test
    void entryOfAnAddressIsFound() {
        long address = 3L << 47 | 5L << 38 | 7L << 29 | 9L << 21 | 11L << 12 | 0x123;

        assertThat(FORMAT.directories())
                .extracting(level -> level.entryOffset(address))
                .containsExactly(3 * 8L, 5 * 8L, 7 * 8L, 9 * 16L);
        assertThat(FORMAT.smallTable().entryOffset(address)).isEqualTo(11 * 8);
        assertThat(FORMAT.bigTable().entryOffset(address)).isZero();
    }

    @Test
    void compressionTagsAreNoPartOfAnAddressInVideoMemory() {
        long entry = 0x06L << 56 | 0xf_ffffL << 36 | 0x12_3456L << 8 | 1;

        assertThat(FORMAT.isValid(entry)).isTrue();
        assertThat(FORMAT.pageTarget(entry)).isEqualTo(Target.VIDEO_MEMORY);
        assertThat(FORMAT.pageAddress(entry)).isEqualTo(0x123456L << 12);
        assertThat(FORMAT.kind(entry)).isEqualTo(6);
    }

    @Test
    void addressInSystemMemoryHas46Bits() {
        long entry = 0x003f_ffff_ffff_ff05L;

        assertThat(FORMAT.pageTarget(entry)).isEqualTo(Target.SYSTEM_MEMORY);
        assertThat(FORMAT.pageAddress(entry)).isEqualTo(((1L << 46) - 1) << 12);
    }

    @Test
    void halvesOfADualEntryCountDifferently() {
        long entry = 0x1230 | 2;

        assertThat(FORMAT.bigTableTarget(entry)).isEqualTo(Target.VIDEO_MEMORY);
        assertThat(FORMAT.bigTableAddress(entry)).isEqualTo(0x12300);
        assertThat(FORMAT.directoryAddress(entry)).isEqualTo(0x12000);
    }

    @Test
    void fieldKeepsOtherBits() {
        EntryField field = new EntryField("F", 53, 8);

        assertThat(field.set(-1L, 0)).isEqualTo(0xffc0_0000_0000_00ffL);
        assertThat(field.set(0, -1L)).isEqualTo(field.mask());
        assertThat(field.get(-1L)).isEqualTo((1L << 46) - 1);
        assertThat(new EntryField("ALL", 63, 0).mask()).isEqualTo(-1L);
    }

    @Test
    void fieldOutsideTheEntryIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new EntryField("F", 64, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new EntryField("F", 3, 4));
    }
}
