package dev.nacre.testsupport.guest.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CacheLockTest {
    @TempDir
    private Path folder;

    @Test
    void secondTakerWaitsForTheFirst() throws InterruptedException {
        CountDownLatch waiting = new CountDownLatch(1);
        CompletableFuture<Void> second;
        try (CacheLock _ = CacheLock.take(folder, Progress.SILENT)) {
            second = CompletableFuture.runAsync(() -> CacheLock.take(folder, (what, done, total) -> waiting.countDown())
                    .close());

            assertThat(waiting.await(30, TimeUnit.SECONDS))
                    .as("the second waits")
                    .isTrue();
            assertThat(second).isNotDone();
        }

        assertThat(second).succeedsWithin(30, TimeUnit.SECONDS);
    }

    @Test
    void releasedLockIsTakenAtOnce() {
        CacheLock.take(folder, Progress.SILENT).close();

        CacheLock.take(folder, (what, done, total) -> {
                    throw new AssertionError("Nobody to wait for");
                })
                .close();
    }
}
