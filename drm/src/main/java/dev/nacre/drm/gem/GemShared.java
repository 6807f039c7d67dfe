package dev.nacre.drm.gem;

import dev.nacre.drm.DrmException;
import dev.nacre.drm.IdTable;
import dev.nacre.drm.LentFiles;
import dev.nacre.linux.Errno;
import dev.nacre.linux.Fd;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;

/** By what the files of a device find graphics memory: offsets for mmap, names, descriptors. Any thread may call. */
public final class GemShared {
    // HW: drm_vma_manager.h: DRM_FILE_PAGE_OFFSET_START, the first page beyond 32 bits of bytes
    private static final long FIRST_OFFSET = 1L << 32;

    private static final int MOST_NAMES = 1 << 16;
    private static final int MOST_EXPORTS = 1 << 16;

    private final LentFiles<GemObject> exports =
            new LentFiles<>(MOST_EXPORTS, object -> object.memory().file().orElseThrow(), GemObject::close);

    // Guarded by this.
    private final IdentityHashMap<GemObject, Long> offsets = new IdentityHashMap<>();
    private final Map<Long, GemObject> byOffset = new HashMap<>();
    private final IdentityHashMap<GemObject, Integer> names = new IdentityHashMap<>();
    private final IdTable<GemObject> byName = new IdTable<>(MOST_NAMES);
    private long nextOffset = FIRST_OFFSET;

    /** Nothing is shared yet. */
    public GemShared() {}

    /**
     * What a client passes to mmap(2) on a file of the device. It never changes.
     *
     * @param object has a reference of the caller's
     * @throws DrmException with EINVAL if clients cannot map it
     */
    public synchronized long mmapOffset(GemObject object) {
        if (!object.isMappable()) {
            throw new DrmException(Errno.EINVAL, "The object cannot be mapped");
        }
        Long known = offsets.get(object);
        if (known != null) {
            return known;
        }
        long offset = nextOffset;
        nextOffset += object.bytes();
        object.setShared(this);
        offsets.put(object, offset);
        byOffset.put(offset, object);
        return offset;
    }

    /**
     * The object that a client maps.
     *
     * @param bytes how much of it
     * @return it, with a reference for the caller to close
     * @throws DrmException with EINVAL if no object begins there, or it is smaller; with EACCES if the file has no handle
     *     of it
     */
    public synchronized GemObject atMmapOffset(GemHandles handles, long offset, long bytes) {
        GemObject object = byOffset.get(offset);
        if (object == null || bytes <= 0 || bytes > object.bytes() || !object.tryRetain()) {
            throw new DrmException(Errno.EINVAL, "No object there: offset=0x" + Long.toHexString(offset));
        }
        if (!handles.has(object)) {
            object.close();
            throw new DrmException(Errno.EACCES, "The file has no handle: offset=0x" + Long.toHexString(offset));
        }
        return object;
    }

    /**
     * A name by which authenticated files open it: DRM_IOCTL_GEM_FLINK. It lasts as long as any file has a handle.
     *
     * @param object has a reference of the caller's
     * @throws DrmException with ENOENT if it has no handle any more
     */
    public synchronized int name(GemObject object) {
        Integer known = names.get(object);
        if (known != null) {
            return known;
        }
        object.setShared(this);
        if (!object.hasHandles()) {
            throw new DrmException(Errno.ENOENT, "The object has no handle");
        }
        int name = byName.add(object);
        names.put(object, name);
        return name;
    }

    /**
     * The object with a name.
     *
     * @return it, with a reference for the caller to close
     * @throws DrmException with ENOENT if there is none
     */
    public synchronized GemObject named(int name) {
        GemObject object = byName.find(name);
        if (object == null || !object.tryRetain()) {
            throw new DrmException(Errno.ENOENT, "No such name: name=" + Integer.toUnsignedString(name));
        }
        return object;
    }

    /**
     * A descriptor by which other processes get it: DRM_IOCTL_PRIME_HANDLE_TO_FD. It keeps the object alive, and can be
     * mapped.
     *
     * @param object has a reference of the caller's
     * @param writable whether it can be mapped for writing
     * @throws DrmException with EPERM if it may not be shared; with EOPNOTSUPP if it has no file
     */
    public Fd export(GemObject object, boolean writable) {
        if (!object.isShareable()) {
            throw new DrmException(Errno.EPERM, "The object may not be shared");
        }
        if (!object.isMappable()) {
            throw new DrmException(Errno.EOPNOTSUPP, "The object has no file");
        }
        return exports.lend(object, writable, object::retain);
    }

    /**
     * The object that a client's descriptor stands for.
     *
     * @return it, with a reference for the caller to close
     * @throws DrmException with EINVAL if it stands for none of this device
     */
    public GemObject imported(Fd given) {
        GemObject object = exports.find(given);
        if (object == null || !object.tryRetain()) {
            throw new DrmException(Errno.EINVAL, "Not a descriptor of this device's memory");
        }
        return object;
    }

    /** Whether a client's descriptor stands for an object of this device. */
    public boolean has(Fd given) {
        return exports.find(given) != null;
    }

    /** How many objects live by descriptors. */
    public int exportCount() {
        return exports.count();
    }

    /** Looks whose descriptors have gone. */
    public void sweep() {
        exports.sweep();
    }

    /** The device has gone: descriptors stand for nothing any more. */
    public void close() {
        exports.close();
    }

    synchronized void freed(GemObject object) {
        Long offset = offsets.remove(object);
        if (offset != null) {
            byOffset.remove(offset);
        }
    }

    synchronized void lastHandleGone(GemObject object) {
        Integer name = names.get(object);
        if (name != null && !object.hasHandles()) {
            names.remove(object);
            boolean _ = byName.remove(name) != null;
        }
    }
}
