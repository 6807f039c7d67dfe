package dev.nacre.vfiouser;

import static dev.nacre.vfiouser.MigrationState.ERROR;
import static dev.nacre.vfiouser.MigrationState.PRE_COPY;
import static dev.nacre.vfiouser.MigrationState.RESUMING;
import static dev.nacre.vfiouser.MigrationState.RUNNING;
import static dev.nacre.vfiouser.MigrationState.STOP;
import static dev.nacre.vfiouser.MigrationState.STOP_COPY;

import dev.nacre.linux.Errno;
import dev.nacre.pci.Migratable;
import dev.nacre.pci.MigrationException;
import dev.nacre.pci.PciFunction;
import dev.nacre.vfiouser.ModelGuard.Call;
import dev.nacre.vfiouser.transport.MessageReader;
import dev.nacre.vfiouser.transport.MessageWriter;
import dev.nacre.vfiouser.wire.DeviceFeature;
import dev.nacre.vfiouser.wire.MigData;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A device's migration state, and MIG_DATA_READ and MIG_DATA_WRITE, for as long as one client is there. The device reads
 * from the request and writes into the reply, without a copy or an allocation between. One thread.
 *
 * <p>A change of state that the device refuses leaves it in the last state that it reached. It ends in ERROR if the
 * device cannot know what it is any more: when it refuses a stream that was written into it, and when its model fails.
 */
final class MigrationService {
    /** From here on, sending a state from its place is cheaper than copying it into the reply. */
    private static final int LEAST_IN_PLACE = 16 << 10;

    private final Device served;
    private final PciFunction function;
    private final @Nullable Migratable device;
    private final boolean preCopy;
    private final ModelGuard guard;
    private final Consumer<String> warnings;
    private MigrationState state = RUNNING;
    private Migratable.@Nullable Saving saving;
    private Migratable.@Nullable Loading loading;
    private boolean warned;

    MigrationService(Device served, ModelGuard guard, Consumer<String> warnings) {
        this.served = served;
        this.function = served.function();
        this.device = function.migration().orElse(null);
        this.preCopy = device != null && device.preCopy();
        this.guard = guard;
        this.warnings = warnings;
    }

    /** Whether the device can migrate at all. */
    boolean isOffered() {
        return device != null;
    }

    /** What the feature MIGRATION says. */
    long flags() {
        return DeviceFeature.MIGRATION_STOP_COPY | (preCopy ? DeviceFeature.MIGRATION_PRE_COPY : 0);
    }

    /** The state. */
    MigrationState state() {
        return state;
    }

    /**
     * Brings the device to another state, and returns when it is there.
     *
     * @param number any number
     * @return 0 or a negative errno
     */
    int move(int number) {
        Optional<List<MigrationState>> way =
                MigrationState.of(number).flatMap(goal -> MigrationState.way(state, goal, preCopy));
        if (device == null || way.isEmpty()) {
            return -Errno.EINVAL.number();
        }
        for (MigrationState next : way.get()) {
            int result = step(device, next);
            if (result < 0) {
                return result;
            }
        }
        return 0;
    }

    /**
     * Serves MIG_DATA_READ.
     *
     * @param maxDataBytes most data bytes that the client takes
     * @return the reply's size or a negative errno
     */
    int read(MessageReader request, MessageWriter reply, int maxDataBytes) {
        Migratable.Saving source = saving;
        MemorySegment in = request.segment();
        long at = request.body();
        if (source == null
                || request.bodySize() != MigData.SIZE
                || MigData.size(in, at) > maxDataBytes
                || MigData.argsz(in, at) < MigData.SIZE + MigData.size(in, at)) {
            return -Errno.EINVAL.number();
        }
        // CAST: at most 1 MiB
        int size = (int) MigData.size(in, at);
        try {
            long given = give(source, reply, size);
            if (given < 0 || given > size) {
                throw new IllegalStateException("The device gave " + given + " of " + size + " bytes");
            }
            // CAST: at most the size
            int got = (int) given;
            MigData.put(reply.segment(), reply.body(), got);
            return MigData.SIZE + got;
        } catch (MigrationException e) {
            return refused(e);
        } catch (Throwable t) {
            return failed(t);
        }
    }

    /**
     * Serves MIG_DATA_WRITE.
     *
     * @param maxDataBytes most data bytes of a message
     * @return the reply's size, 0, or a negative errno
     */
    int write(MessageReader request, int maxDataBytes) {
        Migratable.Loading sink = loading;
        if (sink == null || !isSoundWrite(request, maxDataBytes)) {
            return -Errno.EINVAL.number();
        }
        if (request.isPlaced()) {
            return 0;
        }
        try {
            sink.write(request.segment(), request.body() + MigData.SIZE, request.bodySize() - MigData.SIZE);
            return 0;
        } catch (MigrationException e) {
            return refused(e);
        } catch (Throwable t) {
            return failed(t);
        }
    }

    /**
     * Has the data of a MIG_DATA_WRITE received where the device wants it, if it says where.
     *
     * @param maxDataBytes most data bytes of a message
     */
    void place(MessageReader request, int maxDataBytes) {
        Migratable.Loading sink = loading;
        if (sink == null || !isSoundWrite(request, maxDataBytes)) {
            return;
        }
        int count = request.bodySize() - MigData.SIZE;
        try {
            MemorySegment place = sink.place(count);
            if (place != null) {
                if (!place.isNative() || place.isReadOnly() || place.byteSize() != count) {
                    throw new IllegalStateException("The device wants " + count + " bytes at " + place);
                }
                request.receiveInto(MigData.SIZE, place, 0);
            }
        } catch (Throwable t) {
            failed(t);
        }
    }

    /** Whether the device can be reset now: not under a stream that a reset would spoil without anyone noticing. */
    boolean permitsReset() {
        return state != STOP_COPY && state != RESUMING;
    }

    /**
     * The device has been reset: leads out of ERROR, and changes no other state.
     *
     * @return 0 or a negative errno
     */
    int afterReset() {
        return device == null || state != ERROR ? 0 : step(device, RUNNING);
    }

    /**
     * A client has come: starts a device that refused to when the client before left it, resetting it if it still does. If
     * not even that helps, the client finds it in ERROR.
     */
    void attach() {
        if (device != null && served.leftStopped().getAndSet(false) && !starts(device)) {
            guard.run(Call.RESET, function::reset);
            state = starts(device) ? RUNNING : ERROR;
        }
    }

    /**
     * The client has gone, and its memory is unmapped: leaves a device that runs, reset if its state was in pieces. One that
     * refuses to go on is left to {@link #attach}.
     */
    void release() {
        boolean isSpoilt = state == ERROR || state == RESUMING;
        boolean isStopped = state != RUNNING && state != PRE_COPY;
        guard.run(Call.MIGRATION, this::closeStream);
        if (isSpoilt) {
            guard.run(Call.RESET, function::reset);
        }
        if (isStopped && device != null) {
            served.leftStopped().set(!starts(device));
        }
        state = RUNNING;
    }

    /** Starts a device outside a change of state that the client asks for; whether that went well. */
    private boolean starts(Migratable target) {
        try {
            target.start();
            return true;
        } catch (MigrationException e) {
            warnings.accept("The device refused to go on: " + e.getMessage() + " (" + e.errno() + ").");
        } catch (Throwable t) {
            guard.failed(Call.MIGRATION, t);
        }
        return false;
    }

    /** Puts the next piece of a state into the reply, or beside it; returns its bytes. */
    private static long give(Migratable.Saving source, MessageWriter reply, int size) {
        MemorySegment piece = size < LEAST_IN_PLACE ? null : source.view(size);
        if (piece == null) {
            return source.read(reply.segment(), reply.body() + MigData.SIZE, size);
        }
        reply.append(piece, 0, piece.byteSize());
        return piece.byteSize();
    }

    private static boolean isSoundWrite(MessageReader request, int maxDataBytes) {
        if (request.bodySize() < MigData.SIZE) {
            return false;
        }
        long size = MigData.size(request.segment(), request.body());
        return size <= maxDataBytes
                && size == request.bodySize() - MigData.SIZE
                && MigData.argsz(request.segment(), request.body()) >= request.bodySize();
    }

    /** Goes along one arc; returns 0 or a negative errno. */
    private int step(Migratable target, MigrationState next) {
        boolean isLoaded = state == RESUMING;
        try {
            goTo(target, next);
            state = next;
            return 0;
        } catch (MigrationException e) {
            if (isLoaded) {
                state = ERROR;
            }
            return refused(e);
        } catch (Throwable t) {
            return failed(t);
        }
    }

    private void goTo(Migratable target, MigrationState next) {
        switch (next) {
            case STOP -> {
                if (state == RUNNING) {
                    target.stop();
                } else {
                    endStream();
                }
            }
            case RUNNING -> {
                if (state == PRE_COPY) {
                    endStream();
                } else {
                    target.start();
                }
            }
            case STOP_COPY -> {
                if (state == PRE_COPY) {
                    target.stop();
                } else {
                    saving = target.save();
                }
            }
            case PRE_COPY -> saving = target.save();
            case RESUMING -> loading = target.load();
            case ERROR, RUNNING_P2P, PRE_COPY_P2P ->
                throw new IllegalStateException("No way from " + state + " to " + next);
        }
    }

    /** Completes the stream that was written, if any, and closes it. */
    private void endStream() {
        try {
            if (loading != null) {
                loading.finish();
            }
        } finally {
            closeStream();
        }
    }

    private void closeStream() {
        Migratable.Saving source = saving;
        Migratable.Loading sink = loading;
        saving = null;
        loading = null;
        if (source != null) {
            source.close();
        }
        if (sink != null) {
            sink.close();
        }
    }

    private int refused(MigrationException e) {
        if (!warned) {
            warned = true;
            warnings.accept("The device refused its migration: " + e.getMessage() + " (" + e.errno() + ").");
        }
        return -e.errno().number();
    }

    private int failed(Throwable cause) {
        guard.failed(Call.MIGRATION, cause);
        guard.run(Call.MIGRATION, this::closeStream);
        state = ERROR;
        return -Errno.EIO.number();
    }
}
