package dev.nacre.testsupport.guest.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Chromium out of unpacked Debian packages. It looks for its files beside its executable, and starts itself again for
 * each page; so it gets a folder in which its dynamic loader, which is the executable here, lies beside these files, and
 * a script that is started instead.
 *
 * @param script starts it
 * @param environment variables for its process only
 */
public record UnpackedBrowser(Path script, Map<String, String> environment) {
    private static final Path FILES = Path.of("usr/lib/chromium");
    private static final String PROGRAM = "chromium-headless-shell";

    /** Copies the map. */
    public UnpackedBrowser {
        environment = Map.copyOf(environment);
    }

    /**
     * Prepares it.
     *
     * @param root the folder of unpacked packages, which stays as it is
     * @param folder an empty folder for its own files
     * @throws KitException if something is missing
     */
    public static UnpackedBrowser prepare(Path root, Path folder) {
        Path home = folder.toAbsolutePath();
        try (Stream<Path> files = Files.list(root.resolve(FILES))) {
            for (Path file : files.toList()) {
                Files.createSymbolicLink(home.resolve(file.getFileName()), file.toAbsolutePath());
            }
            Path loader = Files.copy(UnpackedProgram.loader(root), home.resolve("loader"));
            String libraries = Stream.concat(
                            Stream.of(home),
                            UnpackedProgram.libraryFolders(root).stream()
                                    .flatMap(at -> Stream.of(at, at.resolve("pulseaudio"), at.resolve("nss"))))
                    .map(Path::toString)
                    .reduce((a, b) -> a + ":" + b)
                    .orElseThrow();
            Path script = home.resolve("browser.sh");
            Files.writeString(script, """
                    #!/bin/sh
                    exec '%s' --library-path '%s' '%s' --no-sandbox --no-zygote --browser-subprocess-path='%s' "$@"
                    """.formatted(loader, libraries, home.resolve(PROGRAM), script));
            for (Path executable : List.of(loader, script)) {
                Files.setPosixFilePermissions(executable, PosixFilePermissions.fromString("rwx------"));
            }
            return new UnpackedBrowser(script, Map.of("FONTCONFIG_SYSROOT", root.toString(), "HOME", home.toString()));
        } catch (IOException e) {
            throw KitException.because("Cannot prepare the browser of " + root, e);
        }
    }
}
