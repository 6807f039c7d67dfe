package dev.nacre.corec;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;
import dev.nacre.core.MapRequest;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Structures that several operations take. */
final class Requests {
    private static final long MAP_OFFSET = Abi.offset(Abi.MAP_REQUEST, "offset");
    private static final long MAP_BYTES = Abi.offset(Abi.MAP_REQUEST, "bytes");
    private static final long MAP_HUGE_PAGES = Abi.offset(Abi.MAP_REQUEST, "huge_pages");
    private static final long MAP_COMPRESSIBLE = Abi.offset(Abi.MAP_REQUEST, "compressible");

    private Requests() {}

    /** A number of things, which in C has no sign. @throws CoreException if it is negative */
    static int checkedCount(String things, int count) {
        if (count < 0) {
            throw new CoreException(
                    CoreError.INVALID_ARGUMENT,
                    "Number of " + things + " is impossible: count=" + count + " allowed=0 or more");
        }
        return count;
    }

    /** {@code struct nacre_map_request} of a request. */
    static MemorySegment map(MapRequest request, Arena arena) {
        MemorySegment in = arena.allocate(Abi.MAP_REQUEST);
        in.set(JAVA_LONG, MAP_OFFSET, request.offset());
        in.set(JAVA_LONG, MAP_BYTES, request.bytes());
        in.set(JAVA_INT, MAP_HUGE_PAGES, request.hugePages() ? 1 : 0);
        in.set(JAVA_INT, MAP_COMPRESSIBLE, request.compressible() ? 1 : 0);
        return in;
    }

    /** The request of a {@code struct nacre_map_request}. */
    static MapRequest map(MemorySegment in) {
        return new MapRequest(
                in.get(JAVA_LONG, MAP_OFFSET),
                in.get(JAVA_LONG, MAP_BYTES),
                in.get(JAVA_INT, MAP_HUGE_PAGES) != 0,
                in.get(JAVA_INT, MAP_COMPRESSIBLE) != 0);
    }
}
