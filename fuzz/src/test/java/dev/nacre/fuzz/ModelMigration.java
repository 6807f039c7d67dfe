package dev.nacre.fuzz;

import dev.nacre.linux.Errno;
import dev.nacre.pci.Migratable;
import dev.nacre.pci.MigrationException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * The model function's migration, which insists on being called in the order that {@link Migratable} promises, and fails
 * when it is told to. Its stream is a mark, which it also gives while the device runs, and then the state.
 */
final class ModelMigration implements Migratable {
    /** What the stream begins with. */
    static final byte[] MARK = {'n', 'a', 'c', 'r'};

    static final int STATE_SIZE = 256;
    static final int STREAM_SIZE = MARK.length + STATE_SIZE;

    /** What the state is full of if a stream was not completed. */
    static final byte SPOILT = (byte) 0xee;

    /** How the device answers more than a stream's bytes. */
    static final Errno TOO_LONG = Errno.ENOSPC;

    /** How the device answers a stream that is not a state. */
    static final Errno DAMAGED = Errno.EBADMSG;

    /** The calls that can be made to fail. */
    enum Call {
        STOP,
        START,
        SAVE,
        LOAD,
        READ,
        WRITE,
        FINISH
    }

    /**
     * A failure that is to come.
     *
     * @param call of which call, the next of its kind
     * @param refusal the errno of a refusal; null for a defect
     */
    record Failure(Call call, @Nullable Errno refusal) {}

    private final MemorySegment state;
    private final boolean preCopy;
    private final Runnable onStart;
    private final List<String> violations = new CopyOnWriteArrayList<>();
    private volatile @Nullable Failure next;
    private volatile boolean running = true;
    private volatile boolean resetSince;
    private volatile boolean spoilt;
    private volatile @Nullable AutoCloseable stream;

    /**
     * Makes it.
     *
     * @param state the bytes that migrate
     * @param preCopy whether they can be read while the device runs
     * @param onStart called when the device has been started
     */
    ModelMigration(MemorySegment state, boolean preCopy, Runnable onStart) {
        this.state = state;
        this.preCopy = preCopy;
        this.onStart = onStart;
    }

    /** Makes the next call of a kind fail; null for none. Any thread. */
    void failNext(@Nullable Failure failure) {
        next = failure;
    }

    /** Calls since it was last asked that must not have been made, and what none may leave behind. */
    List<String> violations() {
        if (!running || spoilt || stream != null) {
            note("the end");
        }
        List<String> all = List.copyOf(violations);
        violations.clear();
        return all;
    }

    boolean isRunning() {
        return running;
    }

    /** The function has been reset. */
    void reset() {
        spoilt = false;
        resetSince = true;
    }

    @Override
    public boolean preCopy() {
        return preCopy;
    }

    @Override
    public void stop() {
        enter(Call.STOP, running);
        running = false;
        resetSince = false;
    }

    @Override
    public void start() {
        enter(Call.START, stream == null && (!running || resetSince));
        running = true;
        resetSince = false;
        onStart.run();
    }

    @Override
    public Saving save() {
        enter(Call.SAVE, stream == null && (!running || preCopy));
        Source source = new Source();
        stream = source;
        return source;
    }

    @Override
    public Loading load() {
        enter(Call.LOAD, stream == null && !running);
        Sink sink = new Sink();
        stream = sink;
        return sink;
    }

    private void enter(Call call, boolean permitted) {
        if (!permitted || spoilt) {
            note(call.name());
        }
        Failure failure = next;
        if (failure == null || failure.call != call) {
            return;
        }
        next = null;
        if (failure.refusal != null) {
            throw new MigrationException(failure.refusal, "The device was told to refuse");
        }
        spoilt = true;
        throw new IllegalStateException("The device was told to fail");
    }

    private void note(String what) {
        violations.add(what + ": running=" + running + " spoilt=" + spoilt + " resetSince=" + resetSince + " stream="
                + (stream == null ? "none" : stream.getClass().getSimpleName()));
    }

    private void closed(boolean wasOpen) {
        if (!wasOpen) {
            note("close");
        }
        stream = null;
    }

    private final class Source implements Saving {
        private int done;

        @Override
        public int read(MemorySegment dst, long dstOffset, int count) {
            enter(Call.READ, stream == this);
            int end = running ? MARK.length : STREAM_SIZE;
            int got = Math.clamp(end - done, 0, count);
            for (int i = 0; i < got; i++, done++) {
                byte value =
                        done < MARK.length ? MARK[done] : state.get(ValueLayout.JAVA_BYTE, done - (long) MARK.length);
                dst.set(ValueLayout.JAVA_BYTE, dstOffset + i, value);
            }
            return got;
        }

        @Override
        public void close() {
            closed(stream == this);
        }
    }

    private final class Sink implements Loading {
        private final byte[] bytes = new byte[STREAM_SIZE];
        private int filled;
        private boolean finished;

        @Override
        public void write(MemorySegment src, long srcOffset, int count) {
            enter(Call.WRITE, stream == this && !finished);
            if (count > STREAM_SIZE - filled) {
                throw new MigrationException(TOO_LONG, "No state of this device is so long");
            }
            MemorySegment.copy(src, ValueLayout.JAVA_BYTE, srcOffset, bytes, filled, count);
            filled += count;
        }

        @Override
        public void finish() {
            enter(Call.FINISH, stream == this && !finished);
            if (filled != STREAM_SIZE || !Arrays.equals(bytes, 0, MARK.length, MARK, 0, MARK.length)) {
                throw new MigrationException(DAMAGED, "Not a state of this device");
            }
            MemorySegment.copy(bytes, MARK.length, state, ValueLayout.JAVA_BYTE, 0, STATE_SIZE);
            finished = true;
        }

        @Override
        public void close() {
            closed(stream == this);
            if (!finished) {
                state.fill(SPOILT);
                spoilt = true;
            }
        }
    }
}
