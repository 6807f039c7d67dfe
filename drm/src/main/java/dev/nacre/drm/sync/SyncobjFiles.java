package dev.nacre.drm.sync;

import dev.nacre.drm.DrmException;
import dev.nacre.drm.LentFiles;
import dev.nacre.linux.Errno;
import dev.nacre.linux.Fd;
import dev.nacre.linux.Memfd;
import dev.nacre.linux.NativeException;
import java.util.IdentityHashMap;

/** Syncobjs that clients pass on by descriptors. Any thread may call. */
public final class SyncobjFiles {
    private static final int MOST = 1 << 14;

    /** An empty file that nobody can write, and what it stands for. */
    private record Export(Syncobj syncobj, Fd file) {}

    private final LentFiles<Export> exports = new LentFiles<>(MOST, Export::file, this::ended);

    // Guarded by this.
    private final IdentityHashMap<Syncobj, Export> bySyncobj = new IdentityHashMap<>();

    /** No descriptor exists yet. */
    public SyncobjFiles() {}

    /**
     * Makes a descriptor of a syncobj.
     *
     * @throws DrmException with ENFILE if there are too many; with EMFILE if this process has none left
     */
    public synchronized Fd export(Syncobj syncobj) {
        Export known = bySyncobj.get(syncobj);
        if (known != null) {
            return exports.lend(known, false, () -> {});
        }
        Export made = make(syncobj);
        try {
            return exports.lend(made, false, () -> bySyncobj.put(syncobj, made));
        } catch (DrmException e) {
            made.file.close();
            throw e;
        }
    }

    private static Export make(Syncobj syncobj) {
        try {
            return new Export(syncobj, Memfd.ofFixedSize("nacre-syncobj", 0));
        } catch (NativeException e) {
            throw new DrmException(Errno.of(e.errno()).orElse(Errno.EMFILE), String.valueOf(e.getMessage()));
        }
    }

    /**
     * The syncobj of a client's descriptor.
     *
     * @throws DrmException with EINVAL if it has none
     */
    public Syncobj find(Fd given) {
        Export export = exports.find(given);
        if (export == null) {
            throw new DrmException(Errno.EINVAL, "Not a descriptor of a syncobj");
        }
        return export.syncobj;
    }

    /** How many syncobjs have descriptors. */
    public int count() {
        return exports.count();
    }

    /** Looks whose descriptors have gone. */
    public void sweep() {
        exports.sweep();
    }

    /** Forgets all descriptors. */
    public void close() {
        exports.close();
    }

    private void ended(Export export) {
        synchronized (this) {
            boolean _ = bySyncobj.remove(export.syncobj, export);
            export.file.close();
        }
    }
}
