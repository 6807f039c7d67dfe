package dev.nacre.corec;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;
import dev.nacre.core.spi.CoreConfig;
import dev.nacre.linux.Fd;
import dev.nacre.linux.Memfd;
import dev.nacre.linux.NativeException;
import dev.nacre.pci.bus.FunctionAccess;
import dev.nacre.pci.bus.PciIds;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;

/** A library that exports a core as {@code libnacre_core.so} does. It stays loaded. */
final class CoreLibrary {
    private static final int MOST_CHIPS = 256;
    private static final int MOST_CHARACTERS = 64;

    private final MemorySegment ops;
    private final List<String> chips;
    private final MethodHandle supports;
    private final MethodHandle open;

    /** The library of this module; loaded once, and only if it is used. */
    static CoreLibrary bundled() {
        return Bundled.LIBRARY;
    }

    /**
     * Takes a library.
     *
     * @param symbols what it exports
     */
    CoreLibrary(SymbolLookup symbols) {
        Linker linker = Linker.nativeLinker();
        supports = linker.downcallHandle(
                symbols.findOrThrow("nacre_core_supports"),
                FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
        open = linker.downcallHandle(
                symbols.findOrThrow("nacre_core_open"), FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS));
        MethodHandle table =
                linker.downcallHandle(symbols.findOrThrow("nacre_core_ops"), FunctionDescriptor.of(ADDRESS));
        MethodHandle names =
                linker.downcallHandle(symbols.findOrThrow("nacre_core_chips"), FunctionDescriptor.of(ADDRESS));
        try {
            ops = (MemorySegment) table.invokeExact();
            chips = names((MemorySegment) names.invokeExact());
        } catch (Throwable t) {
            throw new AssertionError("Downcall does not match its descriptor", t);
        }
    }

    /** The operations of its cores. */
    MemorySegment ops() {
        return ops;
    }

    /** The chips that it can boot, by name. */
    List<String> chips() {
        return chips;
    }

    /** Whether it knows a function. */
    boolean supports(PciIds ids) {
        try {
            return (int) supports.invokeExact(ids.vendor(), ids.device(), ids.classCode()) == 1;
        } catch (Throwable t) {
            throw new AssertionError("Downcall does not match its descriptor", t);
        }
    }

    /** Boots a GPU: {@code nacre_core_open} on a platform for it. */
    NativeCore open(FunctionAccess function, CoreConfig config) {
        CoreTable table = new CoreTable(ops);
        Platform platform = new Platform(function, config);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(ADDRESS);
            int result = open(platform.table(), platform.config(), out);
            if (result < 0) {
                throw table.failure(result);
            }
            return take(table, out.get(ADDRESS, 0), platform::close);
        } catch (RuntimeException e) {
            platform.close();
            throw e;
        }
    }

    private NativeCore take(CoreTable table, MemorySegment core, Runnable afterClose) {
        try {
            return new NativeCore(ops, core, afterClose);
        } catch (RuntimeException e) {
            table.run(Op.CLOSE, core.address());
            throw e;
        }
    }

    private int open(MemorySegment platform, MemorySegment config, MemorySegment out) {
        try {
            return (int) open.invokeExact(platform, config, out);
        } catch (Throwable t) {
            throw new AssertionError("Downcall does not match its descriptor", t);
        }
    }

    private static List<String> names(MemorySegment list) {
        // NATIVE: the list ends with NULL, a name with 0, and the library stays loaded.
        MemorySegment all = list.reinterpret(MOST_CHIPS * ADDRESS.byteSize());
        List<String> names = new ArrayList<>();
        for (int i = 0; i < MOST_CHIPS; i++) {
            MemorySegment name = all.getAtIndex(ADDRESS, i);
            if (name.address() == 0) {
                break;
            }
            names.add(Numbers.text(name.reinterpret(MOST_CHARACTERS)));
        }
        return List.copyOf(names);
    }

    /** Loads a library from its bytes, which need no file that others could find or change. */
    private static SymbolLookup load(String resource) {
        try (InputStream in = CoreLibrary.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new CoreException(CoreError.NOT_SUPPORTED, "The C core is not part of this build: " + resource);
            }
            try (Fd memory = Memfd.create(resource, 0)) {
                memory.write(in.readAllBytes());
                return SymbolLookup.libraryLookup("/proc/self/fd/" + memory.number(), Arena.global());
            }
        } catch (IOException | NativeException | IllegalArgumentException e) {
            throw new CoreException(CoreError.NOT_SUPPORTED, "The C core cannot be loaded: " + resource, e);
        }
    }

    /** Loaded with its first use. */
    private static final class Bundled {
        private static final CoreLibrary LIBRARY = new CoreLibrary(load("libnacre_core.so"));

        private Bundled() {}
    }
}
