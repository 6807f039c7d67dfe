package dev.nacre.corec;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;
import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.EnumMap;
import java.util.Map;

/**
 * A table of operations in C, called from Java. What an operation answers below 0 becomes an exception with the words of
 * {@code last_error}; one that the table lacks is {@link CoreError#NOT_SUPPORTED}. Any thread may call. Nothing is
 * allocated for a call that succeeds.
 */
final class CoreTable {
    private static final int MOST_WORDS = 512;
    private static final long FIRST_OPERATION = Abi.offset(Abi.CORE_OPS, Op.LAST_ERROR.field());

    private static final MethodHandle VOID_PL = downcall(Shape.VOID_PL);
    private static final MethodHandle POINTER_L = downcall(Shape.POINTER_L);
    private static final MethodHandle LONG_L = downcall(Shape.LONG_L);
    private static final MethodHandle VOID_L = downcall(Shape.VOID_L);
    private static final MethodHandle VOID_LL = downcall(Shape.VOID_LL);
    private static final MethodHandle L = downcall(Shape.L);
    private static final MethodHandle LI = downcall(Shape.LI);
    private static final MethodHandle LL = downcall(Shape.LL);
    private static final MethodHandle LP = downcall(Shape.LP);
    private static final MethodHandle LPI = downcall(Shape.LPI);
    private static final MethodHandle LII = downcall(Shape.LII);
    private static final MethodHandle LLL = downcall(Shape.LLL);
    private static final MethodHandle LPP = downcall(Shape.LPP);
    private static final MethodHandle LIIP = downcall(Shape.LIIP);
    private static final MethodHandle LIPP = downcall(Shape.LIPP);
    private static final MethodHandle LPII = downcall(Shape.LPII);
    private static final MethodHandle LPPP = downcall(Shape.LPPP);
    private static final MethodHandle LLPP = downcall(Shape.LLPP);
    private static final MethodHandle LLPL = downcall(Shape.LLPL);
    private static final MethodHandle LLIP = downcall(Shape.LLIP);
    private static final MethodHandle LLIPP = downcall(Shape.LLIPP);
    private static final MethodHandle LPILL = downcall(Shape.LPILL);
    private static final MethodHandle LIPPLP = downcall(Shape.LIPPLP);

    /** Those that the table has. */
    private final Map<Op, MemorySegment> functions = new EnumMap<>(Op.class);

    /** Whether the core has ended: nothing of it may be touched any more. */
    private volatile boolean ended;

    /**
     * Reads a table.
     *
     * @param ops the table, which outlives this
     * @throws CoreException with {@link CoreError#VERSION} if it is not of this version
     */
    CoreTable(MemorySegment ops) {
        // NATIVE: a table has a size in front, and nothing beyond it is read.
        MemorySegment head = ops.reinterpret(FIRST_OPERATION);
        int size = head.get(JAVA_INT, Abi.SIZE);
        int version = head.get(JAVA_INT, Abi.offset(Abi.CORE_OPS, "version"));
        if (version != Abi.VERSION || Integer.compareUnsigned(size, (int) FIRST_OPERATION) < 0) {
            throw new CoreException(
                    CoreError.VERSION,
                    "The core's table does not fit: version=" + Integer.toUnsignedString(version) + " size="
                            + Integer.toUnsignedString(size) + " allowed=" + Abi.VERSION);
        }
        long known = Math.min(Integer.toUnsignedLong(size), Abi.CORE_OPS.byteSize());
        MemorySegment table = ops.reinterpret(known);
        for (Op op : Op.values()) {
            long at = Abi.offset(Abi.CORE_OPS, op.field());
            MemorySegment function = at + ADDRESS.byteSize() <= known ? table.get(ADDRESS, at) : MemorySegment.NULL;
            if (function.address() != 0) {
                functions.put(op, function);
            }
        }
    }

    /** Whether nothing of the core may be touched any more. */
    boolean hasEnded() {
        return ended;
    }

    /** Has every later call fail with {@link CoreError#GONE}. */
    void end() {
        ended = true;
    }

    boolean has(Op op) {
        return functions.containsKey(op);
    }

    /** A string that the core keeps. */
    String text(Op op, long a) {
        MemorySegment function = function(op, Shape.POINTER_L);
        try {
            // NATIVE: read up to the 0 that ends it.
            return Numbers.text(((MemorySegment) POINTER_L.invokeExact(function, a)).reinterpret(MOST_WORDS));
        } catch (Throwable t) {
            throw thrown(t);
        }
    }

    long callForLong(Op op, long a) {
        MemorySegment function = function(op, Shape.LONG_L);
        try {
            return (long) LONG_L.invokeExact(function, a);
        } catch (Throwable t) {
            throw thrown(t);
        }
    }

    void run(Op op, long a) {
        MemorySegment function = function(op, Shape.VOID_L);
        try {
            VOID_L.invokeExact(function, a);
        } catch (Throwable t) {
            throw thrown(t);
        }
    }

    void run(Op op, long a, long b) {
        MemorySegment function = function(op, Shape.VOID_LL);
        try {
            VOID_LL.invokeExact(function, a, b);
        } catch (Throwable t) {
            throw thrown(t);
        }
    }

    int call(Op op, long a) {
        MemorySegment function = function(op, Shape.L);
        try {
            return checked((int) L.invokeExact(function, a));
        } catch (Throwable t) {
            throw thrown(t);
        }
    }

    int call(Op op, long a, int b) {
        MemorySegment function = function(op, Shape.LI);
        try {
            return checked((int) LI.invokeExact(function, a, b));
        } catch (Throwable t) {
            throw thrown(t);
        }
    }

    int call(Op op, long a, long b) {
        MemorySegment function = function(op, Shape.LL);
        try {
            return checked((int) LL.invokeExact(function, a, b));
        } catch (Throwable t) {
            throw thrown(t);
        }
    }

    int call(Op op, long a, MemorySegment b) {
        MemorySegment function = function(op, Shape.LP);
        try {
            return checked((int) LP.invokeExact(function, a, b));
        } catch (Throwable t) {
            throw thrown(t);
        }
    }

    int call(Op op, long a, MemorySegment b, int c) {
        MemorySegment function = function(op, Shape.LPI);
        try {
            return checked((int) LPI.invokeExact(function, a, b, c));
        } catch (Throwable t) {
            throw thrown(t);
        }
    }

    int call(Op op, long a, int b, int c) {
        MemorySegment function = function(op, Shape.LII);
        try {
            return checked((int) LII.invokeExact(function, a, b, c));
        } catch (Throwable t) {
            throw thrown(t);
        }
    }

    int call(Op op, long a, long b, long c) {
        MemorySegment function = function(op, Shape.LLL);
        try {
            return checked((int) LLL.invokeExact(function, a, b, c));
        } catch (Throwable t) {
            throw thrown(t);
        }
    }

    int call(Op op, long a, MemorySegment b, MemorySegment c) {
        MemorySegment function = function(op, Shape.LPP);
        try {
            return checked((int) LPP.invokeExact(function, a, b, c));
        } catch (Throwable t) {
            throw thrown(t);
        }
    }

    int call(Op op, long a, int b, int c, MemorySegment d) {
        MemorySegment function = function(op, Shape.LIIP);
        try {
            return checked((int) LIIP.invokeExact(function, a, b, c, d));
        } catch (Throwable t) {
            throw thrown(t);
        }
    }

    int call(Op op, long a, int b, MemorySegment c, MemorySegment d) {
        MemorySegment function = function(op, Shape.LIPP);
        try {
            return checked((int) LIPP.invokeExact(function, a, b, c, d));
        } catch (Throwable t) {
            throw thrown(t);
        }
    }

    int call(Op op, long a, MemorySegment b, int c, int d) {
        MemorySegment function = function(op, Shape.LPII);
        try {
            return checked((int) LPII.invokeExact(function, a, b, c, d));
        } catch (Throwable t) {
            throw thrown(t);
        }
    }

    int call(Op op, long a, MemorySegment b, MemorySegment c, MemorySegment d) {
        MemorySegment function = function(op, Shape.LPPP);
        try {
            return checked((int) LPPP.invokeExact(function, a, b, c, d));
        } catch (Throwable t) {
            throw thrown(t);
        }
    }

    int call(Op op, long a, long b, MemorySegment c, MemorySegment d) {
        MemorySegment function = function(op, Shape.LLPP);
        try {
            return checked((int) LLPP.invokeExact(function, a, b, c, d));
        } catch (Throwable t) {
            throw thrown(t);
        }
    }

    int call(Op op, long a, long b, MemorySegment c, long d) {
        MemorySegment function = function(op, Shape.LLPL);
        try {
            return checked((int) LLPL.invokeExact(function, a, b, c, d));
        } catch (Throwable t) {
            throw thrown(t);
        }
    }

    int call(Op op, long a, long b, int c, MemorySegment d) {
        MemorySegment function = function(op, Shape.LLIP);
        try {
            return checked((int) LLIP.invokeExact(function, a, b, c, d));
        } catch (Throwable t) {
            throw thrown(t);
        }
    }

    int call(Op op, long a, long b, int c, MemorySegment d, MemorySegment e) {
        MemorySegment function = function(op, Shape.LLIPP);
        try {
            return checked((int) LLIPP.invokeExact(function, a, b, c, d, e));
        } catch (Throwable t) {
            throw thrown(t);
        }
    }

    int call(Op op, long a, MemorySegment b, int c, long d, long e) {
        MemorySegment function = function(op, Shape.LPILL);
        try {
            return checked((int) LPILL.invokeExact(function, a, b, c, d, e));
        } catch (Throwable t) {
            throw thrown(t);
        }
    }

    int call(Op op, long a, int b, MemorySegment c, MemorySegment d, long e, MemorySegment f) {
        MemorySegment function = function(op, Shape.LIPPLP);
        try {
            return checked((int) LIPPLP.invokeExact(function, a, b, c, d, e, f));
        } catch (Throwable t) {
            throw thrown(t);
        }
    }

    private int checked(int result) {
        if (result < 0) {
            throw failure(result);
        }
        return result;
    }

    /** What went wrong in the call before, of this thread. */
    CoreException failure(int result) {
        String words = "";
        MemorySegment lastError = functions.get(Op.LAST_ERROR);
        if (lastError != null) {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment text = arena.allocate(MOST_WORDS);
                VOID_PL.invokeExact(lastError, text, (long) MOST_WORDS);
                words = Numbers.text(text);
            } catch (Throwable t) {
                throw thrown(t);
            }
        }
        CoreError error = CoreError.of(-result).orElse(null);
        if (error == null) {
            return new CoreException(
                    CoreError.IO, "The core failed with an unknown number: result=" + result + " " + words);
        }
        return new CoreException(error, words.isEmpty() ? "The core failed: " + error : words);
    }

    private MemorySegment function(Op op, Shape shape) {
        if (ended) {
            throw new CoreException(CoreError.GONE, "The core was closed");
        }
        if (op.shape() != shape) {
            throw new AssertionError("Called by other types than it has: " + op);
        }
        MemorySegment function = functions.get(op);
        if (function == null) {
            throw new CoreException(
                    CoreError.NOT_SUPPORTED,
                    "This core lacks an operation: operation=" + op.field()
                            + op.capability()
                                    .map(lacks -> " capability=" + lacks)
                                    .orElse(""));
        }
        return function;
    }

    private static MethodHandle downcall(Shape shape) {
        return Linker.nativeLinker().downcallHandle(shape.descriptor());
    }

    /** What a handle threw: a segment's own complaint (closed, wrong thread) as it is; anything else is our defect. */
    private static AssertionError thrown(Throwable cause) {
        if (cause instanceof RuntimeException complaint) {
            throw complaint;
        }
        return new AssertionError("Downcall does not match its descriptor", cause);
    }
}
