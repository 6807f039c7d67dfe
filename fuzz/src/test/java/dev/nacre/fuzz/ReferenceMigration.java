package dev.nacre.fuzz;

import dev.nacre.fuzz.ModelFunction.Migrates;
import dev.nacre.fuzz.ModelMigration.Call;
import dev.nacre.fuzz.ModelMigration.Failure;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What the specification says about migration states, written down apart from the code under test as a table of ways; and
 * what the model function's state must be meanwhile.
 */
final class ReferenceMigration {
    // HW: enum vfio_device_mig_state of Linux include/uapi/linux/vfio.h
    static final int STOP = 1;
    static final int RUNNING = 2;
    static final int STOP_COPY = 3;
    static final int RESUMING = 4;
    static final int PRE_COPY = 6;
    private static final int ERROR = 0;

    private static final String NONE = "-";

    /**
     * The states that lead from one (the row) to another (the column), by number. HW: the vfio-user specification, "Device
     * migration states", and the arcs in Linux include/uapi/linux/vfio.h.
     */
    private static final String[][] WAYS = {
        {NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE},
        {NONE, "", "2", "3", "4", NONE, "26", NONE},
        {NONE, "1", "", "13", "14", NONE, "6", NONE},
        {NONE, "1", "12", "", "14", NONE, NONE, NONE},
        {NONE, "1", "12", "13", "", NONE, "126", NONE},
        {NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE},
        {NONE, "21", "2", "3", "214", NONE, "", NONE},
        {NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE},
    };

    private final Migrates migrates;
    private final Runnable onStart;
    private final byte[] device = new byte[ModelMigration.STATE_SIZE];
    private byte[] written = new byte[0];
    private int readBytes;
    private int state = RUNNING;
    private boolean running = true;
    private long defects;
    private @Nullable Failure next;

    /**
     * Makes it.
     *
     * @param onStart called when the device has been started
     */
    ReferenceMigration(Migrates migrates, Runnable onStart) {
        this.migrates = migrates;
        this.onStart = onStart;
    }

    boolean isOffered() {
        return migrates != Migrates.NOT;
    }

    /** What the feature MIGRATION says: STOP_COPY, and PRE_COPY. */
    long flags() {
        return migrates == Migrates.ALSO_RUNNING ? 5 : 1;
    }

    int state() {
        return state;
    }

    boolean isRunning() {
        return running;
    }

    /** How often the device has failed other than by refusing. */
    long defects() {
        return defects;
    }

    /** The bytes that migrate. */
    byte[] device() {
        return device;
    }

    void failNext(@Nullable Failure failure) {
        next = failure;
    }

    /** Whether a reset is permitted. */
    boolean permitsReset() {
        return state != STOP_COPY && state != RESUMING;
    }

    /** The function has been reset; returns an errno or 0. */
    int reset() {
        Arrays.fill(device, (byte) 0);
        return isOffered() && state == ERROR ? step(RUNNING) : 0;
    }

    /** Another state is asked for; returns an errno or 0. */
    int move(int goal) {
        boolean unknown = goal < 0 || goal >= WAYS.length || (goal == PRE_COPY && migrates != Migrates.ALSO_RUNNING);
        String way = unknown || !isOffered() ? NONE : WAYS[state][goal];
        if (way.equals(NONE)) {
            return Wire.EINVAL;
        }
        int errno = 0;
        for (int i = 0; i < way.length() && errno == 0; i++) {
            errno = step(way.charAt(i) - '0');
        }
        return errno;
    }

    /** MIG_DATA_READ of an acceptable size. */
    Answer read(int size) {
        if (state != PRE_COPY && state != STOP_COPY) {
            return Answer.plain(Wire.EINVAL);
        }
        int errno = call(Call.READ);
        if (errno != 0) {
            return Answer.plain(errno);
        }
        byte[] stream = Bytes.of().raw(ModelMigration.MARK).raw(device).get();
        int end = running ? ModelMigration.MARK.length : stream.length;
        int to = Math.min(Math.max(end, readBytes), readBytes + size);
        byte[] got = Arrays.copyOfRange(stream, readBytes, to);
        readBytes = to;
        return Answer.of(Bytes.of().u32(8L + got.length, got.length).raw(got).get());
    }

    /** MIG_DATA_WRITE of a sound message; returns an errno or 0. */
    int write(byte[] data) {
        if (state != RESUMING) {
            return Wire.EINVAL;
        }
        int errno = call(Call.WRITE);
        if (errno == 0 && written.length + data.length > ModelMigration.STREAM_SIZE) {
            errno = ModelMigration.TOO_LONG.number();
        }
        if (errno == 0) {
            written = Bytes.of().raw(written).raw(data).get();
        }
        return errno;
    }

    private int step(int to) {
        int errno = switch (to) {
            case STOP -> stop();
            case RUNNING -> start();
            case STOP_COPY -> state == PRE_COPY ? halt() : open(Call.SAVE);
            case PRE_COPY -> open(Call.SAVE);
            default -> open(Call.LOAD);
        };
        if (errno == 0) {
            state = to;
        }
        return errno;
    }

    private int stop() {
        return switch (state) {
            case RUNNING -> halt();
            case RESUMING -> finish();
            default -> 0;
        };
    }

    private int start() {
        if (state == PRE_COPY) {
            return 0;
        }
        int errno = call(Call.START);
        if (errno == 0) {
            running = true;
            onStart.run();
        }
        return errno;
    }

    private int halt() {
        int errno = call(Call.STOP);
        running = errno != 0 && running;
        return errno;
    }

    private int open(Call call) {
        readBytes = 0;
        written = new byte[0];
        return call(call);
    }

    private int finish() {
        int errno = call(Call.FINISH);
        if (state == ERROR) {
            return errno;
        }
        boolean sound = written.length == ModelMigration.STREAM_SIZE
                && Arrays.equals(
                        written, 0, ModelMigration.MARK.length, ModelMigration.MARK, 0, ModelMigration.MARK.length);
        if (errno == 0 && sound) {
            System.arraycopy(written, ModelMigration.MARK.length, device, 0, device.length);
            return 0;
        }
        Arrays.fill(device, ModelMigration.SPOILT);
        state = ERROR;
        return errno == 0 ? ModelMigration.DAMAGED.number() : errno;
    }

    /** A call of the device; returns an errno, or 0 if nothing keeps it from succeeding. */
    private int call(Call call) {
        Failure failure = next;
        if (failure == null || failure.call() != call) {
            return 0;
        }
        next = null;
        if (failure.refusal() != null) {
            return failure.refusal().number();
        }
        defects++;
        if (state == RESUMING) {
            Arrays.fill(device, ModelMigration.SPOILT);
        }
        state = ERROR;
        return Wire.EIO;
    }
}
