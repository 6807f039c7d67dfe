package dev.nacre.hw.mmu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GmmuV3Test {
    private static final GmmuV3 FORMAT = GmmuV3.FORMAT;
    private static final int ROUNDS = 10_000;
    private static final long ADDRESS_52 = (1L << 52) - 1;
    private static final long ADDRESS_40 = (1L << 40) - 1;

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
        // HW: nouveau vmmgh100.c, gh100_vmm_desc_16 and _12
        assertThat(FORMAT.directories()).extracting(PageLevel::entries).containsExactly(2, 512, 512, 512, 256);
        assertThat(FORMAT.bigTable().entries()).isEqualTo(32);
        assertThat(FORMAT.smallTable().entries()).isEqualTo(512);
    }

    @Test
    void entryOfAnAddressIsFound() {
        long address = 1L << 56 | 3L << 47 | 5L << 38 | 7L << 29 | 9L << 21 | 11L << 12 | 0x123;

        assertThat(FORMAT.directories())
                .extracting(level -> level.entryOffset(address))
                .containsExactly(8L, 3 * 8L, 5 * 8L, 7 * 8L, 9 * 16L);
        assertThat(FORMAT.smallTable().entryOffset(address)).isEqualTo(11 * 8);
    }

    @Test
    void mappedPagesSayWhatWasEncoded() {
        Random random = new Random(3);
        for (int i = 0; i < ROUNDS; i++) {
            int aperture = random.nextInt(4);
            long address = random.nextLong() & (aperture >= 2 ? ADDRESS_52 : ADDRESS_40) & -0x1000L;
            int permissions = random.nextInt(32);
            int kind = random.nextInt(16);

            // As nouveau writes it: the address itself, or-ed with the fields below it.
            long entry = address | kind << 8 | permissions << 3 | aperture << 1 | 1;

            assertThat(FORMAT.isValid(entry)).isTrue();
            assertThat(FORMAT.pageAddress(entry)).isEqualTo(address);
            assertThat(FORMAT.pageTarget(entry)).isEqualTo(pageTarget(aperture));
            assertThat(FORMAT.isReadOnly(entry)).isEqualTo((permissions & 4) != 0);
            assertThat(FORMAT.isAtomicDisabled(entry)).isEqualTo((permissions & 8) != 0);
            assertThat(FORMAT.kind(entry)).isEqualTo(kind);
            assertThat(encoded(aperture, address, permissions, kind)).isEqualTo(entry);
        }
    }

    @Test
    void directoriesSayWhatWasEncoded() {
        Random random = new Random(4);
        for (int i = 0; i < ROUNDS; i++) {
            int aperture = random.nextInt(4);
            long address = random.nextLong() & ADDRESS_52 & -0x1000L;
            long bigTable = random.nextLong() & ADDRESS_52 & -0x100L;
            int permissions = random.nextInt(8);

            long entry = address | permissions << 3 | aperture << 1;
            long dual = bigTable | permissions << 3 | aperture << 1;

            assertThat(FORMAT.isPage(entry)).isFalse();
            assertThat(FORMAT.directoryTarget(entry)).isEqualTo(directoryTarget(aperture));
            assertThat(FORMAT.directoryAddress(entry)).isEqualTo(address);
            assertThat(FORMAT.isSparseDirectory(entry)).isEqualTo((permissions & 1) != 0);
            assertThat(FORMAT.bigTableTarget(dual)).isEqualTo(directoryTarget(aperture));
            assertThat(FORMAT.bigTableAddress(dual)).isEqualTo(bigTable);
        }
    }

    @ParameterizedTest
    @CsvSource({"0, false, false", "1, true, false", "2, false, false", "3, false, true"})
    void pagesThatAreNotMappedSayWhy(int permissions, boolean sparse, boolean hidesSmallPages) {
        long entry = GmmuV3.PTE_PCF.set(0, permissions);

        assertThat(FORMAT.isValid(entry)).isFalse();
        assertThat(FORMAT.isSparse(entry)).isEqualTo(sparse);
        assertThat(FORMAT.hidesSmallPages(entry)).isEqualTo(hidesSmallPages);
    }

    @Test
    void onlyTheInvalidKindIsUnusable() {
        for (int kind = 0; kind < 16; kind++) {
            assertThat(FORMAT.isKindUsable(kind)).isEqualTo(kind != GmmuV3.PTE_KIND_INVALID);
        }
    }

    private static long encoded(int aperture, long address, int permissions, int kind) {
        long entry = GmmuV3.PTE_APERTURE.set(GmmuV3.PTE_VALID.mask(), aperture);
        entry = GmmuV3.PTE_KIND.set(GmmuV3.PTE_PCF.set(entry, permissions), kind);
        return (aperture >= 2 ? GmmuV3.PTE_ADDRESS_SYS : GmmuV3.PTE_ADDRESS_VID).set(entry, address >>> 12);
    }

    private static Target pageTarget(int aperture) {
        return switch (aperture) {
            case 0 -> Target.VIDEO_MEMORY;
            case 1 -> Target.PEER_MEMORY;
            default -> Target.SYSTEM_MEMORY;
        };
    }

    private static Target directoryTarget(int aperture) {
        return switch (aperture) {
            case 0 -> Target.INVALID;
            case 1 -> Target.VIDEO_MEMORY;
            default -> Target.SYSTEM_MEMORY;
        };
    }
}
