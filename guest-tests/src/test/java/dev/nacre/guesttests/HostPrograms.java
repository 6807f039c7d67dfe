package dev.nacre.guesttests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.testsupport.guest.KitPart;
import dev.nacre.testsupport.guest.host.HostCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** C programs for this host: those that guests run, unchanged, and those of the tests here. Built by gcc, as the core in C. */
final class HostPrograms {
    // TIMEOUT: gcc takes a second.
    private static final Duration BOUND = Duration.ofMinutes(1);
    private static final Path GUEST_PROGRAMS =
            Path.of("..", "test-support/src/main/resources/dev/nacre/testsupport/guest/image/programs");

    private final Path folder;

    /** @param folder for sources and executables */
    HostPrograms(Path folder) {
        this.folder = folder;
    }

    /** A program that guests run. */
    Path ofGuests(String name) throws IOException {
        for (String file : List.of("nacre.h", name + ".c")) {
            Path _ =
                    Files.copy(GUEST_PROGRAMS.resolve(file), folder.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }
        return compile(folder.resolve(name + ".c"), List.of());
    }

    /** A program of these tests that calls the kit's libdrm. */
    Path withLibdrm(String name) throws IOException {
        Path source = Files.copy(Path.of("src", "test", "c", name + ".c"), folder.resolve(name + ".c"));
        Path library = Guests.root(KitPart.DRM_TOOLS).resolve("usr/lib/x86_64-linux-gnu/libdrm.so.2");
        // The kit's library wants a newer C library than this host may have; the program runs with the kit's.
        return compile(source, List.of(library.toString(), "-Wl,--unresolved-symbols=ignore-in-shared-libs"));
    }

    private Path compile(Path source, List<String> libraries) {
        Path program = Path.of(source.toString().replaceFirst("\\.c$", ""));
        Path headers = Guests.root(KitPart.TOOLS).resolve("usr/include");
        List<String> words =
                new ArrayList<>(List.of("gcc", "-O1", "-Wall", "-o", program.toString(), source.toString()));
        for (Path folder : List.of(headers, headers.resolve("x86_64-linux-gnu"))) {
            // After the host's own: only what it lacks, the headers of DRM.
            words.addAll(List.of("-idirafter", folder.toString()));
        }
        words.addAll(libraries);
        HostCommand.Result result = new HostCommand(words, Map.of(), Optional.empty()).run(BOUND);
        assertThat(result.ok()).as(result.errors()).isTrue();
        return program;
    }
}
