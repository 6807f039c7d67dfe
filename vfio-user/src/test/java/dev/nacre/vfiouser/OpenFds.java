package dev.nacre.vfiouser;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Counts this process's open descriptors and mappings, to find leaks. */
final class OpenFds {
    private OpenFds() {}

    /** Descriptors of memory files, sockets and eventfds: what these tests make, and the JVM does not. */
    static long count() throws IOException {
        try (Stream<Path> fds = Files.list(Path.of("/proc/self/fd"))) {
            return fds.filter(OpenFds::isOurs).count();
        }
    }

    /** Mappings of a memory file by its name. */
    static long mappingsOf(String name) throws IOException {
        try (Stream<String> maps = Files.lines(Path.of("/proc/self/maps"))) {
            return maps.filter(line -> line.contains("/memfd:" + name)).count();
        }
    }

    private static boolean isOurs(Path fd) {
        try {
            String target = Files.readSymbolicLink(fd).toString();
            return target.startsWith("/memfd:") || target.startsWith("socket:") || target.contains("eventfd");
        } catch (IOException e) {
            return false;
        }
    }
}
