package dev.nacre.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;

/**
 * A pipe: what is written to one end can be read from the other. Both ends have a file identity that no other pipe has.
 *
 * @param reading the end to read from
 * @param writing the end to write to
 */
public record Pipe(Fd reading, Fd writing) {
    /** Makes one. */
    public static Pipe open() {
        try (Frame frame = new Frame()) {
            MemorySegment fds = frame.allocate(2L * Integer.BYTES, Integer.BYTES);
            frame.check(Libc.pipe2(frame.state(), fds, Abi.O_CLOEXEC), "pipe2", "");
            return new Pipe(new Fd(fds.getAtIndex(JAVA_INT, 0)), new Fd(fds.getAtIndex(JAVA_INT, 1)));
        }
    }

    /** Whether nobody can read any more what is written to an end. */
    public static boolean isAbandoned(Fd writing) {
        try (Frame frame = new Frame()) {
            MemorySegment slot = frame.allocate(Abi.POLLFD.byteSize(), Integer.BYTES);
            slot.set(JAVA_INT, Abi.POLL_FD, writing.number());
            return Libc.poll(frame.state(), slot, 1, 0) > 0;
        }
    }
}
