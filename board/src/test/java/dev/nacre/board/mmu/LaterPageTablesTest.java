package dev.nacre.board.mmu;

import static dev.nacre.board.mmu.MmuFixture.MIB;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.hw.mmu.FaultType;
import dev.nacre.hw.mmu.GmmuV3;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What version 3 of the page tables has and version 2 has not. */
class LaterPageTablesTest {
    private static final long VA = 1L << 56 | 3L << 47 | 5L << 38;

    private final MmuFixture fixture = new MmuFixture(Encoding.V3);
    private final PageTables tables = fixture.tables;
    private final VirtualSpace space = fixture.space();
    private final Extent extent = new Extent();

    @Test
    void addressesReachTheLastOf57Bits() {
        long last = (1L << 57) - 0x1000;
        tables.small(last, Encoding.V3.video(0x3000));

        assertThat(space.locate(last + 8, 16, Access.READ, extent)).isEqualTo(16);
        assertThat(extent.address()).isEqualTo(0x3008);
        assertThat(space.locate(1L << 57, 1, Access.READ, extent)).isZero();
        assertThat(extent.faultType()).isEqualTo(FaultType.VA_LIMIT_VIOLATION);
    }

    @Test
    void aDirectoryMayHoldAPageOf512Mib() {
        tables.directory(3, VA, Encoding.V3.system(MmuFixture.SYSTEM_BASE & -(512 * MIB)));

        assertThat(space.locate(VA + 0x1234, 8, Access.READ, extent)).isEqualTo(8);
        assertThat(extent.isSystem()).isTrue();
        assertThat(extent.address()).isEqualTo(MmuFixture.SYSTEM_BASE + 0x1234);
    }

    @Test
    void aPageLargerThanTheMemoryIsOutsideOfIt() {
        tables.directory(3, VA, Encoding.V3.video(0));

        assertThat(space.locate(VA, 1, Access.READ, extent)).isZero();
        assertThat(extent.faultType()).isEqualTo(FaultType.REGION_VIOLATION);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void aDirectoryThatPointsNowhereMayBeSparse(int permissions) {
        tables.directory(2, VA, GmmuV3.PDE_PCF.set(0, permissions));

        assertThat(space.locate(VA + MIB, 0x5000, Access.WRITE, extent)).isEqualTo(0x5000);
        assertThat(extent.isSparse()).isTrue();
    }

    @Test
    void aBigPageWithoutSmallOnesHidesThem() {
        tables.small(VA, Encoding.V3.video(0x3000));
        tables.big(VA, Encoding.V3.hidesSmall());
        assertThat(space.locate(VA, 1, Access.READ, extent)).isZero();
        assertThat(extent.faultType()).isEqualTo(FaultType.PTE);

        tables.big(VA, 0);
        fixture.mmu.invalidateAll();

        assertThat(space.locate(VA, 1, Access.READ, extent)).isOne();
    }

    @Test
    void aReadOnlyPageTakesNoWrites() {
        long permissions = GmmuV3.PTE_PCF.set(0, GmmuV3.PTE_PCF_READ_ONLY);
        tables.small(VA, Encoding.V3.video(0x3000) | permissions);

        assertThat(space.locate(VA, 1, Access.READ, extent)).isOne();
        assertThat(space.locate(VA, 1, Access.WRITE, extent)).isZero();
        assertThat(extent.faultType()).isEqualTo(FaultType.RO_VIOLATION);
    }
}
