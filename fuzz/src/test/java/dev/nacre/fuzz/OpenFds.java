package dev.nacre.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** What this process holds of the kernel's, to find leaks. */
final class OpenFds {
    private OpenFds() {}

    /** Memory files, sockets and eventfds that are open, by what they lead to. */
    static List<String> list() throws IOException {
        try (Stream<Path> fds = Files.list(Path.of("/proc/self/fd"))) {
            return fds.map(OpenFds::target).filter(Objects::nonNull).sorted().toList();
        }
    }

    /** Mappings of memory files by a part of their name. */
    static long mappingsOf(String name) throws IOException {
        try (Stream<String> maps = Files.lines(Path.of("/proc/self/maps"))) {
            return maps.filter(line -> line.contains("/memfd:" + name)).count();
        }
    }

    private static String target(Path fd) {
        try {
            String target = Files.readSymbolicLink(fd).toString();
            boolean ours = target.startsWith("/memfd:") || target.startsWith("socket:") || target.contains("eventfd");
            return ours ? target : null;
        } catch (IOException e) {
            // The descriptor by which the folder is read is gone by now.
            return null;
        }
    }
}
