package dev.nacre.board.gsp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.board.gsp.FakeDriver.Message;
import dev.nacre.board.rm.WireStruct;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Start, suspend, resume and end of the firmware. */
class GspBootTest {
    private final GspFixture fixture = new GspFixture();

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void firstStart_fillsStatusHeaderAndPostsSequencerThenInitDoneWithoutInterrupt() {
        fixture.driver.send(72, new byte[928]);
        fixture.driver.send(73, new byte[117]);

        fixture.gsp.boot(FakeDriver.WPR_META, FakeDriver.LIBOS);
        fixture.settle();

        int status = FakeDriver.STATUS;
        assertThat(fixture.driver.get(status)).isZero();
        assertThat(fixture.driver.get(status + 4)).isEqualTo(0x40000);
        assertThat(fixture.driver.get(status + 8)).isEqualTo(0x1000);
        assertThat(fixture.driver.get(status + 12)).isEqualTo(63);
        assertThat(fixture.driver.get(status + 20)).isEqualTo(1);
        assertThat(fixture.driver.get(status + 24)).isEqualTo(32);
        assertThat(fixture.driver.get(status + 28)).isEqualTo(0x1000);
        Message sequencer = fixture.driver.receive();
        assertThat(sequencer.function).isEqualTo(0x1002);
        assertThat(sequencer.payload).isEqualTo(new byte[0x28]);
        Message done = fixture.driver.receive();
        assertThat(done.function).isEqualTo(0x1001);
        assertThat(done.payload).isEmpty();
        assertThat(fixture.falcon.interrupts).hasValue(0);
        assertThat(fixture.driver.get(status + 0x20))
                .as("both records were read")
                .isEqualTo(2);
    }

    @Test
    void recordsSentAfterInitDone_areAnswered() {
        fixture.gsp.boot(FakeDriver.WPR_META, FakeDriver.LIBOS);
        fixture.settle();
        fixture.driver.receive();
        fixture.driver.receive();

        fixture.driver.send(72, new byte[928]);
        fixture.driver.send(73, new byte[117]);
        Message info = fixture.call(65, new byte[1656]);

        assertThat(info.payload).hasSize(1656);
    }

    @Test
    void doorbellBeforeStart_isIgnored() {
        fixture.driver.send(72, new byte[928]);

        fixture.ring();

        assertThat(fixture.driver.get(FakeDriver.STATUS + 0x20)).isZero();
    }

    @Test
    void start_zeroesBarPageDirectoriesBelowTheFirmwaresPart() {
        long directory = FakeDriver.NON_WPR_HEAP - (2 << 20);
        fixture.vram.writeLong(directory + 8, -1);
        fixture.vram.writeLong(directory + 0x1008, -1);

        fixture.boot(928);

        assertThat(fixture.vram.readLong(directory + 8)).isZero();
        assertThat(fixture.vram.readLong(directory + 0x1008)).isZero();
        assertThat(fixture.mmu.bar1).isEqualTo(directory);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 0x1001, FakeDriver.FB_BYTES, 1L << 40, -4096, 32 << 20})
    void impossibleFirmwarePart_isRefused(long nonWprHeap) {
        WireStruct.over(fixture.driver.ram).put64((int) FakeDriver.WPR_META + 0x60, nonWprHeap);

        assertRefused();
    }

    @Test
    void wrongMagic_isRefused() {
        WireStruct.over(fixture.driver.ram).put64((int) FakeDriver.WPR_META, 1);

        assertRefused();
    }

    @Test
    void libosTableWithoutRmArguments_isRefused() {
        WireStruct.over(fixture.driver.ram).put64((int) FakeDriver.LIBOS + 32, 0x4142);

        assertRefused();
    }

    @Test
    void rmArgumentsInVideoMemory_areRefused() {
        WireStruct.over(fixture.driver.ram).put8((int) FakeDriver.LIBOS + 32 + 25, 2);

        assertRefused();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 1025, Integer.MAX_VALUE, 1, 20})
    void impossibleNumberOfPages_isRefused(int pages) {
        WireStruct.over(fixture.driver.ram).put32((int) FakeDriver.RM_ARGUMENTS + 8, pages);

        assertRefused();
    }

    @ParameterizedTest
    @ValueSource(longs = {-0x1000, 0x1001, 0x100_0000, Long.MAX_VALUE, 0x1000, 0})
    void impossibleStatusQueue_isRefused(long offset) {
        WireStruct.over(fixture.driver.ram).put64((int) FakeDriver.RM_ARGUMENTS + 24, offset);

        assertRefused();
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 12, 20, 28})
    void impossibleCommandHeader_isRefused(int field) {
        fixture.driver.put(FakeDriver.COMMAND + field, 0);

        assertRefused();
    }

    @Test
    void unreachableMetadata_areRefused() {
        fixture.gsp.boot(1L << 40, FakeDriver.LIBOS);
        fixture.settle();

        assertThat(fixture.gsp.queueErrors()).containsKey("memory cannot be reached");
    }

    private void assertRefused() {
        fixture.gsp.boot(FakeDriver.WPR_META, FakeDriver.LIBOS);
        fixture.settle();

        assertThat(fixture.gsp.queueErrors()).containsEntry("start is refused", 1L);
        assertThat(fixture.driver.get(FakeDriver.STATUS + 0x10)).isZero();
        assertThat(fixture.mmu.bar1).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {928, 664})
    void unload_answersBareHeaderSetsMailboxAndStops(int systemInfo) {
        fixture.boot(systemInfo);

        Message reply = fixture.call(47, new byte[8]);

        assertThat(reply.length).isEqualTo(32);
        assertThat(fixture.falcon.mailbox).isEqualTo(0x80000000);
        fixture.driver.send(65, new byte[1656]);
        fixture.ring();
        assertThat(fixture.driver.hasMessage()).isFalse();
    }

    @Test
    void unloadAndSecondStart_beginsWithoutOldObjectsAndWithFreshSequences() {
        fixture.bootWithObjects(928);
        assertThat(fixture.alloc(
                        GspFixture.CLIENT,
                        GspFixture.DEVICE,
                        0xf1f00001,
                        0xc56f,
                        GspFixture.channelParams(368, 0x200100, 1)))
                .isZero();
        fixture.call(47, new byte[8]);
        fixture.gsp.halt();
        fixture.settle();
        assertThat(fixture.host.channels).isEmpty();
        assertThat(fixture.mmu.bar1).isZero();

        fixture.driver.prepare();
        fixture.bootWithObjects(664);

        assertThat(fixture.call(65, new byte[2168]).payload).hasSize(2168);
    }

    @Test
    void startWithoutUnload_endsOldChannelsAndEnablesNewOnes() {
        fixture.bootWithObjects(928);
        fixture.alloc(
                GspFixture.CLIENT, GspFixture.DEVICE, 0xf1f00001, 0xc56f, GspFixture.channelParams(368, 0x200100, 1));
        fixture.internal(0x20800ac3, new byte[] {1});
        assertThat(fixture.host.enabled).isFalse();

        fixture.driver.prepare();
        fixture.bootWithObjects(928);

        assertThat(fixture.host.channels).isEmpty();
        assertThat(fixture.host.enabled).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {928, 664})
    void suspendAndResume_keepObjectsAndQueuesAndPostInitDoneWithoutInterrupt(int systemInfo) {
        fixture.bootWithObjects(systemInfo);
        fixture.call(70, barPde(1, 0x379fd02, 47));
        suspend();
        assertThat(fixture.mmu.bar1).as("physical while asleep").isZero();
        WireStruct.over(fixture.driver.ram).put8((int) FakeDriver.RM_ARGUMENTS + (systemInfo == 928 ? 0x28 : 0x38), 1);

        fixture.gsp.resume(FakeDriver.SR_META);
        fixture.settle();

        assertThat(fixture.driver.receive().function).isEqualTo(0x1001);
        assertThat(fixture.driver.hasMessage()).isFalse();
        assertThat(fixture.falcon.interrupts).hasValue(0);
        assertThat(fixture.mmu.bar1).isEqualTo(FakeDriver.NON_WPR_HEAP - (2 << 20));
        assertThat(fixture.mmu.bar2).isEqualTo(FakeDriver.NON_WPR_HEAP - (2 << 20) + 0x1000);
        assertThat(fixture.free(GspFixture.CLIENT, GspFixture.VA_SPACE)).isZero();
    }

    @Test
    void resumeWithoutFlagInArguments_isRefused() {
        fixture.bootWithObjects(928);
        suspend();

        fixture.gsp.resume(FakeDriver.SR_META);
        fixture.settle();

        assertThat(fixture.driver.hasMessage()).isFalse();
        assertThat(fixture.gsp.queueErrors()).containsEntry("start is refused", 1L);
    }

    @Test
    void resumeWithoutSuspend_isRefused() {
        fixture.boot(928);

        fixture.gsp.resume(FakeDriver.SR_META);
        fixture.settle();

        assertThat(fixture.gsp.queueErrors()).containsEntry("start is refused", 1L);
    }

    @Test
    void resumeWithWrongMagic_isRefused() {
        fixture.bootWithObjects(928);
        suspend();
        WireStruct.over(fixture.driver.ram).put64((int) FakeDriver.SR_META, 1);

        fixture.gsp.resume(FakeDriver.SR_META);
        fixture.settle();

        assertThat(fixture.driver.hasMessage()).isFalse();
    }

    @Test
    void coldStartAfterSuspend_beginsAnew() {
        fixture.bootWithObjects(928);
        suspend();

        fixture.driver.prepare();
        fixture.bootWithObjects(928);

        assertThat(fixture.free(GspFixture.CLIENT, GspFixture.CLIENT)).isZero();
    }

    private void suspend() {
        fixture.call(47, new byte[] {1, 0, 0, 0, 3, 0, 0, 0});
        assertThat(fixture.falcon.mailbox).isEqualTo(0x80000000);
        fixture.gsp.halt();
        fixture.settle();
        WireStruct.over(fixture.driver.ram).put64((int) FakeDriver.SR_META, 0x8a3bb9e6c6c39d93L);
    }

    static byte[] barPde(int bar, long entry, long shift) {
        WireStruct out = WireStruct.ofSize(24);
        out.put32(0, bar);
        out.put64(8, entry);
        out.put64(16, shift);
        return out.toByteArray();
    }

    @Test
    void updateBarPde_writesFirstEntryAndHandsTheDirectoryOver() {
        fixture.boot(928);
        long directory = FakeDriver.NON_WPR_HEAP - (2 << 20) + 0x1000;
        int before = fixture.mmu.invalidations;

        Message reply = fixture.call(70, barPde(1, 0x379fd02, 47));

        assertThat(reply.result).isZero();
        assertThat(fixture.vram.readLong(directory)).isEqualTo(0x379fd02);
        assertThat(fixture.mmu.bar2).isEqualTo(directory);
        assertThat(fixture.mmu.invalidations).isGreaterThan(before);
    }

    @Test
    void updateBarPdeOfAnotherLevelOrBar_isRefused() {
        fixture.boot(928);

        assertThat(fixture.call(70, barPde(1, 1, 38)).result).isEqualTo(0x1f);
        assertThat(fixture.call(70, barPde(2, 1, 47)).result).isEqualTo(0x1f);
        assertThat(fixture.call(70, barPde(-1, 1, 47)).result).isEqualTo(0x1f);
        assertThat(fixture.mmu.bar2).isZero();
    }
}
