package dev.nacre.pci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class DirtyLogTest {
    private static final long PAGE = 0x1000;
    private static final long BASE = 0x1_0000_0000L;
    private static final int PAGES = 1024;
    private static final long SIZE = PAGES * PAGE;

    private final Arena arena = Arena.ofShared();
    private final GuestMemory memory = new GuestMemory();

    @BeforeEach
    void map() {
        memory.busMaster(true);
        memory.map(BASE, arena.allocate(SIZE), true, true);
    }

    @AfterEach
    void close() {
        arena.close();
    }

    private BitSet report() {
        return report(BASE, SIZE, PAGE);
    }

    private BitSet report(long iova, long length, long pageBytes) {
        return report(log -> memory.reportDirty(iova, length, pageBytes, log, 8), length, pageBytes);
    }

    /** Has a report written into the middle of something, of which the rest must stay as it is. */
    private static BitSet report(Consumer<MemorySegment> writer, long length, long pageBytes) {
        int words = (int) (((length + pageBytes - 1) / pageBytes + 63) / 64);
        long[] report = new long[words + 2];
        Arrays.fill(report, 0x5555_5555_5555_5555L);
        writer.accept(MemorySegment.ofArray(report));
        assertThat(report[0]).isEqualTo(0x5555_5555_5555_5555L);
        assertThat(report[words + 1]).isEqualTo(0x5555_5555_5555_5555L);
        return BitSet.valueOf(Arrays.copyOfRange(report, 1, words + 1));
    }

    private static BitSet bits(int... set) {
        BitSet bits = new BitSet();
        for (int bit : set) {
            bits.set(bit);
        }
        return bits;
    }

    private static BitSet bitsFromTo(int first, int last) {
        BitSet bits = new BitSet();
        bits.set(first, last + 1);
        return bits;
    }

    @Test
    void nothingIsDirtyAtFirst() {
        memory.writeInt(BASE, 1);

        memory.startDirtyLog(PAGE);

        assertThat(report()).isEqualTo(bits());
    }

    @Test
    void scalarsMarkThePagesTheyTouch() {
        memory.startDirtyLog(PAGE);

        memory.writeInt(BASE + 3 * PAGE, 1);
        memory.writeLong(BASE + 5 * PAGE - 8, 1);
        memory.writeLong(BASE + 10 * PAGE - 4, 1);
        memory.writeIntRelease(BASE + 63 * PAGE, 1);
        memory.writeLongRelease(BASE + 64 * PAGE, 1);

        assertThat(report()).isEqualTo(bits(3, 4, 9, 10, 63, 64));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 1, 0, 0",
        "0, 0x1000, 0, 0",
        "0xfff, 2, 0, 1",
        "0x7000, 0x1000, 7, 7",
        "0x8000, 0x1000, 8, 8",
        "0x7fff, 0x1002, 7, 9",
        "0x10000, 0x8000, 16, 23",
        "0x3f000, 0x2000, 63, 64",
        "0x20, 0x3fffc0, 0, 1023",
        "0x41000, 0x180000, 65, 448"
    })
    void blockWritesMarkFromTheFirstPageToTheLast(String offset, String length, int first, int last) {
        memory.startDirtyLog(PAGE);

        memory.write(BASE + Long.decode(offset), arena.allocate(Long.decode(length)), 0, Long.decode(length));

        assertThat(report()).isEqualTo(bitsFromTo(first, last));
    }

    @Test
    void copiesMarkWhereTheyWriteOnly() {
        memory.startDirtyLog(PAGE);

        memory.copy(BASE, BASE + 100 * PAGE, 3 * PAGE);

        assertThat(report()).isEqualTo(bits(100, 101, 102));
    }

    @Test
    void emptyAndRefusedAndReadTransfersMarkNothing() {
        memory.map(BASE + SIZE, arena.allocate(PAGE), true, false);
        memory.startDirtyLog(PAGE);

        memory.write(BASE, arena.allocate(1), 0, 0);
        memory.readInt(BASE);
        assertThatThrownBy(() -> memory.writeInt(BASE + SIZE, 1)).isInstanceOf(DmaFault.class);
        assertThatThrownBy(() -> memory.write(BASE + SIZE - PAGE, arena.allocate(2 * PAGE), 0, 2 * PAGE))
                .isInstanceOf(DmaFault.class);

        assertThat(report(BASE, SIZE + PAGE, PAGE)).isEqualTo(bits());
    }

    @Test
    void reportForgetsWhatItReports() {
        memory.startDirtyLog(PAGE);
        memory.writeInt(BASE + 5 * PAGE, 1);
        memory.writeInt(BASE + 6 * PAGE, 1);

        BitSet one = report(BASE + 5 * PAGE, PAGE, PAGE);
        BitSet rest = report();
        BitSet none = report();

        assertThat(one).isEqualTo(bits(0));
        assertThat(rest).isEqualTo(bits(6));
        assertThat(none).isEqualTo(bits());
    }

    @ParameterizedTest
    @CsvSource({"0x1000, 0x800", "0x1000, 0x2000", "0x1000, 0x10000", "0x2000, 0x1000", "0x10000, 0x1000", "0x1000, 0x1"
    })
    void reportMayCountInOtherPagesThanTheLog(String logged, String reported) {
        long loggedBytes = Long.decode(logged);
        long reportedBytes = Long.decode(reported);
        memory.startDirtyLog(loggedBytes);
        memory.writeInt(BASE + 48 * PAGE, 1);
        long from = 48 * PAGE / loggedBytes * loggedBytes;

        BitSet dirty = report(BASE, SIZE, reportedBytes);
        BitSet again = report(BASE, SIZE, reportedBytes);

        int first = (int) (from / reportedBytes);
        int last = (int) ((from + loggedBytes - 1) / reportedBytes);
        assertThat(dirty).isEqualTo(bitsFromTo(first, last));
        assertThat(again).isEqualTo(bits());
    }

    @Test
    void reportCountsFromItsStartNotFromAPage() {
        memory.startDirtyLog(PAGE);
        memory.writeInt(BASE + 2 * PAGE, 1);

        BitSet dirty = report(BASE + PAGE / 2, 4 * PAGE, PAGE);

        assertThat(dirty).isEqualTo(bits(1, 2));
    }

    @Test
    void pageThatIsReportedInPartIsNotForgotten() {
        memory.startDirtyLog(4 * PAGE);
        memory.writeInt(BASE + 2 * PAGE, 1);

        BitSet half = report(BASE + 2 * PAGE, 8 * PAGE, PAGE);
        BitSet otherHalf = report(BASE, 2 * PAGE, PAGE);
        BitSet whole = report(BASE, 4 * PAGE, PAGE);
        BitSet after = report(BASE, 4 * PAGE, PAGE);

        assertThat(half).isEqualTo(bits(0, 1));
        assertThat(otherHalf).isEqualTo(bits(0, 1));
        assertThat(whole).isEqualTo(bits(0, 1, 2, 3));
        assertThat(after).isEqualTo(bits());
    }

    @Test
    void remappedPageKeepsItsMark() {
        memory.startDirtyLog(PAGE);
        memory.writeInt(BASE + PAGE, 1);

        memory.unmap(BASE, SIZE);
        memory.map(BASE, arena.allocate(SIZE), true, true);

        assertThat(report()).isEqualTo(bits(1));
    }

    @Test
    void lastPageOfTheAddressSpaceIsAPageLikeOthers() {
        memory.map(-PAGE, arena.allocate(PAGE), true, true);
        memory.startDirtyLog(PAGE);
        memory.writeInt(-4, 1);

        assertThat(report(-PAGE, PAGE, PAGE)).isEqualTo(bits(0));
        assertThat(report(-PAGE, PAGE, PAGE)).isEqualTo(bits());
    }

    @Test
    void pageIsMarkedThoughItsMemoryWentAwayUnderTheWrite() {
        memory.startDirtyLog(PAGE);
        try (Arena released = Arena.ofShared()) {
            memory.map(BASE + SIZE, released.allocate(PAGE), true, true);
        }

        assertThatThrownBy(() -> memory.write(BASE + SIZE - PAGE, arena.allocate(2 * PAGE), 0, 2 * PAGE))
                .isInstanceOf(DmaFault.class);

        assertThat(report(BASE, SIZE + PAGE, PAGE)).isEqualTo(bits(PAGES - 1, PAGES));
    }

    @Test
    void startingAgainForgetsAndStoppingEnds() {
        memory.startDirtyLog(PAGE);
        memory.writeInt(BASE, 1);

        memory.startDirtyLog(PAGE);
        BitSet anew = report();
        memory.stopDirtyLog();
        memory.stopDirtyLog();
        memory.writeInt(BASE, 1);

        assertThat(anew).isEqualTo(bits());
        assertThatIllegalStateException().isThrownBy(this::report);
    }

    @ParameterizedTest
    @CsvSource({"1, 4096", "4096, 4096", "8192, 8192", "0x40000000, 0x40000000", "0x4000000000000000, 0x40000000"})
    void pageSizeIsTheWantedOneWithinLimits(String wanted, String used) {
        assertThat(memory.startDirtyLog(Long.decode(wanted))).isEqualTo(Long.decode(used));
        assertThat(memory.startDirtyLog(Long.MIN_VALUE)).isEqualTo(1 << 30);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 3, -1, 4097})
    void pageSizeMustBeAPowerOfTwo(long pageBytes) {
        assertThatIllegalArgumentException().isThrownBy(() -> memory.startDirtyLog(pageBytes));
    }

    @Test
    void randomWritesAndReportsAgreeWithAModelByByte() {
        Random random = new Random(20261123);
        for (int round = 0; round < 300; round++) {
            int logShift = random.nextInt(12, 17);
            int reportShift = random.nextInt(9, 18);
            memory.startDirtyLog(1L << logShift);
            BitSet written = new BitSet();
            for (int i = random.nextInt(12); i > 0; i--) {
                int at = random.nextInt((int) SIZE - 4);
                memory.writeInt(BASE + at, 1);
                written.set(at >> logShift);
                written.set((at + 3) >> logShift);
            }
            int offset = random.nextInt((int) SIZE);
            int length = random.nextInt(1, (int) SIZE - offset + 1);

            BitSet expected = new BitSet();
            written.stream().forEach(page -> {
                int first = Math.max(offset, page << logShift);
                int last = Math.min(offset + length, (page + 1) << logShift) - 1;
                if (first <= last) {
                    expected.set((first - offset) >> reportShift, ((last - offset) >> reportShift) + 1);
                }
            });
            assertThat(report(BASE + offset, length, 1L << reportShift)).isEqualTo(expected);
        }
    }

    @Test
    void pagesFarApartTakeMemoryOfTheirOwnOnly() {
        DirtyLog log = new DirtyLog(PAGE, 16);
        for (long i = 0; i < 16; i++) {
            log.mark(i << 40, 1);
        }

        for (long i = 0; i < 16; i++) {
            long at = i << 40;
            assertThat(report(s -> log.report(at, 2 * PAGE, PAGE, s, 8), 2 * PAGE, PAGE))
                    .isEqualTo(bits(0));
            assertThat(report(s -> log.report(at, 2 * PAGE, PAGE, s, 8), 2 * PAGE, PAGE))
                    .isEqualTo(bits());
        }
    }

    @Test
    void logThatIsFullReportsEverything() {
        DirtyLog log = new DirtyLog(PAGE, 2);
        log.mark(0, 1);
        log.mark(1L << 40, 1);
        log.mark(2L << 40, 1);

        assertThat(report(s -> log.report(3L << 40, 70 * PAGE, PAGE, s, 8), 70 * PAGE, PAGE))
                .isEqualTo(bitsFromTo(0, 69));
        assertThat(report(s -> log.report(3L << 40, 70 * PAGE, PAGE, s, 8), 70 * PAGE, PAGE))
                .isEqualTo(bitsFromTo(0, 69));
    }

    @Test
    void writesBesideRemoteMemoryAreMarked() {
        memory.mapRemote(
                0x5000_0000L,
                PAGE,
                new RemoteMemory() {
                    @Override
                    public void read(long iova, MemorySegment dst, long dstOffset, long length) {}

                    @Override
                    public void write(long iova, MemorySegment src, long srcOffset, long length) {}
                },
                true,
                true);
        memory.startDirtyLog(PAGE);

        memory.writeInt(BASE + 3 * PAGE, 1);
        memory.write(BASE + 5 * PAGE, MemorySegment.ofArray(new byte[2]), 0, 2);
        memory.copy(BASE, BASE + 8 * PAGE, 16);

        assertThat(report()).isEqualTo(bits(3, 5, 8));
    }
}
