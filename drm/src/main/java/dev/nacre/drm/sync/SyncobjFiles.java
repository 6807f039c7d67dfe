package dev.nacre.drm.sync;

import dev.nacre.drm.DrmException;
import dev.nacre.drm.LentFiles;
import dev.nacre.drm.Quota;
import dev.nacre.linux.Errno;
import dev.nacre.linux.Fd;
import dev.nacre.linux.Memfd;
import dev.nacre.linux.NativeException;
import java.util.IdentityHashMap;

/** Syncobjs that clients pass on by descriptors. Any thread may call. */
public final class SyncobjFiles {
    private static final int MOST = 1 << 14;

    /** An empty file that nobody can write, and what it stands for. */
    private record Export(Syncobj syncobj, Fd file, Quota payer) {}

    private final LentFiles<Export> exports = new LentFiles<>(MOST, Export::file, this::ended);

    // Guarded by this.
    private final IdentityHashMap<Syncobj, Export> bySyncobj = new IdentityHashMap<>();

    /** No descriptor exists yet. */
    public SyncobjFiles() {}

    /**
     * Makes a descriptor of a syncobj.
     *
     * @param payer to whom it counts as long as somebody has it, if it had none before
     * @throws DrmException with ENFILE if there are too many; with EMFILE if this process has none left
     */
    public synchronized Fd export(Syncobj syncobj, Quota payer) {
        Export known = bySyncobj.get(syncobj);
        if (known != null) {
            return exports.lend(known, false, () -> {});
        }
        payer.take(1);
        try {
            return lendNew(make(syncobj, payer));
        } catch (DrmException e) {
            payer.give(1);
            throw e;
        }
    }

    private Fd lendNew(Export made) {
        try {
            return exports.lend(made, false, () -> bySyncobj.put(made.syncobj, made));
        } catch (DrmException e) {
            made.file.close();
            throw e;
        }
    }

    private static Export make(Syncobj syncobj, Quota payer) {
        try {
            return new Export(syncobj, Memfd.ofFixedSize("nacre-syncobj", 0), payer);
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
        export.payer.give(1);
    }
}
