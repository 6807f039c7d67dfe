package dev.nacre.corec;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;

/** Functions for C that are methods of an object's. They must not throw: an exception would end the process. */
final class Upcalls {
    private final MethodHandles.Lookup lookup;
    private final Object receiver;
    private final Arena arena;

    /**
     * For the methods of an object.
     *
     * @param lookup reaches them
     * @param arena how long the functions live: until C has made its last call
     */
    Upcalls(MethodHandles.Lookup lookup, Object receiver, Arena arena) {
        this.lookup = lookup;
        this.receiver = receiver;
        this.arena = arena;
    }

    /** A method that catches whatever it meets. */
    MemorySegment function(String method, Shape shape) {
        return stub(bind(method, shape), shape);
    }

    /**
     * A method that may throw.
     *
     * @param failed what is answered then: takes what was thrown, and gives the shape's result
     */
    MemorySegment function(String method, Shape shape, MethodHandle failed) {
        return stub(MethodHandles.catchException(bind(method, shape), Throwable.class, failed), shape);
    }

    private MethodHandle bind(String method, Shape shape) {
        try {
            return lookup.bind(receiver, method, shape.descriptor().toMethodType());
        } catch (NoSuchMethodException | IllegalAccessException e) {
            throw new LinkageError("There is no such method: " + method + " " + shape, e);
        }
    }

    private MemorySegment stub(MethodHandle target, Shape shape) {
        return Linker.nativeLinker().upcallStub(target, shape.descriptor(), arena);
    }
}
