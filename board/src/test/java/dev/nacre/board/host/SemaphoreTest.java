package dev.nacre.board.host;

import static dev.nacre.board.host.HostFixture.CE1;
import static dev.nacre.board.host.HostFixture.CE2;
import static dev.nacre.board.host.HostFixture.VIDEO;
import static dev.nacre.board.host.HostFixture.incrementing;
import static dev.nacre.board.host.HostFixture.join;
import static dev.nacre.board.host.HostFixture.semaphore;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.board.host.HostFixture.TestChannel;
import dev.nacre.hw.host.RobustChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SemaphoreTest {
    private static final long SEM = 0x8000;
    private static final long DONE = 0x8100;
    private static final int RELEASE = 1;
    private static final int REDUCTION = 6;
    private static final int SWITCH = 1 << 12;
    private static final int WIDE = 1 << 24;
    private static final int TIMESTAMP = 1 << 25;
    private static final int UNSIGNED = 1 << 31;

    private final HostFixture fixture = new HostFixture();
    private final TestChannel channel = fixture.channel(3, CE1);

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void releaseOf32BitsLeavesTheNextWordAlone() {
        fixture.memory.vram.writeLong(SEM, -1);

        channel.run(semaphore(VIDEO + SEM, 0x1_0000_0005L, RELEASE | 1 << 20));

        assertThat(fixture.memory.vram.readLong(SEM)).isEqualTo(0xffff_ffff_0000_0005L);
    }

    @Test
    void releaseOf64BitsWritesAll() {
        channel.run(semaphore(VIDEO + SEM, 0x1_0000_0005L, RELEASE | WIDE));

        assertThat(fixture.memory.vram.readLong(SEM)).isEqualTo(0x1_0000_0005L);
    }

    @ParameterizedTest
    @CsvSource({"false, 0x5", "true, 0x100000005"})
    void releaseWithTimestampWritesSixteenBytes(boolean wide, String payload) {
        fixture.memory.vram.writeLong(SEM, -1);

        channel.run(semaphore(VIDEO + SEM, 0x1_0000_0005L, RELEASE | TIMESTAMP | (wide ? WIDE : 0)));

        assertThat(fixture.memory.vram.readLong(SEM)).isEqualTo(Long.decode(payload));
        assertThat(fixture.memory.vram.readLong(SEM + 8)).isEqualTo(fixture.timeNs.get());
    }

    @ParameterizedTest
    @CsvSource({
        // operation, value, payload, 64 bits, whether it is acquired
        "0, 5, 5, false, true",
        "0, 6, 5, false, false",
        "0, 0x100000005, 5, false, true",
        "0, 0x100000005, 5, true, false",
        "0, 0x100000005, 0x100000005, true, true",
        "2, 5, 5, false, true",
        "2, 6, 5, false, true",
        "2, 4, 5, false, false",
        "2, 0xffffffff, 5, false, true",
        "2, 5, 0xffffffff, false, false",
        "2, -1, 5, true, true",
        "3, 5, 5, false, true",
        "3, 0x80000004, 5, false, true",
        "3, 0x80000005, 5, false, false",
        "3, 4, 5, false, false",
        "3, 2, 0xfffffffe, false, true",
        "3, 0x8000000000000004, 5, true, true",
        "3, 0x8000000000000005, 5, true, false",
        "4, 6, 2, false, true",
        "4, 5, 2, false, false",
        "4, 0x100000000, 0x100000000, true, true",
        "4, 0x100000000, 0x100000000, false, false",
        "5, 0xfffffffe, 0, false, true",
        "5, 0xfffffffe, 1, false, false",
        "5, 0xffffffff, 1, true, true",
        "5, -1, 0, true, false"
    })
    void acquireGoesOnWhenItsConditionHolds(
            int operation, String value, String payload, boolean wide, boolean acquired) {
        fixture.memory.vram.writeLong(SEM, parse(value));

        channel.run(join(
                semaphore(VIDEO + SEM, parse(payload), operation | SWITCH | (wide ? WIDE : 0)),
                semaphore(VIDEO + DONE, 1, RELEASE)));

        assertThat(fixture.video(DONE)).isEqualTo(acquired ? 1 : 0);
        assertThat(fixture.failures).isEmpty();
    }

    @Test
    void acquireThatWaitsGoesOnWhenMemoryIsWritten() {
        channel.run(join(semaphore(VIDEO + SEM, 5, 3), semaphore(VIDEO + DONE, 1, RELEASE)));
        assertThat(fixture.video(DONE)).isZero();

        fixture.video(SEM, 5);

        fixture.await(() -> fixture.video(DONE) == 1);
    }

    @Test
    void acquireThatWaitsLetsOtherChannelsRunAndIsReleasedByOneOfItsRunlist() {
        TestChannel other = fixture.channel(4, CE1);
        channel.run(join(semaphore(VIDEO + SEM, 5, 0), semaphore(VIDEO + DONE, 1, RELEASE)));

        other.run(semaphore(VIDEO + SEM, 5, RELEASE));

        assertThat(fixture.video(DONE)).isEqualTo(1);
    }

    @Test
    void acquireThatWaitsIsReleasedByAnotherRunlist() {
        TestChannel other = fixture.channel(4, CE2);
        channel.run(join(semaphore(VIDEO + SEM, 5, 0), semaphore(VIDEO + DONE, 1, RELEASE)));

        other.run(semaphore(VIDEO + SEM, 5, RELEASE));

        fixture.await(() -> fixture.video(DONE) == 1);
    }

    @Test
    void doorbellsDoNotDisturbAnAcquireThatWaits() {
        channel.run(join(semaphore(VIDEO + SEM, 5, 0), semaphore(VIDEO + DONE, 1, RELEASE)));

        channel.run(semaphore(VIDEO + DONE + 4, 2, RELEASE));
        assertThat(fixture.video(DONE + 4)).isZero();
        fixture.video(SEM, 5);

        fixture.await(() -> fixture.video(DONE + 4) == 2);
        assertThat(fixture.video(DONE)).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        // reduction, unsigned, 64 bits, value, payload, result
        "0, true, false, 5, 3, 3",
        "0, true, false, 5, 0xffffffff, 5",
        "0, false, false, 5, 0xffffffff, 0xffffffff",
        "0, true, true, 5, -1, 5",
        "0, false, true, 5, -1, -1",
        "1, true, false, 5, 0xffffffff, 0xffffffff",
        "1, false, false, 5, 0xffffffff, 5",
        "2, true, false, 6, 3, 5",
        "3, false, false, 6, 3, 2",
        "4, true, false, 6, 3, 7",
        "5, true, false, 0xffffffff, 3, 2",
        "5, false, false, 5, 0xffffffff, 4",
        "5, true, true, 0xffffffff, 1, 0x100000000",
        "6, true, false, 5, 7, 6",
        "6, true, false, 7, 7, 0",
        "6, true, false, 9, 7, 0",
        "7, true, false, 5, 7, 4",
        "7, true, false, 0, 7, 7",
        "7, true, false, 9, 7, 7"
    })
    void reductionChangesTheValue(
            int reduction, boolean unsigned, boolean wide, String value, String payload, String result) {
        fixture.memory.vram.writeLong(SEM, parse(value));

        channel.run(semaphore(
                VIDEO + SEM,
                parse(payload),
                REDUCTION | reduction << 27 | (unsigned ? UNSIGNED : 0) | (wide ? WIDE : 0)));

        assertThat(fixture.memory.vram.readLong(SEM)).isEqualTo(parse(result));
        assertThat(fixture.failures).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                7,
                REDUCTION | 8 << 27,
                REDUCTION | 5 << 27 | WIDE,
                REDUCTION | 6 << 27,
                REDUCTION | 6 << 27 | UNSIGNED | WIDE,
                REDUCTION | 7 << 27
            })
    void operationThatDoesNotExistKillsTheChannel(int execute) {
        channel.run(semaphore(VIDEO + SEM, 1, execute));

        assertThat(fixture.failures).containsExactly(new HostFixture.Failure(CE1, 3, RobustChannel.PBDMA_ERROR, 0, 0));
    }

    @ParameterizedTest
    @CsvSource({"0x1000001, 4", "0x1000000, 4", "0x2000001, 8", "0x3000006, 8"})
    void semaphoreThatIsNotAlignedKillsTheChannel(String execute, int offset) {
        channel.run(semaphore(VIDEO + SEM + offset, 1, Integer.decode(execute)));

        assertThat(fixture.failures).containsExactly(new HostFixture.Failure(CE1, 3, RobustChannel.PBDMA_ERROR, 0, 0));
    }

    @Test
    void lowBitsOfTheAddressAreDropped() {
        channel.run(semaphore(VIDEO + SEM + 3, 1, RELEASE));

        assertThat(fixture.video(SEM)).isEqualTo(1);
    }

    @Test
    void atomicOperationOnAPageThatForbidsItFaults() {
        long page = VIDEO + 0x9000;
        fixture.memory.tables.small(page, dev.nacre.board.mmu.PageTables.video(0x9000) | 1 << 7);
        fixture.memory.mmu.invalidateAll();

        channel.run(semaphore(page, 1, REDUCTION | 5 << 27 | UNSIGNED));

        assertThat(fixture.failures)
                .containsExactly(new HostFixture.Failure(CE1, 3, RobustChannel.FIFO_ERROR_MMU_ERR_FLT, page, 0xf));
    }

    @Test
    void oldReleaseWritesPayloadOrSixteenBytes() {
        channel.run(join(old(SEM, 5, 2 | 1 << 24), old(SEM + 16, 6, 2)));

        assertThat(fixture.video(SEM)).isEqualTo(5);
        assertThat(fixture.memory.vram.readLong(SEM + 16)).isEqualTo(6);
        assertThat(fixture.memory.vram.readLong(SEM + 24)).isEqualTo(fixture.timeNs.get());
    }

    @ParameterizedTest
    @CsvSource({"1, 5, 5, true", "1, 6, 5, false", "4, 6, 5, true", "4, 4, 5, false", "8, 6, 2, true", "8, 5, 2, false"
    })
    void oldAcquireGoesOnWhenItsConditionHolds(int operation, int value, int payload, boolean acquired) {
        fixture.video(SEM, value);

        channel.run(join(old(SEM, payload, operation | SWITCH), old(DONE, 1, 2 | 1 << 24)));

        assertThat(fixture.video(DONE)).isEqualTo(acquired ? 1 : 0);
    }

    @Test
    void oldReductionChangesTheValue() {
        fixture.video(SEM, 40);

        channel.run(old(SEM, 2, 0x10 | 5 << 27 | UNSIGNED));

        assertThat(fixture.video(SEM)).isEqualTo(42);
    }

    @Test
    void oldOperationThatDoesNotExistKillsTheChannel() {
        channel.run(old(SEM, 2, 3));

        assertThat(fixture.failures).hasSize(1);
    }

    private static int[] old(long offset, int payload, int operation) {
        long address = VIDEO + offset;
        return new int[] {incrementing(0, 0x10, 4), (int) (address >>> 32), (int) address, payload, operation};
    }

    private static long parse(String number) {
        return number.startsWith("0x") ? Long.parseUnsignedLong(number.substring(2), 16) : Long.parseLong(number);
    }
}
