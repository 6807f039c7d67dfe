package dev.nacre.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Native memory of one call, or of a few in a row on one thread: the segment for errno, and arguments. */
final class Frame implements AutoCloseable {
    private final Arena arena = Arena.ofConfined();
    private final MemorySegment state = arena.allocate(Libc.STATE);

    /** The segment that receives errno. */
    MemorySegment state() {
        return state;
    }

    /** Room for an argument, zeroed. */
    MemorySegment allocate(long bytes, long alignment) {
        return arena.allocate(bytes, alignment);
    }

    /** A C string, in UTF-8. */
    MemorySegment string(String text) {
        return arena.allocateFrom(text);
    }

    /** Error number of the last call that failed. */
    int errno() {
        return Libc.errno(state);
    }

    /** Whether the last call that failed did so with this error. */
    boolean failedWith(Errno errno) {
        return errno() == errno.number();
    }

    /** The last call's failure. */
    NativeException failure(String call, String arguments) {
        return new NativeException(call, errno(), arguments);
    }

    /** Passes a result on, or throws if it is negative. */
    int check(int result, String call, String arguments) {
        if (result < 0) {
            throw failure(call, arguments);
        }
        return result;
    }

    @Override
    public void close() {
        arena.close();
    }
}
