package dev.nacre.drm;

import dev.nacre.linux.Fd;
import java.lang.foreign.MemorySegment;

/** Memory and descriptors of the process that called an ioctl. For the duration of the call, on its thread. */
public interface UserMemory {
    /** Most bytes that one copy may have. */
    long MOST_BYTES = 64L << 20;

    /**
     * Reads memory of the process.
     *
     * @param address where in the process
     * @param dst filled
     * @throws DrmException with EFAULT if it cannot be read; with EINVAL if it is more than {@link #MOST_BYTES}; with
     *     ENODEV if the client has gone
     */
    void copyIn(long address, MemorySegment dst);

    /**
     * Writes memory of the process, at the latest when the call ends.
     *
     * @param address where in the process
     * @param src what, read before this returns
     * @throws DrmException with EFAULT if it is known by now that it cannot be written; with EINVAL if it is too much
     */
    void copyOut(long address, MemorySegment src);

    /**
     * Takes a duplicate of one of the process's descriptors.
     *
     * @param number as the process names it
     * @return its new owner
     * @throws DrmException with EBADF if there is none
     */
    Fd takeFd(int number);

    /**
     * Gives the process a descriptor, if the call succeeds.
     *
     * @param fd which; owned by the call from now on
     * @param cloexec whether a program that the process becomes does without it
     * @param where its number goes, 32 bits
     */
    void giveFd(Fd fd, boolean cloexec, NumberPlace where);
}
