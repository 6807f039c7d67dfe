package dev.nacre.board.engine;

import static dev.nacre.board.engine.SharingPolicy.BEST_EFFORT;
import static dev.nacre.board.engine.SharingPolicy.EQUAL_SHARE;
import static dev.nacre.board.engine.SharingPolicy.FIXED_SHARE;
import static dev.nacre.board.hal.EngineInfo.Kind.COPY;
import static dev.nacre.board.hal.EngineInfo.Kind.GRAPHICS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(300)
class SharedEnginesTest {
    private static final int RUNLIST = 1;

    private final SharedEngines engines = new SharedEngines();

    @AfterEach
    void close() {
        engines.close();
    }

    /** Work that counts its passes and always has more. */
    private static final class Endless implements EngineWork {
        final AtomicInteger passes = new AtomicInteger();

        @Override
        public long run(WorkBudget pass) {
            pass.spend(1 << 20);
            LockSupport.parkNanos(100_000);
            passes.incrementAndGet();
            return 0;
        }
    }

    private EngineWorker worker(int gfid, EngineWork work) {
        return engines.source(gfid, 4).worker(RUNLIST, COPY, work);
    }

    private static void await(BooleanSupplier condition) {
        long deadlineNs = System.nanoTime() + SECONDS.toNanos(60);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("deadline").isLessThan(deadlineNs);
            LockSupport.parkNanos(100_000);
        }
    }

    @ParameterizedTest
    @EnumSource(SharingPolicy.class)
    void endlessWorkStarvesNobody(SharingPolicy policy) {
        engines.scheduling(policy, 1);
        Endless host = new Endless();
        Endless greedy = new Endless();
        Endless other = new Endless();
        AtomicInteger small = new AtomicInteger();
        worker(0, host).ring();
        worker(1, greedy).ring();
        worker(2, other).ring();
        EngineWorker rare = worker(3, _ -> {
            small.incrementAndGet();
            return EngineThread.Pass.IDLE;
        });

        for (int i = 1; i <= 5; i++) {
            int expected = i;
            rare.ring();
            await(() -> small.get() == expected);
        }

        int seen = greedy.passes.get();
        int otherSeen = other.passes.get();
        int hostSeen = host.passes.get();
        await(() -> greedy.passes.get() > seen + 10
                && other.passes.get() > otherSeen + 10
                && host.passes.get() > hostSeen + 10);
    }

    @Test
    void passesThatThrowAreCountedAndHarmNobodyElse() {
        Endless good = new Endless();
        EngineWorker sound = worker(1, good);
        EngineWorker broken = worker(2, _ -> {
            throw new IllegalStateException("as the test wants it");
        });
        EngineWorker exhausted = worker(3, _ -> {
            throw new StackOverflowError();
        });
        sound.ring();

        for (int i = 1; i <= 3; i++) {
            int expected = i;
            broken.ring();
            exhausted.ring();
            await(() -> broken.defects() == expected && exhausted.defects() == expected);
        }

        int seen = good.passes.get();
        await(() -> good.passes.get() > seen);
        assertThat(sound.defects()).isZero();
    }

    @Test
    void heldWorkerStandsWhileOthersGoOn() {
        Endless stopped = new Endless();
        Endless other = new Endless();
        EngineWorker held = worker(1, stopped);
        worker(2, other).ring();
        held.ring();
        await(() -> stopped.passes.get() > 0);

        held.hold();
        held.hold();
        int atHold = stopped.passes.get();
        int seen = other.passes.get();
        await(() -> other.passes.get() > seen + 20);
        held.resume();
        int atResume = other.passes.get();
        await(() -> other.passes.get() > atResume + 20);
        assertThat(stopped.passes.get()).isEqualTo(atHold);
        held.resume();

        await(() -> stopped.passes.get() > atHold);
    }

    @Test
    void holdWaitsForItsOwnRunningPassOnly() throws InterruptedException {
        CountDownLatch inPass = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        EngineWorker slow = worker(1, _ -> {
            inPass.countDown();
            awaitLatch(mayEnd);
            return EngineThread.Pass.IDLE;
        });
        EngineWorker other = worker(2, new Endless());
        slow.ring();
        assertThat(inPass.await(60, SECONDS)).isTrue();

        other.hold();
        other.resume();
        AtomicReference<Boolean> stands = new AtomicReference<>(false);
        Thread holder = Thread.ofPlatform().start(() -> {
            slow.hold();
            stands.set(true);
        });
        await(() -> holder.getState() == Thread.State.WAITING);
        assertThat(stands.get()).isFalse();
        mayEnd.countDown();
        holder.join(60_000);

        assertThat(stands.get()).isTrue();
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            assertThat(latch.await(60, SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void closedWorkerRunsNoMoreAndOthersDo() {
        Endless gone = new Endless();
        Endless other = new Endless();
        EngineWorker closing = worker(1, gone);
        worker(2, other).ring();
        closing.ring();
        await(() -> gone.passes.get() > 0);

        closing.close();
        closing.close();
        int atClose = gone.passes.get();
        closing.ring();
        int seen = other.passes.get();
        await(() -> other.passes.get() > seen + 20);

        assertThat(gone.passes.get()).isEqualTo(atClose);
        assertThat(closing.drain(0)).isTrue();
    }

    @Test
    void workThatWaitsForTimeIsDoneWithoutARing() {
        AtomicInteger passes = new AtomicInteger();
        EngineWorker waiting = worker(1, _ -> passes.incrementAndGet() < 5 ? 100_000 : EngineThread.Pass.IDLE);

        waiting.ring();

        await(() -> passes.get() == 5);
        assertThat(waiting.drain(SECONDS.toNanos(60))).isTrue();
    }

    @Test
    void drainWaitsForThrottledWorkToo() {
        engines.scheduling(FIXED_SHARE, 1);
        AtomicInteger passes = new AtomicInteger();
        EngineWorker busy = worker(1, _ -> {
            LockSupport.parkNanos(1_000_000);
            return passes.incrementAndGet() < 10 ? 0 : EngineThread.Pass.IDLE;
        });
        busy.ring();

        boolean drained = busy.drain(SECONDS.toNanos(60));

        assertThat(drained).isTrue();
        assertThat(passes).hasValue(10);
    }

    @Test
    void idleEnginesMakeNoPasses() {
        AtomicInteger passes = new AtomicInteger();
        EngineWorker quiet = worker(1, _ -> {
            passes.incrementAndGet();
            return EngineThread.Pass.IDLE;
        });
        EngineWorker other = worker(2, _ -> EngineThread.Pass.IDLE);

        for (int i = 0; i < 100; i++) {
            other.ring();
            assertThat(other.drain(SECONDS.toNanos(60))).isTrue();
        }
        quiet.ring();
        assertThat(quiet.drain(SECONDS.toNanos(60))).isTrue();

        assertThat(passes).hasValue(1);
    }

    @Test
    void usageIsThatOfTheOwnerAndTheKind() {
        EngineWorker copies = engines.source(1, 4).worker(RUNLIST, COPY, new Endless());
        EngineWorker idle = engines.source(1, 4).worker(2, COPY, _ -> EngineThread.Pass.IDLE);
        EngineWorker graphics = engines.source(2, 4).worker(0, GRAPHICS, new Endless());
        copies.ring();
        idle.ring();
        graphics.ring();

        await(() -> engines.usage(1).copy() > 0 && engines.usage(2).graphics() > 0);

        assertThat(engines.usage(1).graphics()).isZero();
        assertThat(engines.usage(1).copy()).isLessThanOrEqualTo(5100);
        assertThat(engines.usage(2).copy()).isZero();
        assertThat(engines.usage(2).graphics()).isLessThanOrEqualTo(10_000);
        assertThat(engines.usage(9)).isEqualTo(new EngineUsage(0, 0));
    }

    @Test
    void frameRateIsLimitedWithBestEffortOnly() {
        assertThat(engines.policy()).isEqualTo(BEST_EFFORT);
        assertThat(engines.frameRateLimit(45)).isEqualTo(45);

        engines.scheduling(EQUAL_SHARE, 0);

        assertThat(engines.frameRateLimit(45)).isZero();
        assertThat(engines.sliceMs()).isEqualTo(2);
    }

    @Test
    void impossibleOwnersAndSlicesAreRefused() {
        assertThatThrownBy(() -> engines.source(-1, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> engines.source(1, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> engines.scheduling(BEST_EFFORT, -1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void closedEnginesGiveNoWorkers() {
        EngineWorker worker = worker(1, _ -> EngineThread.Pass.IDLE);
        engines.close();

        worker.close();

        assertThatThrownBy(() -> worker(2, _ -> 0)).isInstanceOf(IllegalStateException.class);
    }
}
