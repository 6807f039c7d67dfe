package dev.nacre.corec;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;
import dev.nacre.core.GspLog;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** Logs of the firmware's, of a core in C: of an operation that counts them, and one that gives one. */
final class NativeLogs {
    private static final long MOST_BYTES = 64L << 20;

    private NativeLogs() {}

    /** All logs of an object. */
    static List<GspLog> read(NativeObject object, Op countOp, Op logOp) {
        int count = object.table().call(countOp, object.pointer());
        List<GspLog> logs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            logs.add(one(object, logOp, i));
        }
        return List.copyOf(logs);
    }

    private static GspLog one(NativeObject object, Op op, int index) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocate(Abi.LOG_NAME_BYTES);
            MemorySegment bytes = arena.allocate(JAVA_LONG);
            object.table().call(op, object.pointer(), index, name, MemorySegment.NULL, 0L, bytes);
            long size = bytes.get(JAVA_LONG, 0);
            if (size < 0 || size > MOST_BYTES) {
                throw new CoreException(
                        CoreError.IO, "Size of a log is impossible: bytes=" + size + " allowed=0 to " + MOST_BYTES);
            }
            MemorySegment to = arena.allocate(Math.max(1, size));
            object.table().call(op, object.pointer(), index, name, to, size, bytes);
            return new GspLog(Numbers.text(name), to.asSlice(0, size).toArray(JAVA_BYTE));
        }
    }
}
