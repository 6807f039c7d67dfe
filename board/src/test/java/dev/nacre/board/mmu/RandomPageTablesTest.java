package dev.nacre.board.mmu;

import static dev.nacre.board.mmu.MmuFixture.MIB;
import static dev.nacre.board.mmu.MmuFixture.SYSTEM_BASE;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Compares the walk with what was mapped, kept in plain maps by page. */
class RandomPageTablesTest {
    private static final int REGIONS = 6;
    private static final long SPARSE_ADDRESS = -1;

    private final Map<Long, Long> small = new HashMap<>();
    private final Map<Long, Long> big = new HashMap<>();
    private final Map<Long, Long> huge = new HashMap<>();
    private Encoding encoding = Encoding.V2;

    @ParameterizedTest
    @CsvSource({"V2,1", "V2,2", "V2,3", "V2,4", "V2,5", "V2,6", "V3,1", "V3,2", "V3,3", "V3,4", "V3,5", "V3,6"})
    void walkFindsWhatWasMapped(Encoding version, long seed) {
        encoding = version;
        SplittableRandom random = new SplittableRandom(seed);
        MmuFixture fixture = new MmuFixture(encoding);
        long[] regions = random.longs(REGIONS, 0, 1L << (encoding.format().addressBits() - 21))
                .map(page -> page << 21)
                .toArray();
        fill(fixture, random, regions);
        VirtualSpace space = fixture.space();
        Extent extent = new Extent();

        for (int i = 0; i < 20_000; i++) {
            long address = regions[random.nextInt(REGIONS)] + random.nextLong(2 * MIB);
            long length = 1 + random.nextLong(0x8000);
            Long expected = expected(address);

            long bytes = space.locate(address, length, Access.READ, extent);

            String what = "seed=%d address=%x".formatted(seed, address);
            assertThat(bytes > 0).as(what).isEqualTo(expected != null);
            if (expected != null) {
                assertThat(extent.isSparse()).as(what).isEqualTo(expected == SPARSE_ADDRESS);
                assertThat(bytes).as(what).isBetween(1L, length);
                assertPieceIsContiguous(address, bytes, expected, extent, what);
            }
        }
    }

    private void assertPieceIsContiguous(long address, long bytes, long first, Extent extent, String what) {
        if (first != SPARSE_ADDRESS) {
            assertThat(extent.address()).as(what).isEqualTo(first & ~SYSTEM_MARK);
            assertThat(extent.isSystem()).as(what).isEqualTo((first & SYSTEM_MARK) != 0);
        }
        for (long page = (address & -0x1000) + 0x1000; page < address + bytes; page += 0x1000) {
            assertThat(expected(page)).as(what).isEqualTo(first == SPARSE_ADDRESS ? first : first + page - address);
        }
    }

    private static final long SYSTEM_MARK = 1L << 60;

    private void fill(MmuFixture fixture, SplittableRandom random, long[] regions) {
        for (long region : regions) {
            if (random.nextInt(4) == 0) {
                long address = random.nextLong(4) * 2 * MIB;
                huge.put(region, address);
                fixture.tables.tablesInSystem(random.nextBoolean()).huge(region, encoding.video(address));
                continue;
            }
            for (int i = 0; i < 400; i++) {
                fixture.tables.tablesInSystem(random.nextBoolean());
                mapOne(fixture.tables, random, region);
            }
        }
    }

    private void mapOne(PageTables tables, SplittableRandom random, long region) {
        boolean isBig = random.nextInt(10) == 0;
        long size = isBig ? 0x10000 : 0x1000;
        long page = region + random.nextLong(2 * MIB / size) * size;
        Map<Long, Long> pages = isBig ? big : small;
        long entry;
        long value;
        if (random.nextInt(8) == 0) {
            entry = encoding.sparse();
            value = SPARSE_ADDRESS;
        } else if (random.nextBoolean()) {
            value = random.nextLong(4 * MIB / size) * size;
            entry = encoding.video(value);
        } else {
            value = SYSTEM_BASE + random.nextLong(4 * MIB / size) * size;
            entry = encoding.system(value);
            value |= SYSTEM_MARK;
        }
        pages.put(page, value);
        if (isBig) {
            tables.big(page, entry);
        } else {
            tables.small(page, entry);
        }
    }

    /** Where an address lies by the maps, or null. */
    private @Nullable Long expected(long address) {
        Long page = huge.get(address & -(2 * MIB));
        long size = 2 * MIB;
        if (page == null) {
            size = 0x10000;
            page = big.get(address & -size);
        }
        if (page == null) {
            size = 0x1000;
            page = small.get(address & -size);
        }
        if (page == null || page == SPARSE_ADDRESS) {
            return page;
        }
        return page + (address & (size - 1));
    }
}
