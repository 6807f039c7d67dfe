package dev.nacre.corec;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;

/** What native.xml builds of src/test/c. */
final class TestLibrary {
    private static final Path FOLDER = Path.of("target", "native");

    private TestLibrary() {}

    /** Symbols of a library, by its file's name. It stays loaded. */
    static SymbolLookup load(String name) {
        return SymbolLookup.libraryLookup(FOLDER.resolve(name), Arena.global());
    }

    /** What a function without parameters answers. */
    static MemorySegment pointer(SymbolLookup symbols, String function) throws Throwable {
        return (MemorySegment) Linker.nativeLinker()
                .downcallHandle(symbols.findOrThrow(function), FunctionDescriptor.of(ValueLayout.ADDRESS))
                .invokeExact();
    }

    /** A program, to be run. */
    static String program(String name) {
        return FOLDER.resolve(name).toAbsolutePath().toString();
    }
}
