package dev.nacre.corec;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.nacre.core.Timeline;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;

/** A timeline, of a core in C. */
final class NativeTimeline extends NativeObject implements Timeline {
    // TIMEOUT: how late a wait in C notices that its thread was interrupted
    private static final long SLICE_NS = 50_000_000;

    // A wait of more than a century; its end does not wrap.
    private static final Duration LONGEST = Duration.ofDays(36_500);

    NativeTimeline(CoreTable table, long handle) {
        super(table, handle, Op.TIMELINE_FREE);
    }

    @Override
    public long value() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(JAVA_LONG);
            table().call(Op.TIMELINE_VALUE, pointer(), value);
            return value.get(JAVA_LONG, 0);
        }
    }

    @Override
    public boolean await(long point, Duration timeout) throws InterruptedException {
        long whole = timeout.isNegative() ? 0 : (timeout.compareTo(LONGEST) > 0 ? LONGEST : timeout).toNanos();
        long start = System.nanoTime();
        long left = whole;
        while (true) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            boolean reached = table().call(Op.TIMELINE_WAIT, pointer(), point, Math.min(left, SLICE_NS)) == 1;
            if (reached) {
                return true;
            }
            left = whole - (System.nanoTime() - start);
            if (left <= 0) {
                return false;
            }
        }
    }

    @Override
    public void signal(long point) {
        table().call(Op.TIMELINE_SIGNAL, pointer(), point);
    }
}
