package dev.nacre.corec;

import dev.nacre.core.Attachment;
import dev.nacre.core.Core;
import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/**
 * What the exported operations of one core share: its handles, and the words of each thread's last failure. The
 * operations themselves throw; {@link #failed} is what C gets then.
 */
final class Exports {
    private final Core core;
    private final Handles handles = new Handles();
    private final ThreadLocal<String> words = ThreadLocal.withInitial(() -> "");
    private final long coreHandle;

    Exports(Core core) {
        this.core = core;
        coreHandle = handles.add(0, core);
    }

    Handles handles() {
        return handles;
    }

    long coreHandle() {
        return coreHandle;
    }

    /** The core, if that is its handle and it was not closed by C. */
    Core core(long handle) {
        if (handle != coreHandle) {
            throw new CoreException(CoreError.STALE, "There is no such core: handle=0x" + Long.toHexString(handle));
        }
        return handles.find(handle, Core.class);
    }

    /** The core, for operations of what was got from it. */
    Core core() {
        return core;
    }

    Attachment attachment(long handle) {
        return handles.find(handle, Attachment.class);
    }

    /** Frees something: what does not want to be freed keeps its handle. */
    int free(long handle, AutoCloseable object) throws Exception {
        object.close();
        handles.remove(handle);
        return 0;
    }

    // NATIVE: the header says how much a pointer's caller provides, and that it lives while the call runs.
    /** What a pointer of C's points at, if it is not NULL. */
    static MemorySegment at(MemorySegment pointer, long bytes) {
        if (pointer.address() == 0) {
            throw new CoreException(CoreError.INVALID_ARGUMENT, "A pointer is NULL");
        }
        return pointer.reinterpret(bytes);
    }

    /** Puts a handle where C wants it. */
    int give(long handle, MemorySegment where) {
        at(where, Long.BYTES).set(ValueLayout.JAVA_LONG, 0, handle);
        return 0;
    }

    /** A number of C's that has no sign: one beyond Java's is Java's largest. */
    static int clip(int unsigned) {
        return unsigned < 0 ? Integer.MAX_VALUE : unsigned;
    }

    /** A size of C's that Java's transfers can have. */
    static int count(long bytes) {
        if (bytes < 0 || bytes > Integer.MAX_VALUE) {
            throw new CoreException(
                    CoreError.INVALID_ARGUMENT,
                    "Size of a transfer is impossible: bytes=" + Long.toUnsignedString(bytes) + " allowed=0 to "
                            + Integer.MAX_VALUE);
        }
        return (int) bytes;
    }

    /** What the thread's last failure was; "" if there was none. */
    String words() {
        return words.get();
    }

    /** What C gets instead of an exception: takes a Throwable, and gives a shape's result. */
    MethodHandle failed(Shape shape) {
        MethodType type = shape.descriptor().toMethodType();
        try {
            MethodHandle record =
                    MethodHandles.lookup().bind(this, "failed", MethodType.methodType(int.class, Throwable.class));
            if (type.returnType() == int.class) {
                return record;
            }
            MethodHandle told = record.asType(MethodType.methodType(void.class, Throwable.class));
            MethodHandle nothing = type.returnType() == void.class
                    ? MethodHandles.empty(MethodType.methodType(void.class))
                    : type.returnType() == MemorySegment.class
                            ? MethodHandles.constant(MemorySegment.class, MemorySegment.NULL)
                            : MethodHandles.zero(type.returnType());
            return MethodHandles.filterReturnValue(told, nothing);
        } catch (NoSuchMethodException | IllegalAccessException e) {
            throw new LinkageError("There is no such method: failed", e);
        }
    }

    // An exception handler of every operation. It must not throw.
    int failed(Throwable cause) {
        if (cause instanceof InterruptedException) {
            Thread.currentThread().interrupt();
        }
        String message = cause instanceof CoreException ? cause.getMessage() : cause.toString();
        words.set(message == null ? "" : message);
        return Failures.number(cause);
    }
}
