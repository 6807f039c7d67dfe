package dev.nacre.corec;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

/** Bytes between a segment of Java's, on its heap or not, and an operation of C that reads or writes. */
final class Transfer {
    private Transfer() {}

    /** What does not fit the segment is the caller's defect; what does not fit the memory is for the core to say. */
    private static void check(long offset, int count, MemorySegment segment) {
        Requests.checkedCount("bytes", count);
        Objects.checkFromIndexSize(offset, count, segment.byteSize());
    }

    /** Reads, by {@code int op(handle, offset, to, bytes)}. */
    static void read(NativeObject from, Op op, long offset, MemorySegment dst, long dstOffset, int count) {
        check(dstOffset, count, dst);
        if (dst.isNative()) {
            from.table().call(op, from.pointer(), offset, dst.asSlice(dstOffset, count), (long) count);
            return;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bounce = arena.allocate(Math.max(1, count));
            from.table().call(op, from.pointer(), offset, bounce, (long) count);
            MemorySegment.copy(bounce, 0, dst, dstOffset, count);
        }
    }

    /** Writes, by {@code int op(handle, offset, from, bytes)}. */
    static void write(NativeObject to, Op op, long offset, MemorySegment src, long srcOffset, int count) {
        check(srcOffset, count, src);
        if (src.isNative()) {
            to.table().call(op, to.pointer(), offset, src.asSlice(srcOffset, count), (long) count);
            return;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bounce = arena.allocate(Math.max(1, count));
            MemorySegment.copy(src, srcOffset, bounce, 0, count);
            to.table().call(op, to.pointer(), offset, bounce, (long) count);
        }
    }
}
