package dev.nacre.drm;

import dev.nacre.linux.Errno;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Room for an event that a file's client is promised. Either sent or cancelled, once; what comes later does nothing. Any
 * thread may call.
 */
public final class EventReservation {
    // HW: struct drm_event of drm.h: type and length, 32 bits each
    private static final int HEADER_BYTES = 8;

    private final DrmFile file;
    private final int bytes;
    private final AtomicBoolean used = new AtomicBoolean();

    EventReservation(DrmFile file, int bytes) {
        if (bytes < HEADER_BYTES) {
            throw new DrmException(Errno.EINVAL, "Event is too short: bytes=" + bytes);
        }
        this.file = file;
        this.bytes = bytes;
    }

    /**
     * Sends the event. If the file has closed, or its client has not read very many, nobody sees it.
     *
     * @param event as long as was reserved
     */
    public void send(byte[] event) {
        if (event.length != bytes) {
            throw new IllegalArgumentException(
                    "Event of " + event.length + " bytes, where " + bytes + " were reserved");
        }
        if (used.compareAndSet(false, true)) {
            file.deliver(event);
        }
    }

    /** Gives the room back. */
    public void cancel() {
        if (used.compareAndSet(false, true)) {
            file.unreserve(bytes);
        }
    }
}
