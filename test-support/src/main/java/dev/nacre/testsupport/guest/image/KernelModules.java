package dev.nacre.testsupport.guest.image;

import dev.nacre.testsupport.guest.host.KitException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** A kernel's loadable modules, and the order in which to insert one with all it depends on. */
final class KernelModules {
    private final Map<String, Path> files;
    private final Set<String> builtIn;
    private final Decompressor decompressor;

    /** A module ready to insert. */
    @SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
    record Module(String name, byte[] content) {}

    private KernelModules(Map<String, Path> files, Set<String> builtIn, Decompressor decompressor) {
        this.files = files;
        this.builtIn = builtIn;
        this.decompressor = decompressor;
    }

    /**
     * Lists the modules.
     *
     * @param kernel the kernel
     * @param decompressor reads them
     */
    static KernelModules of(GuestKernel kernel, Decompressor decompressor) {
        try (Stream<Path> paths = Files.walk(kernel.modules().resolve("kernel"))) {
            Map<String, Path> files = new HashMap<>();
            paths.forEach(p -> moduleName(p.getFileName().toString()).ifPresent(n -> files.put(n, p)));
            return new KernelModules(files, builtIn(kernel), decompressor);
        } catch (IOException e) {
            throw new KitException("Cannot list the modules in " + kernel.modules() + ": " + e.getMessage(), e);
        }
    }

    private static Set<String> builtIn(GuestKernel kernel) throws IOException {
        Set<String> names = new HashSet<>();
        for (String line : Files.readAllLines(kernel.modules().resolve("modules.builtin"))) {
            moduleName(line.substring(line.lastIndexOf('/') + 1)).ifPresent(names::add);
        }
        return names;
    }

    /** A module's name from its file's: suffixes gone, hyphens and underscores being the same to the kernel. */
    static Optional<String> moduleName(String fileName) {
        String plain = Decompressor.plainName(fileName);
        return plain.endsWith(".ko")
                ? Optional.of(plain.substring(0, plain.length() - 3).replace('-', '_'))
                : Optional.empty();
    }

    /** What a module says about itself: the entries {@code key=value} of its section {@code .modinfo}. */
    static List<String> information(String name, byte[] module) {
        byte[] section = ElfFile.of(name, module)
                .section(".modinfo")
                .orElseThrow(() -> new KitException("The module " + name + " has no .modinfo section"));
        return Arrays.stream(new String(section, StandardCharsets.UTF_8).split("\0"))
                .filter(e -> !e.isEmpty())
                .toList();
    }

    /** The modules that must be in the kernel before this one. */
    static List<String> dependencies(List<String> information) {
        return information.stream()
                .filter(e -> e.startsWith("depends="))
                .flatMap(e -> Arrays.stream(e.substring("depends=".length()).split(",")))
                .filter(n -> !n.isEmpty())
                .map(n -> n.replace('-', '_'))
                .toList();
    }

    /**
     * A module and everything it depends on, in an order in which each can be inserted.
     *
     * @param name the module's name
     * @throws KitException if it or a dependency is neither there nor built in
     */
    List<Module> closure(String name) {
        List<Module> order = new ArrayList<>();
        visit(name, new HashSet<>(), order);
        return order;
    }

    private void visit(String name, Set<String> seen, List<Module> order) {
        if (builtIn.contains(name) || !seen.add(name)) {
            return;
        }
        Path file = files.get(name);
        if (file == null) {
            throw new KitException("The guest kernel has no module " + name + " and does not contain it either");
        }
        byte[] content = decompressor.content(file);
        for (String dependency : dependencies(information(name, content))) {
            visit(dependency, seen, order);
        }
        order.add(new Module(name, content));
    }
}
