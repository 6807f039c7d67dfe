package dev.nacre.drm.gem;

import dev.nacre.drm.DrmException;
import dev.nacre.drm.IdTable;
import dev.nacre.linux.Errno;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.function.Consumer;

/** A file's handles of graphics memory: numbers from 1. Any thread may call. */
public final class GemHandles {
    /** Most handles that a file can have. */
    public static final int MOST = 1 << 16;

    private final Consumer<GemObject> lastClosed;

    // Guarded by this.
    private final IdTable<GemObject> objects = new IdTable<>(MOST);
    private final IdentityHashMap<GemObject, Integer> handlesPerObject = new IdentityHashMap<>();

    /** The handle that an import of an object's descriptor leads to. */
    private final IdentityHashMap<GemObject, Integer> primeHandles = new IdentityHashMap<>();

    private boolean closed;

    /**
     * A file's table, empty.
     *
     * @param lastClosed is told when {@link #remove} takes the last handle of an object away, which still has a reference
     */
    public GemHandles(Consumer<GemObject> lastClosed) {
        this.lastClosed = lastClosed;
    }

    /**
     * Makes a handle.
     *
     * @param object gets a reference for it
     * @throws DrmException with ENOMEM if there are too many
     */
    public synchronized int create(GemObject object) {
        if (closed) {
            throw new DrmException(Errno.ENODEV, "The file is closed");
        }
        int handle = objects.add(object);
        GemObject _ = object.retain();
        object.handleMade();
        handlesPerObject.merge(object, 1, Integer::sum);
        return handle;
    }

    /**
     * The handle by which the file knows an object that came by a descriptor: the one that was exported or imported
     * before, else a new one.
     */
    public synchronized int createForImport(GemObject object) {
        Integer known = primeHandles.get(object);
        if (known != null) {
            return known;
        }
        int handle = create(object);
        primeHandles.put(object, handle);
        return handle;
    }

    /** A descriptor of a handle's object was made: importing it leads back to the handle. */
    public synchronized void exported(int handle, GemObject object) {
        if (object.equals(objects.find(handle))) {
            primeHandles.putIfAbsent(object, handle);
        }
    }

    /**
     * The object of a handle.
     *
     * @return it, with a reference for the caller to close
     * @throws DrmException with ENOENT if there is no such handle
     */
    public synchronized GemObject lookup(int handle) {
        GemObject object = objects.find(handle);
        if (object == null) {
            throw new DrmException(Errno.ENOENT, "No such handle: handle=" + Integer.toUnsignedString(handle));
        }
        return object.retain();
    }

    /**
     * As {@link #lookup(int)}, of a driver's own class.
     *
     * @throws DrmException with ENOENT if there is no such handle; with EINVAL if it is of another class
     */
    public <T extends GemObject> T lookup(int handle, Class<T> type) {
        GemObject object = lookup(handle);
        if (!type.isInstance(object)) {
            object.close();
            throw new DrmException(Errno.EINVAL, "Object is of another kind: handle=" + handle);
        }
        return type.cast(object);
    }

    /**
     * Takes a handle away.
     *
     * @throws DrmException with EINVAL if there is no such handle
     */
    public void remove(int handle) {
        GemObject object;
        boolean isLast;
        synchronized (this) {
            object = objects.remove(handle);
            if (object == null) {
                throw new DrmException(Errno.EINVAL, "No such handle: handle=" + Integer.toUnsignedString(handle));
            }
            handlesPerObject.computeIfPresent(object, (_, count) -> count == 1 ? null : count - 1);
            isLast = !handlesPerObject.containsKey(object);
            boolean _ = primeHandles.remove(object, handle);
        }
        if (isLast) {
            lastClosed.accept(object);
        }
        object.handleGone();
        object.close();
    }

    /** Whether the file has a handle of an object, and so may map it. */
    public synchronized boolean has(GemObject object) {
        return handlesPerObject.containsKey(object);
    }

    /** How many handles there are. */
    public synchronized int count() {
        return objects.count();
    }

    /** Takes all away. Idempotent. */
    public void close() {
        Map<Integer, GemObject> left;
        synchronized (this) {
            closed = true;
            left = objects.drain();
            handlesPerObject.clear();
            primeHandles.clear();
        }
        left.values().forEach(object -> {
            object.handleGone();
            object.close();
        });
    }
}
