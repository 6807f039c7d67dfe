package dev.nacre.drm;

import java.util.List;

/** The display of a device. Any thread may call. */
public interface Kms {
    /** What DRM_IOCTL_GET_CAP tells. */
    KmsInfo info();

    /**
     * The display's ioctls, of numbers 0x3a, 0x3b and 0xa0 to 0xdf; not those of dumb buffers and syncobjs. They never
     * change.
     */
    List<Ioctl> ioctls();

    /** A file is about to close: takes back what it has. No ioctl of it runs any more. Must not throw. */
    void close(DrmFile file);

    /** The last file of the device has closed. Must not throw. */
    void lastClose();
}
