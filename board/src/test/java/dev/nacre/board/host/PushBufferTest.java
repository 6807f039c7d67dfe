package dev.nacre.board.host;

import static dev.nacre.board.host.HostFixture.CE1;
import static dev.nacre.board.host.HostFixture.ENTRIES;
import static dev.nacre.board.host.HostFixture.GR0;
import static dev.nacre.board.host.HostFixture.VIDEO;
import static dev.nacre.board.host.HostFixture.immediate;
import static dev.nacre.board.host.HostFixture.incrementOnce;
import static dev.nacre.board.host.HostFixture.incrementing;
import static dev.nacre.board.host.HostFixture.join;
import static dev.nacre.board.host.HostFixture.nonIncrementing;
import static dev.nacre.board.host.HostFixture.semaphore;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.board.host.HostFixture.TestChannel;
import dev.nacre.hw.host.RobustChannel;
import dev.nacre.hw.host.Userd;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PushBufferTest {
    /** Where semaphores go: offset in video memory. */
    private static final long SEM = 0x8000;

    private static final int RELEASE = 1;

    private final HostFixture fixture = new HostFixture();
    private final TestChannel channel = fixture.channel(3, CE1);

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void incrementingHeaderGivesDataToAddressesThatFollowEachOther() {
        channel.run(semaphore(VIDEO + SEM, 0xcafe, RELEASE));

        assertThat(fixture.video(SEM)).isEqualTo(0xcafe);
        assertThat(fixture.failures).isEmpty();
    }

    @Test
    void nonIncrementingHeaderGivesAllDataToOneAddress() {
        channel.run(join(
                new int[] {nonIncrementing(0, 0x5c, 2), 0, (int) SEM},
                new int[] {nonIncrementing(0, 0x60, 1), (int) (VIDEO >>> 32)},
                new int[] {nonIncrementing(0, 0x64, 3), 1, 2, 3},
                new int[] {nonIncrementing(0, 0x6c, 1), RELEASE}));

        assertThat(fixture.video(SEM)).isEqualTo(3);
    }

    @Test
    void incrementOnceHeaderGivesTheFirstDataToOneAddressAndTheRestToTheNext() {
        channel.run(join(
                new int[] {incrementOnce(0, 0x5c, 3), (int) SEM, 0x77, (int) (VIDEO >>> 32)},
                new int[] {incrementing(0, 0x64, 1), 5},
                new int[] {immediate(0, 0x6c, RELEASE)}));

        assertThat(fixture.video(SEM)).isEqualTo(5);
    }

    @Test
    void immediateHeaderHasItsData() {
        channel.run(join(
                new int[] {incrementing(0, 0x5c, 2), (int) SEM, (int) (VIDEO >>> 32)},
                new int[] {immediate(0, 0x64, 0x1fff), immediate(0, 0x6c, RELEASE)}));

        assertThat(fixture.video(SEM)).isEqualTo(0x1fff);
    }

    @Test
    void headerWithoutDataAndNopDoNothing() {
        channel.run(join(
                new int[] {0, incrementing(0, 0x4, 0), nonIncrementing(7, 0x500, 0), incrementOnce(1, 0x4, 0), 0},
                semaphore(VIDEO + SEM, 6, RELEASE)));

        assertThat(fixture.video(SEM)).isEqualTo(6);
        assertThat(fixture.failures).isEmpty();
    }

    @Test
    void endOfSegmentSkipsItsRest() {
        channel.push(join(semaphore(VIDEO + SEM, 1, RELEASE), new int[] {7 << 29}, semaphore(VIDEO + SEM, 2, RELEASE)));
        channel.run(semaphore(VIDEO + SEM + 4, 3, RELEASE));

        assertThat(fixture.video(SEM)).isEqualTo(1);
        assertThat(fixture.video(SEM + 4)).isEqualTo(3);
    }

    @Test
    void subdeviceMaskWithoutUsSkipsMethodsButNotTheirData() {
        int setOthers = 1 << 16 | 0xffe << 4;
        int setUs = 1 << 16 | 0x001 << 4;
        int storeOthers = 2 << 16 | 0x002 << 4;
        int useStored = 3 << 16;
        channel.run(join(
                semaphore(VIDEO + SEM, 1, RELEASE),
                new int[] {setOthers},
                semaphore(VIDEO + SEM, 2, RELEASE),
                new int[] {setUs, storeOthers},
                semaphore(VIDEO + SEM + 4, 3, RELEASE),
                new int[] {useStored},
                semaphore(VIDEO + SEM + 4, 4, RELEASE)));

        assertThat(fixture.video(SEM)).isEqualTo(1);
        assertThat(fixture.video(SEM + 4)).isEqualTo(3);
    }

    @Test
    void conditionalSegmentIsFetchedOnlyWhileTheSubdeviceIsActive() {
        int[] release = semaphore(VIDEO + SEM, 1, RELEASE);
        channel.push(1 << 16 | 0xffe << 4);
        long at = channel.words(release);
        channel.entry(TestChannel.segment(VIDEO + at, release.length) | 1);
        channel.run(semaphore(VIDEO + SEM, 2, RELEASE)[0] & 0);

        assertThat(fixture.video(SEM)).isZero();
        assertThat(channel.userd(Userd.GP_GET)).isEqualTo(channel.put());
    }

    @Test
    void dataMayGoOnInTheNextSegment() {
        int[] words = semaphore(VIDEO + SEM, 0x99, RELEASE);
        channel.push(words[0], words[1], words[2]);
        channel.entry(0);
        channel.run(words[3], words[4], words[5]);

        assertThat(fixture.video(SEM)).isEqualTo(0x99);
    }

    @Test
    void controlEntriesDoNothing() {
        channel.entry(0).entry(0x1234_5678L | 2L << 32).entry(3L << 32).entry(1L << 63);
        channel.run(semaphore(VIDEO + SEM, 1, RELEASE));

        assertThat(fixture.video(SEM)).isEqualTo(1);
        assertThat(channel.userd(Userd.GP_GET)).isEqualTo(5);
    }

    @Test
    void subroutineAndSyncBitsDoNotChangeWhatIsExecuted() {
        int[] release = semaphore(VIDEO + SEM, 1, RELEASE);
        long at = channel.words(release);
        channel.entry(TestChannel.segment(VIDEO + at, release.length) | 1L << 41 | 1L << 63);
        channel.kick();
        fixture.settle();

        assertThat(fixture.video(SEM)).isEqualTo(1);
        assertThat(channel.userd(Userd.GET)).isEqualTo((int) (VIDEO + at) + 4 * release.length);
        assertThat(channel.userd(Userd.TOP_LEVEL_GET)).isZero();
    }

    @Test
    void ringOfEntriesWraps() {
        for (int i = 1; i <= 3 * ENTRIES + 5; i++) {
            channel.run(semaphore(VIDEO + SEM, i, RELEASE));
            assertThat(fixture.video(SEM)).isEqualTo(i);
            assertThat(channel.userd(Userd.GP_GET)).isEqualTo(i % ENTRIES);
        }
        assertThat(fixture.host.statistics().entries()).isEqualTo(3 * ENTRIES + 5);
    }

    @Test
    void userdMayLieInSystemMemory() {
        TestChannel other = fixture.channel(4, CE1, true, fixture.memory.tables::root);

        other.run(semaphore(HostFixture.SYSTEM + 0x100, 8, RELEASE));

        assertThat(fixture.memory.system.get(dev.nacre.board.mmu.MmuFixture.INT, 0x100))
                .isEqualTo(8);
        assertThat(other.userd(Userd.GP_GET)).isEqualTo(1);
    }

    @Test
    void pageDirectoryIsFoundInTheInstanceBlock() {
        TestChannel other = fixture.channel(4, CE1, false, () -> ChannelControl.NO_PAGE_DIRECTORY);
        fixture.memory.vram.writeLong(other.base + 0x200 + 0x200, fixture.memory.tables.root() | 0xc00);

        other.run(semaphore(VIDEO + SEM, 8, RELEASE));

        assertThat(fixture.video(SEM)).isEqualTo(8);
    }

    @Test
    void pageDirectoryMayBeSetAfterTheChannelWasMade() {
        long[] directory = {ChannelControl.NO_PAGE_DIRECTORY};
        TestChannel other = fixture.channel(4, CE1, false, () -> directory[0]);
        directory[0] = fixture.memory.tables.root();

        other.run(semaphore(VIDEO + SEM, 8, RELEASE));

        assertThat(fixture.video(SEM)).isEqualTo(8);
    }

    @ParameterizedTest
    @ValueSource(ints = {0x4000_0000, 0xc000_0000, 0x0000_0004, 0x0004_0001, 0x4004_0001})
    void illegalWordKillsTheChannel(int word) {
        channel.run(word);

        assertThat(fixture.failures).containsExactly(new HostFixture.Failure(CE1, 3, RobustChannel.PBDMA_ERROR, 0, 0));
        assertThat(fixture.log).singleElement().asString().contains(Integer.toHexString(word));
    }

    @ParameterizedTest
    @ValueSource(ints = {0x04, 0x0c, 0x38, 0x54, 0x70, 0x88, 0xfc, 0x104, 0x3ffc, 0x304, 0x724})
    void methodThatDoesNotExistKillsTheChannel(int method) {
        channel.run(incrementing(4, method, 1), 0);

        assertThat(fixture.failures).containsExactly(new HostFixture.Failure(CE1, 3, RobustChannel.PBDMA_ERROR, 0, 0));
    }

    @Test
    void hostMethodsWithoutEffectHereAreAccepted() {
        channel.run(join(
                new int[] {immediate(0, 0x08, 1), immediate(0, 0x24, 0), immediate(0, 0x78, 1), immediate(0, 0x7c, 0)},
                new int[] {immediate(0, 0x80, 0), immediate(0, 0x80, 2), immediate(0, 0x80, 3), immediate(0, 0x84, 3)},
                new int[] {incrementing(0, 0x28, 4), 0, 0, 0, 5 << 27},
                semaphore(VIDEO + SEM, 1, RELEASE)));

        assertThat(fixture.failures).isEmpty();
        assertThat(fixture.video(SEM)).isEqualTo(1);
    }

    @Test
    void referenceCountIsWritten() {
        channel.run(incrementing(0, 0x50, 1), 0x1234_5678);

        assertThat(channel.userd(Userd.REFERENCE)).isEqualTo(0x1234_5678);
    }

    @Test
    void nonStallInterruptRaisesTheEnginesVector() {
        channel.run(immediate(0, 0x20, 0));

        assertThat(fixture.interrupts).containsExactly(11);
    }

    @Test
    void nonStallInterruptOfASharedRunlistRaisesItsFirstEnginesVectorToo() {
        fixture.channel(1, HostFixture.CE0).run(immediate(0, 0x20, 0));

        assertThat(fixture.interrupts).containsExactlyInAnyOrder(0, 10);
    }

    @Test
    void translationsAreForgottenByMemoryOperation() {
        channel.run(semaphore(VIDEO + SEM, 1, RELEASE));
        fixture.memory.tables.small(VIDEO + SEM, dev.nacre.board.mmu.PageTables.video(0xa000));

        channel.run(join(
                new int[] {incrementing(0, 0x28, 4), 0, 0, (int) fixture.memory.tables.root(), 9 << 27},
                semaphore(VIDEO + SEM, 2, RELEASE)));

        assertThat(fixture.video(SEM)).isEqualTo(1);
        assertThat(fixture.video(0xa000)).isEqualTo(2);
    }

    @Test
    void graphicsChannelAcceptsItsClassesAndIgnoresTheirMethods() {
        TestChannel graphics = fixture.channel(1, GR0);

        graphics.run(join(
                new int[] {incrementing(0, 0, 1), 0xc997, incrementing(1, 0, 1), 0xc9c0},
                new int[] {incrementing(2, 0, 1), 0xa140, incrementing(3, 0, 1), 0x902d},
                new int[] {incrementing(0, 0x200, 2), 1, 2, incrementing(3, 0x200, 1), 4},
                semaphore(VIDEO + SEM, 1, RELEASE)));

        assertThat(fixture.failures).isEmpty();
        assertThat(fixture.video(SEM)).isEqualTo(1);
        assertThat(fixture.host.statistics().ignoredMethods()).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void graphicsSemaphoreIsReleased(int subchannel) {
        TestChannel graphics = fixture.channel(1, GR0);

        graphics.run(join(
                new int[] {incrementing(subchannel, 0x1b00, 4), (int) (VIDEO >>> 32), (int) SEM, 0x55, 1 << 28},
                new int[] {incrementing(subchannel, 0x158, 4), 0x66, 0, (int) SEM + 16, (int) (VIDEO >>> 32)},
                new int[] {incrementing(subchannel, 0x168, 1), 0}));

        assertThat(fixture.video(SEM)).isEqualTo(0x55);
        assertThat(fixture.video(SEM + 16)).isEqualTo(0x66);
        assertThat(fixture.memory.vram.readLong(SEM + 24)).isEqualTo(fixture.timeNs.get());
        assertThat(fixture.failures).isEmpty();
    }

    @Test
    void classThatTheGraphicsRunlistLacksKillsTheChannel() {
        fixture.channel(1, GR0).run(incrementing(0, 0, 1), 0xc697);

        assertThat(fixture.failures)
                .containsExactly(new HostFixture.Failure(GR0, 1, RobustChannel.GR_CLASS_ERROR, 0, 0));
    }

    @Test
    void graphicsClassOnACopyRunlistKillsTheChannel() {
        channel.run(incrementing(0, 0, 1), 0xc997);

        assertThat(fixture.failures).containsExactly(new HostFixture.Failure(CE1, 3, RobustChannel.PBDMA_ERROR, 0, 0));
    }

    @Test
    void methodOnASoftwareSubchannelKillsTheChannel() {
        channel.run(incrementing(5, 0x400, 1), 0);

        assertThat(fixture.failures).hasSize(1);
    }

    @Test
    void entryThatIsIllegalKillsTheChannel() {
        channel.entry(1L << 32).kick();
        fixture.settle();

        assertThat(fixture.failures).hasSize(1);
    }

    @Test
    void segmentBeyond40BitsKillsTheChannel() {
        channel.entry(TestChannel.segment(0xff_ffff_fff8L, 2)).kick();
        fixture.settle();

        assertThat(fixture.failures).hasSize(1);
    }

    @Test
    void putBeyondTheRingKillsTheChannel() {
        channel.putTo(ENTRIES);
        fixture.host.doorbell(1 << 16 | 3);
        fixture.settle();

        assertThat(fixture.failures).hasSize(1);
    }

    @Test
    void tokenIsRunlistAndChannel() {
        assertThat(fixture.host.workSubmitToken(channel.handle)).isEqualTo(1 << 16 | 3);
        assertThat(fixture.host.workSubmitToken(fixture.channel(9, GR0).handle)).isEqualTo(9);
    }

    @Test
    void doorbellOfNoChannelIsCounted() {
        fixture.host.doorbell(1 << 16 | 4);
        fixture.host.doorbell(0x7f << 16);
        fixture.host.doorbell(-1);

        assertThat(fixture.host.statistics().unknownDoorbells()).isEqualTo(3);
    }
}
