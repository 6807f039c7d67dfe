package dev.nacre.board.host;

import static dev.nacre.board.host.HostFixture.CE1;
import static dev.nacre.board.host.HostFixture.VIDEO;
import static dev.nacre.board.host.HostFixture.copy;
import static dev.nacre.board.host.HostFixture.join;
import static dev.nacre.board.host.HostFixture.semaphore;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.board.engine.EngineWorker;
import dev.nacre.board.engine.SharedEngines;
import dev.nacre.board.engine.SharingPolicy;
import dev.nacre.board.host.HostFixture.TestChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Two hosts, each with memory of its own, on the same engines. */
@Timeout(600)
class SharedHostTest {
    private static final long SEM = 0x8000;
    private static final int RELEASE = 1 | 1 << 24;
    private static final int MULTI_LINE = 1 << 9;

    private final SharedEngines engines = new SharedEngines();
    private final HostFixture one = new HostFixture(engines.source(1, 2));
    private final HostFixture other = new HostFixture(engines.source(2, 2));

    @AfterEach
    void close() {
        one.close();
        other.close();
        engines.close();
    }

    /** Some gigabytes: more than a test can wait for. */
    private static TestChannel copyForLong(HostFixture fixture) {
        TestChannel channel = fixture.channel(3, CE1);
        channel.push(copy(4, 0, 0x10_0000, 0x8_0000, 1 << 20, MULTI_LINE)).kick();
        fixture.await(() -> fixture.host.statistics().copyBytes() > 0);
        return channel;
    }

    private static void copySome(HostFixture fixture, int value) {
        TestChannel channel = fixture.channel(4, CE1);
        fixture.video(0x1000, value);
        fixture.video(SEM, 0);
        channel.push(join(copy(4, 0x1000, 0x9000, 4), semaphore(VIDEO + SEM, value, RELEASE)))
                .kick();
        fixture.await(() -> fixture.video(SEM) == value);
        assertThat(fixture.video(0x9000)).isEqualTo(value);
        fixture.host.free(channel.handle);
    }

    @ParameterizedTest
    @EnumSource(SharingPolicy.class)
    void endlessCopiesOfOneLetTheOtherCopy(SharingPolicy policy) {
        engines.scheduling(policy, 1);
        copyForLong(one);

        for (int round = 1; round <= 10; round++) {
            copySome(other, round);
        }

        long before = one.host.statistics().copyBytes();
        one.await(() -> one.host.statistics().copyBytes() > before);
        assertThat(one.failures).isEmpty();
        assertThat(other.failures).isEmpty();
    }

    @Test
    void faultsOfOneDoNotConcernTheOther() {
        for (int round = 1; round <= 10; round++) {
            TestChannel bad = one.channel(5, CE1);
            bad.push(copy(4, 0x1000, 0x7000_0000, 64)).kick();
            copySome(other, round);
            int expected = round;
            one.await(() -> one.failures.size() == expected);
            one.host.free(bad.handle);
        }

        assertThat(other.failures).isEmpty();
    }

    @Test
    void hostThatIsHeldOrClosedLeavesTheOtherAlone() {
        copyForLong(one);
        one.host.workers().forEach(EngineWorker::hold);
        long held = one.host.statistics().copyBytes();
        copySome(other, 1);
        assertThat(one.host.statistics().copyBytes()).isEqualTo(held);
        one.host.workers().forEach(EngineWorker::resume);
        one.await(() -> one.host.statistics().copyBytes() > held);

        one.host.close();

        copySome(other, 2);
    }

    @Test
    void usageTellsWhoIsBusy() {
        copyForLong(one);

        one.await(() -> engines.usage(1).copy() > 0);

        assertThat(engines.usage(1).graphics()).isZero();
        assertThat(engines.usage(2).copy()).isZero();
    }
}
