package dev.nacre.vfiouser;

import static dev.nacre.vfiouser.RawClient.DEVICE_FEATURE;
import static dev.nacre.vfiouser.RawClient.DMA_MAP;
import static dev.nacre.vfiouser.RawClient.DMA_UNMAP;
import static dev.nacre.vfiouser.RawClient.EINVAL;
import static dev.nacre.vfiouser.RawClient.ENOENT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nacre.linux.Errno;
import dev.nacre.linux.Fd;
import dev.nacre.linux.Memfd;
import dev.nacre.pci.DmaFault;
import dev.nacre.pci.GuestMemory;
import dev.nacre.vfiouser.RawClient.Reply;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.BitSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The features DMA_LOGGING_START, DMA_LOGGING_STOP and DMA_LOGGING_REPORT. */
@ExtendWith(LeavesNothing.class)
class DmaLoggingTest {
    private static final int START = 1 << 17 | 6;
    private static final int STOP = 1 << 17 | 7;
    private static final int REPORT = 1 << 16 | 8;
    private static final long PAGE = 0x1000;
    private static final long BASE = 0x10_0000;
    private static final long SIZE = 0x10_0000;
    private static final int PAGES = 256;

    private final Served served = Served.negotiated();
    private final GuestMemory memory = served.function.memory();
    private final Fd file = Memfd.ofFixedSize("logged", 2 * SIZE);

    @BeforeEach
    void mapTwoAdjacentRanges() {
        map(BASE, SIZE, 3, file);
        map(BASE + SIZE, SIZE, 3, file);
    }

    @AfterEach
    void close() {
        served.close();
        file.close();
    }

    private void map(long iova, long size, int flags, Fd... fd) {
        byte[] body = Bytes.of().u32(32, flags).u64(0).u64(iova).u64(size).get();
        assertThat(served.client.call(DMA_MAP, body, fd).errno()).isZero();
    }

    private void unmap(long iova, long size) {
        byte[] body = Bytes.of().u32(24, 0).u64(iova).u64(size).get();
        assertThat(served.client.call(DMA_UNMAP, body).errno()).isZero();
    }

    /** Starts a log in ranges given as pairs of address and length. */
    private Reply start(long pageBytes, long... ranges) {
        Bytes body =
                Bytes.of().u32(24 + 8L * ranges.length, START).u64(pageBytes).u32(ranges.length / 2, 0);
        Arrays.stream(ranges).forEach(body::u64);
        return served.client.call(DEVICE_FEATURE, body.get());
    }

    private int stop() {
        return served.client.call(DEVICE_FEATURE, Bytes.of().u32(8, STOP).get()).errno();
    }

    private Reply askReport(long argsz, long iova, long length, long pageBytes) {
        byte[] body = Bytes.of()
                .u32(argsz, REPORT)
                .u64(iova)
                .u64(length)
                .u64(pageBytes)
                .get();
        return served.client.call(DEVICE_FEATURE, body);
    }

    private Reply askReport(long iova, long length, long pageBytes) {
        return askReport(0xffff_ffffL, iova, length, pageBytes);
    }

    private BitSet report(long iova, long length, long pageBytes) {
        Reply reply = askReport(iova, length, pageBytes);
        assertThat(reply.errno()).isZero();
        int words = (int) (((length + pageBytes - 1) / pageBytes + 63) / 64);
        byte[] head = Bytes.of()
                .u32(32 + 8L * words, REPORT)
                .u64(iova)
                .u64(length)
                .u64(pageBytes)
                .get();
        assertThat(reply.body()).hasSize(32 + 8 * words).startsWith(head);
        return BitSet.valueOf(Arrays.copyOfRange(reply.body(), 32, reply.body().length));
    }

    private BitSet report() {
        return report(BASE, SIZE, PAGE);
    }

    private static BitSet bits(int... set) {
        BitSet bits = new BitSet();
        for (int bit : set) {
            bits.set(bit);
        }
        return bits;
    }

    @Test
    void sameRangesInAnotherOrderAreTheSameLog() {
        start(PAGE, BASE, PAGE, BASE, 2 * PAGE, BASE + 4 * PAGE, PAGE);

        assertThat(start(PAGE, BASE + 4 * PAGE, PAGE, BASE, 2 * PAGE, BASE, PAGE)
                        .errno())
                .isZero();
    }

    @Test
    void nothingIsDirtyAfterTheStart() {
        memory.writeInt(BASE, 1);

        assertThat(start(PAGE).errno()).isZero();

        assertThat(report()).isEqualTo(bits());
    }

    @ParameterizedTest
    @CsvSource({
        "4096, 4096",
        "8192, 8192",
        "1, 4096",
        "2048, 4096",
        "0x40000000, 0x40000000",
        "0x4000000000000000, 0x40000000"
    })
    void answerToStartHasThePageSizeOfTheLog(String wanted, String used) {
        Reply reply = start(Long.decode(wanted), BASE, SIZE);

        assertThat(reply.body())
                .isEqualTo(Bytes.of()
                        .u32(40, START)
                        .u64(Long.decode(used))
                        .u32(1, 0)
                        .u64(BASE)
                        .u64(SIZE)
                        .get());
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 3, 4097, -4096})
    void pageSizeThatIsNoPowerOfTwoIsRefused(long pageBytes) {
        assertThat(start(pageBytes).errno()).isEqualTo(EINVAL);
        assertThat(askReport(BASE, SIZE, PAGE).errno()).isEqualTo(EINVAL);
    }

    @Test
    void sameStartAgainKeepsTheLogAndAnotherIsRefused() {
        start(PAGE, BASE, SIZE, 0, PAGE);
        memory.writeInt(BASE + PAGE, 1);

        assertThat(start(PAGE, 0, PAGE, BASE, SIZE).errno()).isZero();
        assertThat(start(2 * PAGE, BASE, SIZE, 0, PAGE).errno()).isEqualTo(EINVAL);
        assertThat(start(PAGE, BASE, SIZE).errno()).isEqualTo(EINVAL);
        assertThat(start(PAGE).errno()).isEqualTo(EINVAL);
        assertThat(report()).isEqualTo(bits(1));
    }

    @Test
    void refusedPageSizeMayBeAskedForAgainInItsOwnWords() {
        start(1);

        assertThat(start(1).little().getLong(8)).isEqualTo(PAGE);
        assertThat(start(PAGE).errno()).isZero();
        assertThat(start(2).errno()).isEqualTo(EINVAL);
    }

    @ParameterizedTest
    @CsvSource({"1000, 0", "fffffffffffff000, 1001", "1000, fffffffffffffff0"})
    void emptyAndWrappingRangesAreRefused(String iova, String length) {
        Reply reply = start(PAGE, Long.parseUnsignedLong(iova, 16), Long.parseUnsignedLong(length, 16));

        assertThat(reply.errno()).isEqualTo(EINVAL);
    }

    @Test
    void numberOfRangesMustBeThatOfTheMessageWithinTheLimit() {
        byte[] missing =
                Bytes.of().u32(4096, START).u64(PAGE).u32(2, 0).u64(0).u64(1).get();
        byte[] absurd =
                Bytes.of().u32(4096, START).u64(PAGE).u32(0xffff_ffffL, 0).get();
        long[] most = new long[512];
        long[] tooMany = new long[514];
        Arrays.setAll(most, i -> PAGE);
        Arrays.setAll(tooMany, i -> PAGE);

        assertThat(served.client.call(DEVICE_FEATURE, missing).errno()).isEqualTo(EINVAL);
        assertThat(served.client.call(DEVICE_FEATURE, absurd).errno()).isEqualTo(EINVAL);
        assertThat(start(PAGE, tooMany).errno()).isEqualTo(Errno.E2BIG.number());
        assertThat(start(PAGE, most).errno()).isZero();
    }

    @Test
    void reportBeforeStartAndAfterStopIsRefused() {
        int before = askReport(BASE, SIZE, PAGE).errno();
        start(PAGE);
        int during = askReport(BASE, SIZE, PAGE).errno();
        int stopped = stop();
        int after = askReport(BASE, SIZE, PAGE).errno();

        assertThat(before).isEqualTo(EINVAL);
        assertThat(during).isZero();
        assertThat(stopped).isZero();
        assertThat(after).isEqualTo(EINVAL);
        assertThat(stop()).isZero();
    }

    @Test
    void startAfterStopBeginsAnew() {
        start(PAGE);
        memory.writeInt(BASE, 1);
        stop();
        start(2 * PAGE);

        assertThat(report()).isEqualTo(bits());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 7, 8, 15, 16, 17, 31, 32, 63, 64, 127, 128, 255})
    void pageIsReportedOnceAtItsBit(int page) {
        start(PAGE);
        memory.writeInt(BASE + page * PAGE, 1);

        assertThat(report()).isEqualTo(bits(page));
        assertThat(report()).isEqualTo(bits());
    }

    @Test
    void writeAcrossPagesMarksAllOfThem() {
        start(PAGE);
        memory.write(BASE + 6 * PAGE + 10, MemorySegment.ofArray(new byte[(int) (12 * PAGE)]), 0, 12 * PAGE);

        assertThat(report().stream()).containsExactly(6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18);
    }

    @ParameterizedTest
    @CsvSource({
        "4096, 2048, 10, 20, 21",
        "4096, 8192, 10, 5, 5",
        "4096, 65536, 200, 12, 12",
        "8192, 4096, 11, 10, 11",
        "65536, 4096, 17, 16, 31",
        "8192, 8192, 11, 5, 5"
    })
    void reportCountsInItsOwnPages(long logged, long reported, int page, int first, int last) {
        start(logged);
        memory.writeInt(BASE + page * PAGE, 1);

        BitSet dirty = report(BASE, SIZE, reported);

        assertThat(dirty.stream().min()).hasValue(first);
        assertThat(dirty.stream().max()).hasValue(last);
        assertThat(dirty.cardinality()).isEqualTo(last - first + 1);
        assertThat(report(BASE, SIZE, reported)).isEqualTo(bits());
    }

    @Test
    void partOfARangeIsReportedFromItsOwnStart() {
        start(PAGE);
        memory.writeInt(BASE + 3 * PAGE, 1);
        memory.writeInt(BASE + 9 * PAGE, 1);

        assertThat(report(BASE + 2 * PAGE, 4 * PAGE, PAGE)).isEqualTo(bits(1));
        assertThat(report()).isEqualTo(bits(9));
    }

    @Test
    void reportMaySpanSeveralRanges() {
        start(PAGE);
        memory.write(BASE + SIZE - 4, MemorySegment.ofArray(new byte[8]), 0, 8);

        assertThat(report(BASE, 2 * SIZE, PAGE)).isEqualTo(bits(PAGES - 1, PAGES));
    }

    @ParameterizedTest
    @CsvSource({"0, 0x1000", "0xff000, 0x2000", "0x2ff000, 0x2000", "0x300000, 0x1000", "0x100000, 0x10000000"})
    void rangeThatIsNotAllMappedIsNotFound(String iova, String length) {
        start(PAGE);

        assertThat(askReport(Long.decode(iova), Long.decode(length), PAGE).errno())
                .isEqualTo(ENOENT);
        served.client.assertUsable();
    }

    @Test
    void rangeWithoutAFileIsRefused() {
        map(BASE + 2 * SIZE, SIZE, 3);
        start(PAGE);

        assertThat(askReport(BASE + 2 * SIZE, SIZE, PAGE).errno()).isEqualTo(EINVAL);
        assertThat(askReport(BASE, 3 * SIZE, PAGE).errno()).isEqualTo(EINVAL);
        served.client.assertUsable();
    }

    @Test
    void rangeThatIsNotLoggedIsRefused() {
        start(PAGE, BASE + PAGE, PAGE, BASE + 2 * PAGE, 2 * PAGE);

        assertThat(askReport(BASE, SIZE, PAGE).errno()).isEqualTo(EINVAL);
        assertThat(askReport(BASE, 2 * PAGE, PAGE).errno()).isEqualTo(EINVAL);
        assertThat(askReport(BASE + 3 * PAGE, 2 * PAGE, PAGE).errno()).isEqualTo(EINVAL);
        assertThat(report(BASE + PAGE, 3 * PAGE, PAGE)).isEqualTo(bits());
    }

    @ParameterizedTest
    @CsvSource({
        "0x100000, 0x100000, 0",
        "0x100000, 0x100000, 3",
        "0x100000, 0x100000, -4096",
        "0x100000, 0, 4096",
        "-4096, 8192, 4096",
        "0x100000, -1, 4096",
        "0, 0x100000000000, 0x40000000",
        "0, 0x80000001000, 0x40000000"
    })
    void badPageSizeOrLengthIsRefused(String iova, String length, long pageBytes) {
        start(PAGE);

        assertThat(askReport(Long.decode(iova), Long.decode(length), pageBytes).errno())
                .isEqualTo(EINVAL);
        served.client.assertUsable();
    }

    @Test
    void argszMustHoldTheBitmap() {
        start(PAGE);

        assertThat(askReport(63, BASE, SIZE, PAGE).errno()).isEqualTo(EINVAL);
        assertThat(askReport(31, BASE, SIZE, PAGE).errno()).isEqualTo(EINVAL);
        assertThat(askReport(64, BASE, SIZE, PAGE).body()).hasSize(64);
    }

    @Test
    void bitmapMustFitTheClient() {
        start(PAGE);

        // A bit per byte of 8 MiB is the largest that a message holds, though so much is not mapped here.
        assertThat(askReport(BASE, 8 << 20, 1).errno()).isEqualTo(ENOENT);
        assertThat(askReport(BASE, (8 << 20) + 1, 1).errno()).isEqualTo(EINVAL);
        try (Served small = Served.negotiated(new FakeMigration(false), 16)) {
            byte[] begin = Bytes.of().u32(24, START).u64(PAGE).u32(0, 0).get();
            small.client.call(DEVICE_FEATURE, begin);
            byte[] fits = Bytes.of()
                    .u32(4096, REPORT)
                    .u64(0)
                    .u64(128 * PAGE)
                    .u64(PAGE)
                    .get();
            byte[] exceeds = Bytes.of()
                    .u32(4096, REPORT)
                    .u64(0)
                    .u64(129 * PAGE)
                    .u64(PAGE)
                    .get();

            assertThat(small.client.call(DEVICE_FEATURE, fits).errno()).isEqualTo(ENOENT);
            assertThat(small.client.call(DEVICE_FEATURE, exceeds).errno()).isEqualTo(EINVAL);
        }
    }

    @Test
    void readOnlyRangeIsNeverDirty() {
        map(0, PAGE, 1, file);
        start(PAGE);

        assertThatThrownBy(() -> memory.writeInt(0, 1)).isInstanceOf(DmaFault.class);

        assertThat(report(0, PAGE, PAGE)).isEqualTo(bits());
    }

    @Test
    void unmapWhileLoggingHidesTheRangeAndMappingItAgainFindsItsMarks() {
        start(PAGE);
        memory.writeInt(BASE + 5 * PAGE, 1);
        memory.writeInt(BASE + SIZE, 1);

        unmap(BASE, SIZE);
        int gone = askReport(BASE, SIZE, PAGE).errno();
        BitSet other = report(BASE + SIZE, SIZE, PAGE);
        map(BASE, SIZE, 3, file);
        BitSet again = report();

        assertThat(gone).isEqualTo(ENOENT);
        assertThat(other).isEqualTo(bits(0));
        assertThat(again).isEqualTo(bits(5));
    }

    @Test
    void disconnectEndsTheLogAndLeavesNothingOpen() throws Exception {
        start(PAGE);
        memory.writeInt(BASE, 1);

        served.leave();

        assertThat(OpenFds.mappingsOf("logged")).isZero();
        assertThatIllegalStateException()
                .isThrownBy(() -> memory.reportDirty(BASE, SIZE, PAGE, MemorySegment.ofArray(new long[4]), 0));
    }
}
