package dev.nacre.testsupport.guest.image;

import dev.nacre.testsupport.guest.host.KitException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Finds the shared libraries that programs need, and those need, below a folder of unpacked packages. */
final class SharedLibraries {
    private static final String LOADER_PREFIX = "ld-linux";

    private final List<Path> folders;

    /**
     * A search.
     *
     * @param folders where libraries are looked for, in this order
     */
    SharedLibraries(List<Path> folders) {
        this.folders = List.copyOf(folders);
    }

    /**
     * All libraries that the files need, directly or through others.
     *
     * @param files programs or libraries
     * @return content by library name; the files themselves and the dynamic loader are not in it
     * @throws KitException if a library is nowhere
     */
    Map<String, byte[]> closure(List<Path> files) {
        Map<String, byte[]> found = new LinkedHashMap<>();
        Deque<String> wanted = new ArrayDeque<>();
        for (Path file : files) {
            wanted.addAll(needed(file.toString(), read(file)));
        }
        List<String> missing = new ArrayList<>();
        while (!wanted.isEmpty()) {
            String name = wanted.removeFirst();
            if (found.containsKey(name) || name.startsWith(LOADER_PREFIX)) {
                continue;
            }
            Path file = folders.stream()
                    .map(f -> f.resolve(name))
                    .filter(Files::isRegularFile)
                    .findFirst()
                    .orElse(null);
            if (file == null) {
                missing.add(name);
                continue;
            }
            byte[] content = read(file);
            found.put(name, content);
            wanted.addAll(needed(name, content));
        }
        if (!missing.isEmpty()) {
            throw new KitException("The guest kit lacks the libraries " + String.join(", ", missing));
        }
        return found;
    }

    private static List<String> needed(String name, byte[] content) {
        return ElfFile.of(name, content).neededLibraries();
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw KitException.because("Cannot read " + file, e);
        }
    }
}
