package dev.nacre.drm.sync;

import dev.nacre.drm.DrmException;
import dev.nacre.drm.Quota;
import dev.nacre.linux.Errno;
import dev.nacre.linux.Fd;
import dev.nacre.linux.FileStat;
import dev.nacre.linux.NativeException;
import dev.nacre.linux.Pipe;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Fences that clients have by descriptors which can be polled: ready to read when the fence is signalled. Each is a pipe,
 * for that has an identity by which it is known again, and tells when nobody has it any more. Any thread may call.
 */
public final class SyncFiles {
    private static final int MOST = 1 << 14;
    private static final byte[] SIGNALLED = {1};

    private record Id(long device, long inode) {
        static Id of(Fd fd) {
            FileStat stat = FileStat.of(fd);
            return new Id(stat.device(), stat.inode());
        }
    }

    /**
     * What a descriptor stands for.
     *
     * @param name what a client calls it; empty if none does
     * @param number how many had been made when it was
     */
    public record Exported(Fence fence, String name, long number) {}

    /** What a descriptor stands for, and the pipe's other end. */
    private static final class SyncFile {
        private final Exported exported;
        private final Fd writing;
        private final Quota payer;
        private Fence.Cancel cancel = () -> {};

        private SyncFile(Exported exported, Fd writing, Quota payer) {
            this.exported = exported;
            this.writing = writing;
            this.payer = payer;
        }

        private synchronized void signal() {
            if (!writing.isClosed()) {
                try {
                    writing.write(SIGNALLED);
                } catch (NativeException e) {
                    // GUEST: nobody reads any more, or he has filled it himself; both as he likes.
                }
            }
        }

        private synchronized void close() {
            writing.close();
        }
    }

    // Guarded by this.
    private final Map<Id, SyncFile> files = new HashMap<>();
    private long made;

    /** No descriptor exists yet. */
    public SyncFiles() {}

    /**
     * Makes a descriptor of a fence.
     *
     * @param payer to whom it counts as long as somebody has it
     * @throws DrmException with ENFILE if there are too many; with EMFILE if this process has none left
     */
    public Fd export(Fence fence, Quota payer) {
        return export(fence, "", payer);
    }

    /** As {@link #export(Fence, Quota)}, with a name that a client gives it. */
    public Fd export(Fence fence, String name, Quota payer) {
        payer.take(1);
        try {
            return make(fence, name, payer);
        } catch (DrmException e) {
            payer.give(1);
            throw e;
        }
    }

    private Fd make(Fence fence, String name, Quota payer) {
        SyncFile file;
        Fd reading;
        synchronized (this) {
            if (files.size() >= MOST) {
                throw new DrmException(Errno.ENFILE, "Too many fences have descriptors: most=" + MOST);
            }
            try {
                Pipe pipe = Pipe.open();
                pipe.writing().setNonBlocking(true);
                reading = pipe.reading();
                file = new SyncFile(new Exported(fence, name, ++made), pipe.writing(), payer);
                files.put(Id.of(reading), file);
            } catch (NativeException e) {
                throw new DrmException(Errno.of(e.errno()).orElse(Errno.EMFILE), String.valueOf(e.getMessage()));
            }
        }
        file.cancel = fence.whenSignalled(file::signal);
        return reading;
    }

    /**
     * The fence of a client's descriptor.
     *
     * @throws DrmException with EINVAL if it has none
     */
    public Fence find(Fd given) {
        return look(given).fence;
    }

    /** As {@link #find}, and what else is known of the descriptor. */
    public synchronized Exported look(Fd given) {
        SyncFile file = files.get(Id.of(given));
        if (file == null) {
            throw new DrmException(Errno.EINVAL, "Not a descriptor of a fence");
        }
        return file.exported;
    }

    /** Whether a client's descriptor stands for a fence. */
    public synchronized boolean has(Fd given) {
        return files.containsKey(Id.of(given));
    }

    /** How many descriptors there are. */
    public synchronized int count() {
        return files.size();
    }

    /** Looks which descriptors nobody has any more. */
    public void sweep() {
        release(false);
    }

    /** Forgets all descriptors. */
    public void close() {
        release(true);
    }

    private void release(boolean all) {
        List<SyncFile> gone = new ArrayList<>();
        synchronized (this) {
            files.values().removeIf(file -> {
                if (all || Pipe.isAbandoned(file.writing)) {
                    gone.add(file);
                    return true;
                }
                return false;
            });
        }
        for (SyncFile file : gone) {
            file.cancel.cancel();
            file.close();
            file.payer.give(1);
        }
    }
}
