package dev.nacre.drm.ioctl;

import dev.nacre.drm.DrmDevice;
import dev.nacre.drm.DrmException;
import dev.nacre.drm.Quotas;
import dev.nacre.drm.UserMemory;
import dev.nacre.linux.Errno;
import dev.nacre.linux.Fd;
import java.lang.foreign.MemorySegment;

/**
 * One call of an ioctl on a descriptor that is no file of a device, but stands for something of it. Belongs to the thread
 * that runs it, for as long as it runs.
 *
 * @param device what it stands for belongs to
 * @param given the descriptor that it was called on
 * @param arg the argument, aligned to 8
 * @param payer to whom it counts what the call makes
 * @param user memory and descriptors of the calling process
 */
public record DescriptorCall(DrmDevice device, Fd given, MemorySegment arg, Quotas payer, UserMemory user) {
    /** Runs it. */
    @FunctionalInterface
    public interface Handler {
        /**
         * Runs it.
         *
         * @throws DrmException for the client to see -1 and an errno
         * @throws InterruptedException if the client has gone
         */
        void call(DescriptorCall call) throws InterruptedException;
    }

    static void require(boolean fits) {
        if (!fits) {
            throw new DrmException(Errno.EINVAL);
        }
    }
}
