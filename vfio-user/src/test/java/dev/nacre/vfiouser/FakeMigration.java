package dev.nacre.vfiouser;

import dev.nacre.linux.Errno;
import dev.nacre.pci.Migratable;
import dev.nacre.pci.MigrationException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * The migration of a device whose state is an array of bytes, and which remembers what was asked of it. While it runs, it
 * gives the first half of its state; a state that begins with {@link #DAMAGED}, or is empty, does not fit it.
 */
final class FakeMigration implements Migratable {
    static final byte DAMAGED = 66;

    /** What was called, such as {@code stop}, {@code read 4096} or {@code close load}. */
    final List<String> calls = new CopyOnWriteArrayList<>();

    /** Gives and takes its state in memory of its own; of a written state, the last piece. */
    volatile boolean showsMemory;

    /** Wants the bytes in a place of another size. */
    volatile boolean wrongPlaces;

    private final Arena memory = Arena.ofAuto();
    private final Map<String, RuntimeException> failures = new ConcurrentHashMap<>();
    private final boolean preCopy;
    private volatile boolean running = true;
    private volatile byte[] state = new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};

    FakeMigration(boolean preCopy) {
        this.preCopy = preCopy;
    }

    /** Makes a call refuse, or fail, from now on. */
    void failAt(String call, RuntimeException failure) {
        failures.put(call, failure);
    }

    /** Makes a call refuse from now on. */
    void refuse(String call, Errno errno) {
        failAt(call, new MigrationException(errno, "planted"));
    }

    void recover() {
        failures.clear();
    }

    boolean isRunning() {
        return running;
    }

    byte[] state() {
        return state;
    }

    void state(byte[] next) {
        state = next;
    }

    @Override
    public boolean preCopy() {
        return preCopy;
    }

    @Override
    public void stop() {
        called("stop", "stop");
        running = false;
    }

    @Override
    public void start() {
        called("start", "start");
        running = true;
    }

    @Override
    public Saving save() {
        called("save", "save");
        return new Source();
    }

    @Override
    public Loading load() {
        called("load", "load");
        return new Sink();
    }

    private void called(String call, String text) {
        calls.add(text);
        @Nullable RuntimeException failure = failures.get(call);
        if (failure != null) {
            throw failure;
        }
    }

    private final class Source implements Saving {
        private int next;

        @Override
        public int read(MemorySegment dst, long dstOffset, int count) {
            called("read", "read " + count);
            int limit = running ? state.length / 2 : state.length;
            int got = Math.min(count, limit - next);
            MemorySegment.copy(state, next, dst, ValueLayout.JAVA_BYTE, dstOffset, got);
            next += got;
            return got;
        }

        @Override
        public @Nullable MemorySegment view(int count) {
            if (!showsMemory) {
                return null;
            }
            called("view", "view " + count);
            byte[] piece = Arrays.copyOfRange(state, next, Math.min(next + count, state.length));
            next += piece.length;
            return memory.allocateFrom(ValueLayout.JAVA_BYTE, piece);
        }

        @Override
        public void close() {
            called("close save", "close save");
        }
    }

    private final class Sink implements Loading {
        private byte[] written = new byte[0];
        private @Nullable MemorySegment place;

        @Override
        public void write(MemorySegment src, long srcOffset, int count) {
            called("write", "write " + count);
            int before = written.length;
            written = Arrays.copyOf(written, before + count);
            MemorySegment.copy(src, ValueLayout.JAVA_BYTE, srcOffset, written, before, count);
        }

        @Override
        public @Nullable MemorySegment place(int count) {
            if (!showsMemory) {
                return null;
            }
            called("place", "place " + count);
            place = memory.allocate(count);
            return wrongPlaces ? place.asSlice(1) : place;
        }

        @Override
        public void finish() {
            called("finish", "finish");
            if (place != null) {
                written = place.toArray(ValueLayout.JAVA_BYTE);
            }
            if (written.length == 0 || written[0] == DAMAGED) {
                throw new MigrationException(Errno.EBADMSG, "Not a state of this device");
            }
            state = written;
        }

        @Override
        public void close() {
            called("close load", "close load");
        }
    }
}
