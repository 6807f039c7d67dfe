package dev.nacre.daemon.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Changes for which there is no room, or that take too long. */
class WorkersTest {
    private static final Duration SHORT = Duration.ofMillis(20);
    private static final Duration LONG = Duration.ofSeconds(60);

    private final CountDownLatch end = new CountDownLatch(1);
    private final AtomicInteger done = new AtomicInteger();
    private final Callable<Integer> stuck = () -> {
        end.await();
        return done.incrementAndGet();
    };

    private ProblemException refusal(Workers workers) {
        return catchThrowableOfType(ProblemException.class, () -> workers.change(stuck));
    }

    @Test
    void changeThatTakesTooLong_timedOutAndTooManyOnceTheQueueIsFull() throws Exception {
        try (Workers workers = new Workers(1, SHORT, LONG)) {
            for (int i = 0; i < Workers.CHANGE_THREADS + 1; i++) {
                assertThat(refusal(workers).code().status())
                        .as("in a thread, or the one that waits")
                        .isEqualTo(504);
            }

            ProblemException full = refusal(workers);

            assertThat(full.code().status()).isEqualTo(429);
            assertThat(full.headers()).containsEntry("Retry-After", "1");
            assertThat(workers.<Boolean>ask(() -> true))
                    .as("questions are answered meanwhile")
                    .isTrue();
            end.countDown();
        }
        assertThat(done).as("what had begun; what waited does not happen").hasValue(Workers.CHANGE_THREADS);
    }

    @Test
    void stoppedDaemon_unavailable() {
        Workers workers = new Workers(1, LONG, LONG);
        workers.close();

        assertThat(refusal(workers).code().status()).isEqualTo(503);
    }
}
