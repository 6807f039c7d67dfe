package dev.nacre.packaging;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A folder that dpkg takes for the root of a system, in which nothing is installed yet. Only the folder is changed;
 * without being root, fakeroot plays it.
 */
final class ScratchRoot {
    private final Path folder;

    /** In an empty folder. */
    ScratchRoot(Path folder) throws IOException {
        this.folder = folder;
        Files.createDirectories(folder.resolve("var/lib/dpkg/info"));
        Files.createDirectories(folder.resolve("var/lib/dpkg/updates"));
        Files.createDirectories(folder.resolve("etc"));
        Files.createFile(folder.resolve("var/lib/dpkg/status"));
        Files.writeString(folder.resolve("etc/group"), "root:x:0:\n");
    }

    /** A path below it. */
    Path path(String relative) {
        return folder.resolve(relative);
    }

    void install(Path deb) {
        dpkg("--install", deb.toString());
    }

    /** Leaves the configuration and the state. */
    void remove() {
        dpkg("--remove", "nacre");
    }

    void purge() {
        dpkg("--purge", "nacre");
    }

    private void dpkg(String... arguments) {
        List<String> words = new ArrayList<>();
        if (!Commands.run("id", "-u").strip().equals("0")) {
            words.add("fakeroot");
        }
        words.addAll(List.of(
                "env",
                "PATH=/usr/local/sbin:/usr/sbin:/sbin:/usr/local/bin:/usr/bin:/bin",
                "dpkg",
                "--root=" + folder,
                "--log=" + folder.resolve("var/lib/dpkg/log"),
                "--force-script-chrootless",
                // The libraries that it depends on are those of the host.
                "--force-depends"));
        words.addAll(List.of(arguments));
        Commands.run(words.toArray(String[]::new));
    }
}
