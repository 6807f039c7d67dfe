package dev.nacre.testsupport.guest.image;

import dev.nacre.testsupport.guest.host.ContentKey;
import dev.nacre.testsupport.guest.host.FileTree;
import dev.nacre.testsupport.guest.host.HostCommand;
import dev.nacre.testsupport.guest.host.KitException;
import dev.nacre.testsupport.guest.host.UnpackedProgram;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Compiles the programs that run in guests, with the kit's own compiler against its own C library, into static
 * executables: the host needs no compiler. The same sources are compiled once.
 */
public final class GuestPrograms {
    // TIMEOUT: tcc takes some 20 ms for a program.
    private static final Duration BOUND = Duration.ofMinutes(1);
    private static final String HEADER = "nacre.h";

    /** The programs, by the names under which guests run them. */
    public static final List<String> NAMES = List.of(
            "bar-timing",
            "ce-exec",
            "ce-pushbuf",
            "channel-hold",
            "fault-exec",
            "fault-pushbuf",
            "gpio-loop",
            "msix-copy");

    private final Path tools;
    private final Path folder;

    /**
     * A place for the programs.
     *
     * @param tools the folder of unpacked packages with tcc, musl and the kernel's headers
     * @param folder where the executables are kept
     */
    public GuestPrograms(Path tools, Path folder) {
        this.tools = tools;
        this.folder = folder;
    }

    /**
     * Compiles the programs, or finds those compiled before.
     *
     * @return a folder with one executable for each name; its own name changes with the sources
     * @throws KitException if one does not compile
     */
    public Path build() {
        List<String> ingredients = new ArrayList<>(List.of(tools.toString(), text(HEADER)));
        NAMES.forEach(n -> ingredients.add(text(n + ".c")));
        Path target = folder.resolve(ContentKey.of(ingredients.toArray(String[]::new)));
        if (Files.isDirectory(target)) {
            return target;
        }
        try {
            Files.createDirectories(folder);
            Path work = Files.createTempDirectory(folder, "compiling");
            try {
                publish(compileAll(work), target);
            } finally {
                FileTree.delete(work);
            }
            return target;
        } catch (IOException e) {
            throw KitException.because("Cannot compile the guest's programs in " + folder, e);
        }
    }

    private Path compileAll(Path work) throws IOException {
        Path executables = Files.createDirectory(work.resolve("bin"));
        Files.writeString(work.resolve(HEADER), text(HEADER));
        for (String name : NAMES) {
            Path source = Files.writeString(work.resolve(name + ".c"), text(name + ".c"));
            compile(source, executables.resolve(name));
        }
        return executables;
    }

    /** Another process may have been faster; its executables are the same. */
    private static void publish(Path fresh, Path target) throws IOException {
        try {
            Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            if (!Files.isDirectory(target)) {
                throw e;
            }
        }
    }

    private void compile(Path source, Path executable) {
        Path library = tools.resolve("usr/lib/x86_64-linux-musl");
        Path compiler = tools.resolve("usr/lib/x86_64-linux-gnu/tcc");
        List<String> line = new ArrayList<>(UnpackedProgram.command(tools, "usr/bin/tcc"));
        line.addAll(List.of("-B" + compiler, "-nostdinc", "-nostdlib", "-static", "-Wall", "-Werror"));
        for (Path headers : List.of(
                tools.resolve("usr/include/x86_64-linux-musl"),
                compiler.resolve("include"),
                tools.resolve("usr/include"),
                tools.resolve("usr/include/x86_64-linux-gnu"))) {
            line.add("-I" + headers);
        }
        line.addAll(List.of("-o", executable.toString()));
        for (Path part : List.of(
                library.resolve("crt1.o"),
                library.resolve("crti.o"),
                source,
                library.resolve("libc.a"),
                compiler.resolve("libtcc1.a"),
                library.resolve("crtn.o"))) {
            line.add(part.toString());
        }
        HostCommand.Result result = new HostCommand(line, Map.of(), Optional.empty()).run(BOUND);
        if (!result.ok()) {
            throw new KitException("tcc cannot compile " + source.getFileName() + ": "
                    + result.errors().strip());
        }
    }

    private static String text(String name) {
        return new String(Resources.read("programs/" + name), StandardCharsets.UTF_8);
    }
}
