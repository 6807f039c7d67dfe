package dev.nacre.drm.kms;

import dev.nacre.drm.DrmException;
import dev.nacre.drm.IdTable;
import dev.nacre.linux.Errno;
import org.jspecify.annotations.Nullable;

/** All mode objects of a device, by their numbers. Guarded by the display's lock. */
final class ObjectTable {
    /** Clients make frame buffers and blobs. */
    private static final int MOST = 1 << 14;

    private final IdTable<ModeObject> objects = new IdTable<>(MOST);

    <T extends ModeObject> T add(T object) {
        object.id(objects.add(object));
        return object;
    }

    void remove(ModeObject object) {
        ModeObject _ = objects.remove(object.id());
    }

    /** The object with a number, if it is of a kind; null otherwise. */
    <T extends ModeObject> @Nullable T find(int id, Class<T> type) {
        ModeObject object = objects.find(id);
        return type.isInstance(object) ? type.cast(object) : null;
    }

    /** @throws DrmException with ENOENT if there is none of that kind */
    <T extends ModeObject> T require(int id, Class<T> type) {
        T object = find(id, type);
        if (object == null) {
            throw new DrmException(Errno.ENOENT, "No such " + type.getSimpleName() + ": id=" + id);
        }
        return object;
    }
}
