package dev.nacre.testsupport.guest.fetch;

import dev.nacre.testsupport.guest.host.KitException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** One writer at a time on a cache folder, among threads and among processes; gone with the process that held it. */
public final class CacheLock implements AutoCloseable {
    // TIMEOUT: as long as another process may need for its downloads.
    private static final Duration BOUND = Duration.ofMinutes(45);
    private static final Duration POLL = Duration.ofMillis(100);

    private final FileChannel channel;

    private CacheLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Takes the lock, waiting while somebody else has it.
     *
     * @param folder the cache folder, created if absent
     * @param progress told when there is somebody to wait for
     * @throws KitException if the folder cannot be written, or the other one does not end
     */
    public static CacheLock take(Path folder, Progress progress) {
        try {
            Files.createDirectories(folder);
            FileChannel channel =
                    FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            try {
                await(channel, folder, progress);
                return new CacheLock(channel);
            } catch (RuntimeException | IOException e) {
                channel.close();
                throw e;
            }
        } catch (IOException e) {
            throw KitException.because("Cannot use the cache folder " + folder, e);
        }
    }

    private static void await(FileChannel channel, Path folder, Progress progress) throws IOException {
        long endNs = System.nanoTime() + BOUND.toNanos();
        while (tryLock(channel) == null) {
            if (System.nanoTime() - endNs > 0 || Thread.currentThread().isInterrupted()) {
                throw new KitException("Gave up waiting: another process fills the cache folder " + folder);
            }
            progress.at("Waiting for another process that fills the cache", 0, 0);
            LockSupport.parkNanos(POLL.toNanos());
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException heldByThread) {
            return null;
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw KitException.because("Cannot release the cache lock", e);
        }
    }
}
