package dev.nacre.pci;

import dev.nacre.linux.EventFd;
import org.jspecify.annotations.Nullable;

/**
 * A doorbell: a few bytes of a region for which a host can signal an eventfd instead of sending the write. The write
 * itself is then not seen. The function makes the eventfd, and waits for it on its own threads.
 *
 * @param offset of the first byte in the region
 * @param size bytes that a write must have: 1, 2, 4 or 8; 0 for any
 * @param event what is signalled, by more doorbells than one if need be; null if the host is to make do without. Stays
 *     the function's, and must be open as long as the function is served
 * @param flags {@link #DATAMATCH} and {@link #PIO}
 * @param datamatch the value that must be written; 0 without {@link #DATAMATCH}
 */
public record IoEventFd(long offset, int size, @Nullable EventFd event, int flags, long datamatch) {
    // HW: KVM_IOEVENTFD_FLAG_* of Linux include/uapi/linux/kvm.h
    /** Only a write of one certain value counts. */
    public static final int DATAMATCH = 1;
    /** The region is one of I/O ports. */
    public static final int PIO = 2;

    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if the offset is below 0, the size is none that a write can have, a flag is
     *     unknown, or there is a value without its flag or a flag without a size
     */
    public IoEventFd {
        boolean writable = size >= 0 && size <= Long.BYTES && Integer.bitCount(size) <= 1;
        if (offset < 0 || !writable) {
            throw new IllegalArgumentException("Not a doorbell: offset=" + offset + " size=" + size);
        }
        boolean matches = (flags & DATAMATCH) != 0;
        if ((flags & ~(DATAMATCH | PIO)) != 0 || (matches ? size == 0 : datamatch != 0)) {
            throw new IllegalArgumentException("Flags do not fit: flags=0x" + Integer.toHexString(flags) + " size="
                    + size + " value=" + datamatch);
        }
    }

    /**
     * A doorbell that any write of this size rings.
     *
     * @param offset of the first byte in the region
     * @param size bytes that a write must have
     * @param event what is signalled
     */
    public static IoEventFd at(long offset, int size, EventFd event) {
        return new IoEventFd(offset, size, event, 0, 0);
    }

    /**
     * A doorbell that only one value rings.
     *
     * @param offset of the first byte in the region
     * @param size bytes that a write must have
     * @param event what is signalled
     * @param datamatch the value
     */
    public static IoEventFd matching(long offset, int size, EventFd event, long datamatch) {
        return new IoEventFd(offset, size, event, DATAMATCH, datamatch);
    }
}
