package dev.nacre.coretck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.nacre.core.Attachment;
import dev.nacre.core.Capability;
import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;
import dev.nacre.core.Timeline;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Numbers that only grow. */
@Needs(Capability.TIMELINES)
abstract class TimelineTck extends TckGroup {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @Test
    @Covers({"Attachment.createTimeline", "Timeline.value", "Timeline.signal", "Timeline.await", "Timeline.close"})
    void ownersWordMovesIt() throws InterruptedException {
        try (Attachment attachment = attach()) {
            Timeline timeline = attachment.createTimeline();
            assertThat(timeline.value()).isZero();
            assertThat(timeline.await(0, Duration.ZERO)).isTrue();
            assertThat(timeline.await(1, Duration.ZERO)).isFalse();

            timeline.signal(7);

            assertThat(timeline.value()).isEqualTo(7);
            assertThat(timeline.await(7, Duration.ZERO)).isTrue();
            assertThat(timeline.await(8, Duration.ofMillis(1))).isFalse();
            timeline.close();
            timeline.close();
        }
    }

    @Test
    @Covers("Timeline.signal")
    void pointThatWasReachedIsNotSignalledAgain() {
        try (Attachment attachment = attach()) {
            Timeline timeline = attachment.createTimeline();
            timeline.signal(3);

            assertError(CoreError.INVALID_ARGUMENT, () -> timeline.signal(3));
            assertError(CoreError.INVALID_ARGUMENT, () -> timeline.signal(2));
            assertThat(timeline.value()).isEqualTo(3);
        }
    }

    @Test
    @Covers({"Timeline.await", "Timeline.signal"})
    void signalWakesThoseWhoWait() throws Exception {
        try (Attachment attachment = attach()) {
            Timeline timeline = attachment.createTimeline();
            CompletableFuture<Boolean> waiter = waiter(timeline, 2);

            timeline.signal(1);
            timeline.signal(2);

            assertThat(waiter.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    @Covers({"Timeline.await", "Timeline.close"})
    void thoseWhoWaitForAFreedOneAreTold() throws Exception {
        try (Attachment attachment = attach()) {
            Timeline timeline = attachment.createTimeline();
            CompletableFuture<Boolean> waiter = waiter(timeline, 2);

            timeline.close();

            assertThat(catchThrowable(() -> waiter.get(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                            .getCause())
                    .isInstanceOfSatisfying(
                            CoreException.class, e -> assertThat(e.error()).isEqualTo(CoreError.STALE));
            assertError(CoreError.STALE, timeline::value);
            assertError(CoreError.STALE, () -> timeline.signal(9));
        }
    }

    @Test
    @Covers({"Timeline.await", "Attachment.close"})
    void thoseWhoWaitForADetachedClientsAreTold() throws Exception {
        Attachment attachment = attach();
        CompletableFuture<Boolean> waiter = waiter(attachment.createTimeline(), 2);

        attachment.close();

        assertThat(catchThrowable(() -> waiter.get(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                        .getCause())
                .isInstanceOfSatisfying(
                        CoreException.class, e -> assertThat(e.error()).isEqualTo(CoreError.STALE));
    }

    @Test
    @Covers("Timeline.await")
    void waiterCanBeInterrupted() throws Exception {
        try (Attachment attachment = attach()) {
            Timeline timeline = attachment.createTimeline();
            CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
            Thread thread = Thread.ofPlatform().daemon().start(() -> {
                try {
                    timeline.await(1, PATIENCE);
                    interrupted.complete(false);
                } catch (InterruptedException e) {
                    interrupted.complete(true);
                } catch (CoreException e) {
                    interrupted.completeExceptionally(e);
                }
            });

            thread.interrupt();

            assertThat(interrupted.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        }
    }

    /** Waits on a thread of its own, which runs when this returns. */
    private static CompletableFuture<Boolean> waiter(Timeline timeline, long point) throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        CompletableFuture<Boolean> result = new CompletableFuture<>();
        Thread.ofPlatform().daemon().start(() -> {
            begun.countDown();
            try {
                result.complete(timeline.await(point, PATIENCE));
            } catch (InterruptedException | CoreException e) {
                result.completeExceptionally(e);
            }
        });
        begun.await();
        return result;
    }
}
