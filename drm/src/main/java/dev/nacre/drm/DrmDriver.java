package dev.nacre.drm;

import dev.nacre.drm.gem.GemObject;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A driver of one board. Any thread may call. */
public interface DrmDriver extends AutoCloseable {
    /** Who it is. */
    DriverInfo info();

    /** What it can do. It never changes. */
    Set<DriverFeature> features();

    /** Its own ioctls, of numbers 0x40 to 0x9f. They never change. */
    List<Ioctl> ioctls();

    /**
     * A client opened a file.
     *
     * @return what the driver keeps of it; closed with the file
     * @throws DrmException if it cannot be opened
     */
    DriverFile open(DrmFile file);

    /**
     * Makes a buffer that clients draw into with the processor and show. Asked only of drivers with
     * {@link DriverFeature#MODESET}.
     *
     * @param bytes a multiple of 4096, from 4096
     * @return it, mappable, with one reference, which is the caller's
     * @throws DrmException with ENOMEM or ENOSPC if there is no memory
     */
    GemObject createDumb(DrmFile file, long bytes);

    /** Of what the distance in bytes from line to line of a dumb buffer is a multiple. A power of two. */
    default int dumbPitchAlignBytes() {
        return 256;
    }

    /** The display; empty without {@link DriverFeature#MODESET}. */
    Optional<Kms> kms();

    /** Detaches from the board. All files have been closed. Idempotent. */
    @Override
    void close();
}
