package dev.nacre.testsupport.guest.host;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Runs programs out of unpacked Debian packages by the dynamic loader from the same folder: no chroot, no root. */
public final class UnpackedProgram {
    private static final List<String> LIBRARY_FOLDERS = List.of("usr/lib/x86_64-linux-gnu", "lib/x86_64-linux-gnu");
    private static final List<String> LOADERS = List.of(
            "usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2",
            "lib/x86_64-linux-gnu/ld-linux-x86-64.so.2",
            "usr/lib64/ld-linux-x86-64.so.2");

    private UnpackedProgram() {}

    /**
     * The words of a command line that start a program with the libraries beside it.
     *
     * @param root the folder of unpacked packages
     * @param program the program's path in it, such as {@code usr/bin/tcc}
     * @throws KitException if the folder has no dynamic loader
     */
    public static List<String> command(Path root, String program) {
        List<String> command = new ArrayList<>();
        command.add(loader(root).toString());
        command.add("--library-path");
        command.add(libraryFolders(root).stream().map(Path::toString).collect(Collectors.joining(":")));
        command.add("--argv0");
        command.add(Path.of(program).getFileName().toString());
        command.add(root.resolve(program).toString());
        return command;
    }

    /**
     * The dynamic loader in a folder of unpacked packages.
     *
     * @param root the folder
     * @throws KitException if there is none
     */
    public static Path loader(Path root) {
        return LOADERS.stream()
                .map(root::resolve)
                .filter(Files::isRegularFile)
                .findFirst()
                .orElseThrow(() -> new KitException("No dynamic loader below " + root));
    }

    /**
     * The folders with shared libraries.
     *
     * @param root the folder of unpacked packages
     */
    public static List<Path> libraryFolders(Path root) {
        return LIBRARY_FOLDERS.stream()
                .map(root::resolve)
                .filter(Files::isDirectory)
                .toList();
    }
}
