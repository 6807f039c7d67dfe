package dev.nacre.board.gsp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.board.gsp.FakeDriver.Message;
import dev.nacre.board.rm.FirmwareMemory;
import dev.nacre.board.rm.WireStruct;
import dev.nacre.hw.chip.Chip;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A GSP that was started in memory which the driver did not lay out. */
class GspFspBootTest {
    private static final long MIB = 1 << 20;
    private static final long NON_WPR_HEAP = 70 * MIB;
    private static final long FRTS = 76 * MIB;

    private final GspFixture fixture = new GspFixture(Chip.GB202);

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void theDriverIsToldWhereFirmwareAndFrtsLie() {
        boot(NON_WPR_HEAP);

        WireStruct info = fixture.call(65, new byte[1656]).body();

        assertThat(info.get64(0x160)).isZero();
        assertThat(info.get64(0x168)).isEqualTo(NON_WPR_HEAP - 2 * MIB - 1);
        assertThat(info.get64(0x668)).isEqualTo(NON_WPR_HEAP);
        assertThat(info.get64(0x670)).isEqualTo(FRTS);
    }

    @Test
    void rootDirectoriesSelectByBit56() {
        boot(NON_WPR_HEAP);

        assertThat(updateBarPde(47)).isEqualTo(0x1f);
        assertThat(updateBarPde(56)).isZero();
        assertThat(fixture.vram.readLong(NON_WPR_HEAP - 2 * MIB + 0x1000)).isEqualTo(0x1234_5002L);
    }

    @Test
    void timingEventsOfTheDisplayHaveAVectorOfTheirOwn() {
        boot(NON_WPR_HEAP);

        WireStruct table = fixture.internal(0x20800a5c, new byte[2068]);

        assertThat(vector(table, 2)).isEqualTo(154);
        assertThat(vector(table, 176)).isEqualTo(153);
    }

    @Test
    void memoryThatLeavesTheDriverNoneIsRefused() {
        fixture.gsp.boot(new FirmwareMemory(fixture.vram.sizeBytes(), 2 * MIB, FRTS), FakeDriver.LIBOS);
        fixture.settle();

        assertThat(fixture.driver.hasMessage()).isFalse();
        assertThat(fixture.gsp.queueErrors()).containsEntry("start is refused", 1L);
    }

    @Test
    void aStartThatIsStillDueIsSavedAndMade() {
        fixture.gsp.thread().hold();
        fixture.gsp.boot(new FirmwareMemory(fixture.vram.sizeBytes(), NON_WPR_HEAP, FRTS), FakeDriver.LIBOS);

        fixture.saveAndRestore();

        assertThat(fixture.driver.receive().function).isEqualTo(0x1002);
        assertThat(fixture.driver.receive().function).isEqualTo(0x1001);
    }

    private void boot(long nonWprHeap) {
        fixture.driver.send(72, new byte[928]);
        fixture.driver.send(73, new byte[117]);
        fixture.gsp.boot(new FirmwareMemory(fixture.vram.sizeBytes(), nonWprHeap, FRTS), FakeDriver.LIBOS);
        fixture.settle();
        assertThat(fixture.driver.receive().function).isEqualTo(0x1002);
        assertThat(fixture.driver.receive().function).isEqualTo(0x1001);
    }

    private int updateBarPde(long levelShift) {
        WireStruct payload = WireStruct.ofSize(24);
        payload.put32(0, 1);
        payload.put64(8, 0x1234_5002L);
        payload.put64(16, levelShift);
        Message reply = fixture.call(70, payload.toByteArray());
        return reply.result;
    }

    private static int vector(WireStruct table, int engineIndex) {
        for (int row = 0; row < table.get32(0); row++) {
            if ((table.get32(4 + 16 * row) & 0xffff) == engineIndex) {
                return table.get32(4 + 16 * row + 8);
            }
        }
        return -1;
    }
}
