package dev.nacre.board.host;

import static dev.nacre.board.host.HostFixture.CE0;
import static dev.nacre.board.host.HostFixture.CE1;
import static dev.nacre.board.host.HostFixture.CE2;
import static dev.nacre.board.host.HostFixture.GR0;
import static dev.nacre.board.host.HostFixture.VIDEO;
import static dev.nacre.board.host.HostFixture.copy;
import static dev.nacre.board.host.HostFixture.immediate;
import static dev.nacre.board.host.HostFixture.incrementing;
import static dev.nacre.board.host.HostFixture.join;
import static dev.nacre.board.host.HostFixture.semaphore;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nacre.board.engine.EngineSource;
import dev.nacre.board.engine.EngineThread;
import dev.nacre.board.engine.EngineWork;
import dev.nacre.board.engine.EngineWorker;
import dev.nacre.board.hal.EngineInfo;
import dev.nacre.board.host.ChannelControl.MemoryRef;
import dev.nacre.board.host.HostFixture.TestChannel;
import dev.nacre.board.mmu.MmuFixture;
import dev.nacre.board.state.StateException;
import dev.nacre.board.state.StateReader;
import dev.nacre.board.state.StateWriter;
import dev.nacre.hw.host.RobustChannel;
import dev.nacre.hw.mmu.FaultType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChannelLifeTest {
    private static final long SEM = 0x8000;
    private static final int RELEASE = 1;

    private final HostFixture fixture = new HostFixture();
    private final Host host = fixture.host;

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void channelThatIsNotScheduledKeepsItsWork() {
        TestChannel channel = fixture.channel(3, CE1);
        host.schedule(channel.handle, false);
        channel.run(semaphore(VIDEO + SEM, 1, RELEASE));
        assertThat(fixture.video(SEM)).isZero();

        host.schedule(channel.handle, true);
        fixture.settle();

        assertThat(fixture.video(SEM)).isEqualTo(1);
    }

    @Test
    void allChannelsStandWhileTheyAreDisabled() {
        TestChannel channel = fixture.channel(3, CE1);
        host.enableAll(false);
        channel.run(semaphore(VIDEO + SEM, 1, RELEASE));
        assertThat(fixture.video(SEM)).isZero();

        host.enableAll(true);
        fixture.settle();

        assertThat(fixture.video(SEM)).isEqualTo(1);
    }

    @Test
    void impossibleChannelsAreRefused() {
        fixture.channel(3, CE1);

        assertThat(allocate(3, CE1, 0)).isEqualTo(-1);
        assertThat(allocate(-1, CE1, 0)).isEqualTo(-1);
        assertThat(allocate(4096, CE1, 0)).isEqualTo(-1);
        assertThat(allocate(4, 99, 0)).isEqualTo(-1);
        assertThat(allocate(4, CE1, 2)).isEqualTo(-1);
        assertThat(allocate(3, CE2, 0)).isPositive();
    }

    @Test
    void handlesAreNeverUsedAgain() {
        TestChannel channel = fixture.channel(3, CE1);
        host.free(channel.handle);

        assertThat(fixture.channel(3, CE1).handle).isGreaterThan(channel.handle);
        host.free(channel.handle);
        assertThat(host.bind(channel.handle, CE1)).isFalse();
        assertThat(host.workSubmitToken(channel.handle)).isZero();
    }

    @Test
    void bindingMovesAChannelToAnEnginesRunlist() {
        TestChannel channel = fixture.channel(3, CE1);

        assertThat(host.bind(channel.handle, CE2)).isTrue();
        assertThat(host.workSubmitToken(channel.handle)).isEqualTo(2 << 16 | 3);
        channel.run(immediate(0, 0x20, 0));

        assertThat(fixture.interrupts).containsExactly(12);
    }

    @Test
    void bindingToWhereTheIdIsTakenFails() {
        TestChannel channel = fixture.channel(3, CE1);
        fixture.channel(3, CE2);

        assertThat(host.bind(channel.handle, CE2)).isFalse();
        assertThat(host.bind(channel.handle, 99)).isFalse();
        channel.run(semaphore(VIDEO + SEM, 1, RELEASE));

        assertThat(fixture.video(SEM)).isEqualTo(1);
    }

    @Test
    void bindingToAnEngineOfTheSameRunlistChangesTheEngine() {
        TestChannel channel = fixture.channel(3, GR0);

        assertThat(host.bind(channel.handle, CE0)).isTrue();
        channel.run(new int[] {4 << 28});

        assertThat(fixture.failures).singleElement().extracting("engine").isEqualTo(CE0);
    }

    @Test
    void faultKillsOneChannelOnly() {
        TestChannel bad = fixture.channel(3, CE1);
        TestChannel good = fixture.channel(4, CE1);
        bad.push(semaphore(0x1234_5000, 1, RELEASE));
        good.push(semaphore(VIDEO + SEM, 1, RELEASE));

        bad.kick();
        good.kick();
        fixture.settle();

        assertThat(fixture.failures)
                .containsExactly(new HostFixture.Failure(
                        CE1, 3, RobustChannel.FIFO_ERROR_MMU_ERR_FLT, 0x1234_5000, FaultType.PDE));
        assertThat(fixture.video(SEM)).isEqualTo(1);
    }

    @Test
    void deadChannelDoesNothingAnyMore() {
        TestChannel channel = fixture.channel(3, CE1);
        channel.run(4 << 28);

        channel.run(semaphore(VIDEO + SEM, 1, RELEASE));

        assertThat(fixture.video(SEM)).isZero();
        assertThat(fixture.failures).hasSize(1);
    }

    @Test
    void channelWithoutPageDirectoryFaults() {
        TestChannel channel = fixture.channel(3, CE1, false, () -> ChannelControl.NO_PAGE_DIRECTORY);

        channel.run(0);

        assertThat(fixture.failures).singleElement().extracting("faultType").isEqualTo(FaultType.UNBOUND_INST_BLOCK);
    }

    @Test
    void userdThatIsGoneKillsTheChannel() {
        TestChannel channel = fixture.channel(3, CE1, true, fixture.memory.tables::root);
        channel.push(0);
        fixture.memory.guest.unmap(MmuFixture.SYSTEM_BASE, 16 * MmuFixture.MIB);

        host.doorbell(host.workSubmitToken(channel.handle));
        fixture.settle();

        assertThat(fixture.failures).singleElement().extracting("type").isEqualTo(RobustChannel.PBDMA_ERROR);
    }

    @Test
    void copyErrorNamesTheEngine() {
        fixture.channel(3, CE2).run(join(new int[] {incrementing(4, 0x240, 2), 0, 2}, new int[] {immediate(4, 0x300, 8)
        }));

        assertThat(fixture.failures)
                .containsExactly(new HostFixture.Failure(CE2, 3, RobustChannel.CE0_ERROR + 2, 0, 0));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 4})
    void copyClassBoundOnAnySubchannelCopies(int subchannel) {
        TestChannel channel = fixture.channel(3, GR0);
        fixture.video(0x1000, 0x1234_5678);

        channel.run(join(new int[] {incrementing(subchannel, 0, 1), 0xc7b5}, copy(subchannel, 0x1000, 0x1100, 4)));

        assertThat(fixture.video(0x1100)).isEqualTo(0x1234_5678);
        assertThat(fixture.failures).isEmpty();
    }

    @Test
    void copySubchannelOfAGraphicsChannelNeedsNoBinding() {
        fixture.video(0x1000, 0x1234_5678);

        fixture.channel(3, GR0).run(copy(4, 0x1000, 0x1100, 4));

        assertThat(fixture.video(0x1100)).isEqualTo(0x1234_5678);
    }

    @Test
    void releaseComesAfterTheCopyBeforeIt() {
        TestChannel channel = fixture.channel(3, CE1);
        int length = 0x10_0000;
        fixture.video(0x10_0000 + length - 4, 7);

        channel.push(join(copy(4, 0x10_0000, 0x30_0000, length), semaphore(VIDEO + SEM, 1, RELEASE)))
                .kick();
        fixture.await(() -> fixture.video(SEM) == 1);

        assertThat(fixture.video(0x30_0000 + length - 4)).isEqualTo(7);
    }

    @Test
    void channelWithEndlessWorkLetsOthersRun() {
        TestChannel busy = fixture.channel(3, CE1);
        TestChannel other = fixture.channel(4, CE1);
        // Some 4 TiB of copies of lines of one byte.
        busy.push(join(copy(4, 0x1000, 0x1100, 1, -1, 1 << 9))).kick();

        other.push(semaphore(VIDEO + SEM, 1, RELEASE)).kick();

        fixture.await(() -> fixture.video(SEM) == 1);
        assertThat(fixture.failures).isEmpty();
        host.free(busy.handle);
        fixture.settle();
    }

    @Test
    void freeEndsAChannelAtWork() {
        TestChannel busy = fixture.channel(3, CE1);
        busy.push(copy(4, 0x1000, 0x1100, 4, -1, 1 << 9)).kick();
        fixture.await(() -> host.statistics().copyBytes() > 0);

        host.free(busy.handle);
        long bytes = host.statistics().copyBytes();
        host.doorbell(1 << 16 | 3);
        fixture.settle();

        assertThat(host.statistics().copyBytes()).isEqualTo(bytes);
        assertThat(host.statistics().unknownDoorbells()).isEqualTo(1);
    }

    @Test
    void freeEndsAChannelThatWaits() {
        TestChannel channel = fixture.channel(3, CE1);
        channel.run(join(semaphore(VIDEO + SEM, 5, 0), semaphore(VIDEO + SEM + 4, 1, RELEASE)));

        host.free(channel.handle);
        fixture.video(SEM, 5);
        fixture.channel(3, CE1).run(semaphore(VIDEO + SEM + 8, 1, RELEASE));

        assertThat(fixture.video(SEM + 8)).isEqualTo(1);
        assertThat(fixture.video(SEM + 4)).isZero();
    }

    @Test
    void resetEndsAllChannels() {
        TestChannel channel = fixture.channel(3, CE1);

        host.reset();
        host.doorbell(1 << 16 | 3);

        assertThat(host.statistics().unknownDoorbells()).isEqualTo(1);
        assertThat(fixture.channel(3, CE1).handle).isGreaterThan(channel.handle);
    }

    /** Engines that stand after each pass until they are rung, so that a test can look at them in mid work. */
    private static final class SteppedEngines implements EngineSource {
        volatile boolean stand = true;

        @Override
        public EngineWorker worker(int runlist, EngineInfo.Kind kind, EngineWork work) {
            return EngineSource.threads().worker(runlist, kind, pass -> {
                long delayNs = work.run(pass);
                return stand ? EngineThread.Pass.IDLE : delayNs;
            });
        }
    }

    @Test
    void savedHostGoesOnInTheMiddleOfItsWork() {
        SteppedEngines engines = new SteppedEngines();
        try (HostFixture stepped = new HostFixture(engines)) {
            TestChannel waiting = stepped.channel(3, CE1);
            TestChannel copying = stepped.channel(4, CE2);
            waiting.push(join(semaphore(VIDEO + SEM, 5, 0), semaphore(VIDEO + SEM + 4, 1, RELEASE)));
            waiting.push(semaphore(VIDEO + SEM + 8, 2, RELEASE)).kick();
            int lines = 3_000_000;
            copying.push(join(copy(4, 0x1000, 0x1100, 4, lines, 1 << 9), semaphore(VIDEO + SEM + 12, 3, RELEASE)))
                    .kick();
            stepped.settle();
            assertThat(stepped.host.statistics().copyBytes()).isBetween(4L, 4L * lines - 4);
            StateWriter saved = new StateWriter();
            stepped.host.save(saved);
            stepped.host.close();
            assertThat(stepped.video(SEM + 12)).isZero();
            stepped.video(0x1000, 0x5a5a_5a5a);

            engines.stand = false;
            try (Host fresh = stepped.newHost()) {
                fresh.restore(new StateReader(saved.toByteArray()));
                stepped.await(() -> stepped.video(SEM + 12) == 3);
                assertThat(stepped.video(0x1100)).isEqualTo(0x5a5a_5a5a);
                assertThat(fresh.statistics().copyBytes()).isBetween(4L, 4L * lines - 4);
                assertThat(stepped.video(SEM + 4)).isZero();
                stepped.video(SEM, 5);
                stepped.await(() -> stepped.video(SEM + 8) == 2);
                assertThat(fresh.workSubmitToken(waiting.handle)).isEqualTo(1 << 16 | 3);
            }
            assertThat(stepped.failures).isEmpty();
        }
    }

    @Test
    void restoredChannelTakesItsPageDirectoryFromWhereItIsTold() {
        TestChannel channel = fixture.channel(3, CE1);
        StateWriter saved = new StateWriter();
        host.save(saved);
        host.restore(new StateReader(saved.toByteArray()));

        host.pageDirectory(channel.handle, () -> ChannelControl.NO_PAGE_DIRECTORY);
        channel.run(0);

        assertThat(fixture.failures).singleElement().extracting("faultType").isEqualTo(FaultType.UNBOUND_INST_BLOCK);
    }

    @Test
    void damagedStateIsRefusedAndLeavesNoChannel() {
        fixture.channel(3, CE1);
        StateWriter group = new StateWriter();
        group.put("handle", 1);
        StateWriter damaged = new StateWriter();
        damaged.put("next-handle", 9);
        damaged.put("channels", 1);
        damaged.put("channel-0", group);

        assertThatThrownBy(() -> host.restore(new StateReader(damaged.toByteArray())))
                .isInstanceOf(StateException.class);

        host.doorbell(1 << 16 | 3);
        assertThat(host.statistics().unknownDoorbells()).isEqualTo(1);
    }

    private long allocate(int id, int engine, long userd) {
        MemoryRef ref = new MemoryRef(userd, false);
        return host.allocate(new ChannelControl.Request(id, engine, 0, 16, ref, ref, () -> 0));
    }
}
