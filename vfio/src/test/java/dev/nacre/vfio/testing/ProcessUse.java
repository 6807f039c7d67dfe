package dev.nacre.vfio.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What this process holds of the kernel's: descriptors and mappings of memory files, sockets and eventfds, and threads, each
 * by its name and how many.
 */
public record ProcessUse(Map<String, Integer> held) {
    // TIMEOUT: threads that were told to end do so in milliseconds; so long on a busy machine.
    private static final long PATIENCE_NS = 20_000_000_000L;

    /** What it holds now. */
    public static ProcessUse now() {
        Map<String, Integer> held = new TreeMap<>();
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"));
                Stream<String> mappings = Files.lines(Path.of("/proc/self/maps"))) {
            descriptors
                    .map(ProcessUse::target)
                    .filter(Objects::nonNull)
                    .forEach(target -> held.merge("descriptor of " + target, 1, Integer::sum));
            mappings.filter(line -> line.contains("/memfd:"))
                    .map(line -> line.substring(line.indexOf("/memfd:")))
                    .forEach(file -> held.merge("mapping of " + file, 1, Integer::sum));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.getAllStackTraces().keySet().stream()
                .filter(ProcessUse::isOurs)
                .forEach(thread -> held.merge("thread " + thread.getName(), 1, Integer::sum));
        return new ProcessUse(held);
    }

    /** What it holds when it holds the same again, or when it should have come to that. */
    public ProcessUse settled() {
        ProcessUse use = now();
        for (long end = System.nanoTime() + PATIENCE_NS;
                !use.equals(this) && System.nanoTime() - end < 0;
                use = now()) {
            LockSupport.parkNanos(5_000_000);
        }
        return use;
    }

    // The platform's own come and go as it likes.
    private static boolean isOurs(Thread thread) {
        ThreadGroup group = thread.getThreadGroup();
        return group != null
                && !group.getName().equals("system")
                && !group.getName().equals("InnocuousThreadGroup")
                && !thread.getName().startsWith("surefire");
    }

    private static @Nullable String target(Path descriptor) {
        try {
            String target = Files.readSymbolicLink(descriptor).toString();
            boolean ours = target.startsWith("/memfd:") || target.startsWith("socket:") || target.contains("eventfd");
            return ours ? target.replaceAll("\\[\\d+]", "") : null;
        } catch (IOException e) {
            // The descriptor by which the folder is read is gone by now.
            return null;
        }
    }
}
