package dev.nacre.packaging;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The packages of this build, made by the script that {@code ./dev package} runs. */
final class Packages {
    private static final Path ROOT = Path.of(System.getProperty("nacre.root"));

    private Packages() {}

    /** Where the sources are. */
    static Path sources() {
        return ROOT;
    }

    /** With the caches; made once, by the first test that asks. */
    static Path whole() {
        return Whole.FOLDER;
    }

    /** Makes them without the caches, which are what differs from build to build. */
    static Path withoutCaches(String folder) {
        return make(folder, "--without-cache");
    }

    /** The one file of a folder with an ending. */
    static Path file(Path folder, String ending) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(ending))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("No file *" + ending + " in " + folder));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path make(String folder, String... options) {
        Path to = ROOT.resolve("packaging/target").resolve(folder);
        Commands.run(Stream.of(
                        Stream.of(ROOT.resolve("scripts/package.sh").toString()),
                        Stream.of(options),
                        Stream.of(to.toString()))
                .flatMap(words -> words)
                .toArray(String[]::new));
        return to;
    }

    private static final class Whole {
        private static final Path FOLDER = make("tested");

        private Whole() {}
    }
}
