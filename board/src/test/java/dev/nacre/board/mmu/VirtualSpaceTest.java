package dev.nacre.board.mmu;

import static dev.nacre.board.mmu.MmuFixture.MIB;
import static dev.nacre.board.mmu.MmuFixture.SYSTEM_BASE;
import static dev.nacre.board.mmu.PageTables.HIDES_SMALL;
import static dev.nacre.board.mmu.PageTables.SPARSE;
import static dev.nacre.board.mmu.PageTables.readOnly;
import static dev.nacre.board.mmu.PageTables.system;
import static dev.nacre.board.mmu.PageTables.video;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.nacre.hw.mmu.FaultType;
import dev.nacre.hw.mmu.GmmuV2;
import dev.nacre.hw.regs.VfMmu;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VirtualSpaceTest {
    private static final long VA = 0x1_2345_6780_0000L & ~(2 * MIB - 1);

    private final MmuFixture fixture = new MmuFixture();
    private final PageTables tables = fixture.tables;
    private final VirtualSpace space = fixture.space();
    private final Extent extent = new Extent();

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void smallPageIsFoundThroughTablesInEitherMemory(boolean tablesInSystem) {
        tables.tablesInSystem(tablesInSystem).small(VA + 0x5000, video(0x7000));

        long bytes = space.locate(VA + 0x5010, 4, Access.WRITE, extent);

        assertThat(bytes).isEqualTo(4);
        assertThat(extent.address()).isEqualTo(0x7010);
        assertThat(extent.isSystem()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void bigPageIsFoundThroughTablesInEitherMemory(boolean tablesInSystem) {
        tables.tablesInSystem(tablesInSystem).big(VA + 0x30000, system(SYSTEM_BASE + 0x10000));

        long bytes = space.locate(VA + 0x3abcd, 0x10000, Access.WRITE, extent);

        assertThat(bytes).isEqualTo(0x10000 - 0xabcd);
        assertThat(extent.address()).isEqualTo(SYSTEM_BASE + 0x1abcd);
        assertThat(extent.isSystem()).isTrue();
    }

    @Test
    void bigTableMayStartAtAnyMultipleOf256() {
        tables.big(VA, video(0));
        long dual = 2 * MIB + 0x300;
        fixture.vram.writeLong(dual + 8, video(0x20000));
        tables.huge(VA, GmmuV2.DUAL_PDE_ADDRESS_BIG_VID.set(GmmuV2.PDE_APERTURE.set(0, 1), dual >>> 8));

        space.locate(VA + 0x10008, 1, Access.READ, extent);

        assertThat(extent.address()).isEqualTo(0x20008);
    }

    @Test
    void hugePageIsFound() {
        tables.huge(VA, video(4 * MIB));

        long bytes = space.locate(VA + 0x12_3456, 4 * MIB, Access.READ, extent);

        assertThat(bytes).isEqualTo(2 * MIB - 0x12_3456);
        assertThat(extent.address()).isEqualTo(4 * MIB + 0x12_3456);
    }

    @Test
    void bigPageComesBeforeSmallPages() {
        tables.big(VA, video(0x10000)).small(VA + 0x1000, video(0x70000));

        space.locate(VA + 0x1004, 1, Access.READ, extent);

        assertThat(extent.address()).isEqualTo(0x11004);
    }

    @Test
    void smallPageIsUsedWhereTheBigEntryIsZero() {
        tables.big(VA + 0x10000, video(0x10000)).small(VA + 0x1000, video(0x70000));

        space.locate(VA + 0x1004, 1, Access.READ, extent);

        assertThat(extent.address()).isEqualTo(0x70004);
    }

    @Test
    void bigEntryThatHidesSmallPagesFaults() {
        tables.big(VA, HIDES_SMALL).small(VA + 0x1000, video(0x70000));

        long bytes = space.locate(VA + 0x1004, 1, Access.READ, extent);

        assertThat(bytes).isZero();
        assertThat(extent.faultType()).isEqualTo(FaultType.PTE);
    }

    @Test
    void sparseEntriesOfAllLevelsReadZeroAndSwallowWrites() {
        tables.small(VA, SPARSE);
        tables.big(VA + 0x10000, SPARSE);
        tables.huge(VA + 2 * MIB, SPARSE);
        tables.directory(2, VA + (1L << 29), SPARSE);
        tables.directory(1, VA + (1L << 38), SPARSE);
        tables.directory(0, VA ^ (1L << 47), SPARSE);

        for (long address :
                new long[] {VA, VA + 0x10000, VA + 2 * MIB, VA + (1L << 29), VA + (1L << 38), VA ^ (1L << 47)}) {
            space.writeInt(address, 0x1234);
            assertThat(space.readInt(address)).as("%x", address).isZero();
        }
    }

    @Test
    void whatIsNotMappedFaultsWithItsType() {
        tables.small(VA, video(0));

        assertThat(faultOfRead(VA + 0x1000)).isEqualTo(FaultType.PTE);
        assertThat(faultOfRead(VA + 2 * MIB)).isEqualTo(FaultType.PDE);
        assertThat(faultOfRead(VA ^ (1L << 47))).isEqualTo(FaultType.PDE);
        assertThat(faultOfRead(1L << 49)).isEqualTo(FaultType.VA_LIMIT_VIOLATION);
        assertThat(faultOfRead(-4)).isEqualTo(FaultType.VA_LIMIT_VIOLATION);
    }

    @Test
    void entriesThatCannotBeUsedFaultWithTheirType() {
        tables.small(VA, GmmuV2.PTE_APERTURE.set(video(0), 1));
        tables.small(VA + 0x1000, GmmuV2.PTE_KIND.set(video(0), GmmuV2.PTE_KIND_INVALID));
        tables.small(VA + 0x2000, video(16 * MIB));
        tables.small(VA + 0x3000, system(0x7fff_0000_0000L));
        tables.directory(2, VA + (1L << 29), video(0));

        assertThat(faultOfRead(VA)).isEqualTo(FaultType.UNSUPPORTED_APERTURE);
        assertThat(faultOfRead(VA + 0x1000)).isEqualTo(FaultType.UNSUPPORTED_KIND);
        assertThat(faultOfRead(VA + 0x2000)).isEqualTo(FaultType.REGION_VIOLATION);
        assertThat(faultOfRead(VA + 0x3000)).isEqualTo(FaultType.UNSUPPORTED_APERTURE);
        assertThat(faultOfRead(VA + (1L << 29))).isEqualTo(FaultType.PDE);
    }

    @Test
    void directoriesThatLieNowhereFault() {
        tables.directory(1, VA, GmmuV2.PDE_ADDRESS_VID.set(GmmuV2.PDE_APERTURE.set(0, 1), 1 << 20));
        tables.directory(1, VA + (1L << 38), GmmuV2.PDE_ADDRESS_SYS.set(GmmuV2.PDE_APERTURE.set(0, 3), 5));

        assertThat(faultOfRead(VA)).isEqualTo(FaultType.PDE);
        assertThat(faultOfRead(VA + (1L << 38))).isEqualTo(FaultType.PDE);
    }

    @Test
    void everyKindButTheInvalidOneCanBeUsed() {
        for (int kind = 0; kind < 16; kind++) {
            tables.small(VA + kind * 0x1000L, GmmuV2.PTE_KIND.set(video(kind * 0x1000L), kind));
        }

        for (int kind = 0; kind < 16; kind++) {
            long bytes = space.locate(VA + kind * 0x1000L, 1, Access.WRITE, extent);
            assertThat(bytes).as("kind %d", kind).isEqualTo(kind == GmmuV2.PTE_KIND_INVALID ? 0 : 1);
        }
    }

    @Test
    void readOnlyPageCanBeReadButNotWritten() {
        tables.small(VA, readOnly(video(0x3000)));

        assertThat(space.locate(VA, 4, Access.READ, extent)).isEqualTo(4);
        assertThat(space.locate(VA, 4, Access.WRITE, extent)).isZero();
        assertThat(extent.faultType()).isEqualTo(FaultType.RO_VIOLATION);
    }

    @Test
    void pageWithoutAtomicsCanBeWrittenButNotReduced() {
        tables.small(VA, video(0x3000) | GmmuV2.PTE_ATOMIC_DISABLE.mask());

        assertThat(space.locate(VA, 4, Access.WRITE, extent)).isEqualTo(4);
        assertThat(space.locate(VA, 4, Access.ATOMIC, extent)).isZero();
        assertThat(extent.faultType()).isEqualTo(FaultType.ATOMIC_VIOLATION);
    }

    @Test
    void pagesThatFollowEachOtherAreOnePiece() {
        tables.mapVideo(VA, 0x40000, 0x8000).small(VA + 0x8000, video(0x10000));

        assertThat(space.locate(VA + 0x10, 0x20000, Access.WRITE, extent)).isEqualTo(0x8000 - 0x10);
        assertThat(extent.address()).isEqualTo(0x40010);
        assertThat(space.locate(VA + 0x8000, 0x20000, Access.WRITE, extent)).isEqualTo(0x1000);
    }

    @Test
    void pageOfOtherRightsEndsThePiece() {
        tables.small(VA, video(0)).small(VA + 0x1000, readOnly(video(0x1000)));

        assertThat(space.locate(VA, 0x2000, Access.READ, extent)).isEqualTo(0x1000);
    }

    @Test
    void spaceWithoutPageDirectoryFaults() {
        VirtualSpace unbound = fixture.mmu.space(16);

        assertThat(unbound.locate(VA, 1, Access.READ, extent)).isZero();
        assertThat(extent.faultType()).isEqualTo(FaultType.UNBOUND_INST_BLOCK);
    }

    @Test
    void translationIsKeptUntilItIsInvalidated() {
        tables.small(VA, video(0x3000));
        fixture.vram.writeInt(0x3000, 3);
        fixture.vram.writeInt(0x4000, 4);
        assertThat(space.readInt(VA)).isEqualTo(3);
        tables.small(VA, video(0x4000));
        assertThat(space.readInt(VA)).isEqualTo(3);

        fixture.mmu.invalidateAll();

        assertThat(space.readInt(VA)).isEqualTo(4);
    }

    @ParameterizedTest
    @ValueSource(ints = {0x8000_0001, 0x8000_0007})
    void registerInvalidatesAndIsDoneAtOnce(int value) {
        tables.small(VA, video(0x3000));
        space.readInt(VA);
        tables.small(VA, video(0x4000));
        fixture.vram.writeInt(0x4000, 4);

        fixture.mmu.registers().write(VfMmu.INVALIDATE_PDB.offset(), (int) (tables.root() >>> 8));
        fixture.mmu.registers().write(VfMmu.INVALIDATE_UPPER_PDB.offset(), 0);
        fixture.mmu.registers().write(VfMmu.INVALIDATE.offset(), value);

        assertThat(fixture.mmu.registers().read(VfMmu.INVALIDATE.offset())).isNotNegative();
        assertThat(space.readInt(VA)).isEqualTo(4);
    }

    @Test
    void invalidationIsSeenByAnotherThreadAtOnce() throws InterruptedException {
        int pages = 512;
        for (int i = 0; i < pages; i++) {
            fixture.vram.writeInt(i * 0x1000L, i);
        }
        tables.small(VA, video(0));
        AtomicInteger published = new AtomicInteger();
        AtomicInteger stale = new AtomicInteger(-1);
        AtomicBoolean ended = new AtomicBoolean();
        Thread reader = Thread.ofPlatform().start(() -> {
            while (published.get() < pages - 1) {
                int least = published.get();
                if (space.readInt(VA) < least) {
                    stale.set(least);
                }
            }
            ended.set(true);
        });

        for (int i = 1; i < pages; i++) {
            tables.small(VA, video(i * 0x1000L));
            fixture.mmu.invalidateAll();
            published.set(i);
        }
        reader.join();

        assertThat(ended).isTrue();
        assertThat(stale).hasValue(-1);
    }

    @Test
    void anotherPageDirectoryHasOtherPages() {
        PageTables other = new PageTables(fixture.mmu.memory(), 12 * MIB, 0);
        tables.small(VA, video(0x3000));
        other.small(VA, video(0x4000));
        fixture.vram.writeInt(0x3000, 3);
        fixture.vram.writeInt(0x4000, 4);
        assertThat(space.readInt(VA)).isEqualTo(3);

        space.bind(other.root(), false);

        assertThat(space.readInt(VA)).isEqualTo(4);
    }

    @Test
    void valueAcrossPagesIsPutTogether() {
        tables.small(VA, video(0x3000)).small(VA + 0x1000, system(SYSTEM_BASE));
        fixture.vram.writeInt(0x3ffc, 0x4433_2211);
        fixture.system.set(MmuFixture.INT, 0, 0x8877_6655);

        assertThat(space.readLong(VA + 0xffc)).isEqualTo(0x8877_6655_4433_2211L);
        assertThat(space.readInt(VA + 0xffe)).isEqualTo(0x6655_4433);
    }

    @Test
    void bytesGoToTheirPages() {
        tables.small(VA, video(0x3000)).small(VA + 0x1000, SPARSE).small(VA + 0x2000, system(SYSTEM_BASE + 0x5000));
        MemorySegment bytes = MemorySegment.ofArray(new byte[0x2800]);
        bytes.fill((byte) 7);

        space.write(VA + 0x400, bytes, 0, 0x2800);
        MemorySegment back = MemorySegment.ofArray(new byte[0x2800]);
        space.read(VA + 0x400, back, 0, 0x2800);

        assertThat(fixture.video.asSlice(0x3400, 0xc00).mismatch(bytes.asSlice(0, 0xc00)))
                .isEqualTo(-1);
        assertThat(fixture.system.asSlice(0x5000, 0xc00).mismatch(bytes.asSlice(0, 0xc00)))
                .isEqualTo(-1);
        bytes.asSlice(0xc00, 0x1000).fill((byte) 0);
        assertThat(back.mismatch(bytes)).isEqualTo(-1);
    }

    private int faultOfRead(long address) {
        return catchThrowableOfType(MmuFault.class, () -> space.readInt(address))
                .type();
    }
}
