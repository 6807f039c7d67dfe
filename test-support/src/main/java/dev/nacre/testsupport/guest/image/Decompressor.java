package dev.nacre.testsupport.guest.image;

import dev.nacre.testsupport.guest.host.HostCommand;
import dev.nacre.testsupport.guest.host.KitException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads files that may be compressed by xz or zstd, with the host's programs or else with the kit's busybox. */
final class Decompressor {
    // TIMEOUT: the largest file is a GSP image of some 60 MB.
    private static final Duration BOUND = Duration.ofMinutes(2);

    private final Path busybox;

    /**
     * A decompressor.
     *
     * @param busybox a busybox that runs on the host
     */
    Decompressor(Path busybox) {
        this.busybox = busybox;
    }

    /** The name of a file without the suffix of its compression. */
    static String plainName(String name) {
        return name.replaceFirst("\\.(xz|zst)$", "");
    }

    /** The uncompressed content of a file. */
    byte[] content(Path file) {
        String name = file.getFileName().toString();
        if (name.endsWith(".xz")) {
            return firstThatWorks(file, List.of(List.of("xz"), List.of(busybox.toString(), "xz")));
        }
        if (name.endsWith(".zst")) {
            return firstThatWorks(file, List.of(List.of("zstd")));
        }
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw KitException.because("Cannot read " + file, e);
        }
    }

    private static byte[] firstThatWorks(Path file, List<List<String>> programs) {
        return programs.stream()
                .flatMap(program -> run(program, file).stream())
                .findFirst()
                .orElseThrow(() -> new KitException("Cannot decompress " + file + ": install "
                        + programs.getFirst().getFirst()));
    }

    private static Optional<byte[]> run(List<String> program, Path file) {
        List<String> line = new ArrayList<>(program);
        line.addAll(List.of("-d", "-c", file.toString()));
        try {
            HostCommand.Result result =
                    HostCommand.of(line.toArray(String[]::new)).run(BOUND);
            return result.ok() ? Optional.of(result.output()) : Optional.empty();
        } catch (KitException absent) {
            return Optional.empty();
        }
    }
}
