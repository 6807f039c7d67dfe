package dev.nacre.drm.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;
import dev.nacre.core.Timeline;
import dev.nacre.linux.Errno;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TimelineFencesTest {
    private final HandTimeline timeline = new HandTimeline();
    private final TimelineFences fences = new TimelineFences(timeline, "test");

    /** Moved by hand. */
    private static final class HandTimeline implements Timeline {
        private long value;
        private boolean failed;

        @Override
        public synchronized long value() {
            return value;
        }

        @Override
        public synchronized boolean await(long point, Duration timeout) throws InterruptedException {
            long end = System.nanoTime() + timeout.toNanos();
            while (value < point) {
                if (failed) {
                    throw new CoreException(CoreError.IO, "Lost");
                }
                long left = end - System.nanoTime();
                if (left <= 0) {
                    return false;
                }
                TimeUnit.NANOSECONDS.timedWait(this, left);
            }
            return true;
        }

        @Override
        public synchronized void signal(long point) {
            value = point;
            notifyAll();
        }

        synchronized void fail() {
            failed = true;
            notifyAll();
        }

        @Override
        public void close() {}
    }

    @AfterEach
    void close() {
        fences.close();
    }

    private static boolean ends(Fence fence) throws InterruptedException {
        return fence.await(System.nanoTime() + TimeUnit.SECONDS.toNanos(60));
    }

    @Test
    void fences_areSignalledAsTheirPointsAreReached() throws Exception {
        Fence one = fences.at(1);
        Fence three = fences.at(3);

        timeline.signal(2);
        assertThat(ends(one)).isTrue();
        assertThat(three.isSignalled()).isFalse();

        timeline.signal(3);
        assertThat(ends(three)).isTrue();
        assertThat(three.error()).isEmpty();
    }

    @Test
    void pointsThatAreLost_failTheirFences() throws Exception {
        Fence fence = fences.at(1);

        timeline.fail();

        assertThat(ends(fence)).isTrue();
        assertThat(fence.error()).contains(Errno.EIO);
    }

    @Test
    void closing_failsWhatIsPendingAndWhatComes() throws Exception {
        Fence fence = fences.at(1);

        fences.close();

        assertThat(fence.error()).contains(Errno.ECANCELED);
        assertThat(fences.at(2).error()).contains(Errno.ECANCELED);
    }
}
