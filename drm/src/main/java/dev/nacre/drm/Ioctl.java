package dev.nacre.drm;

import java.util.Objects;
import java.util.Set;

/**
 * Describes an ioctl.
 *
 * @param nr its number, 0 to 255
 * @param name as in the headers, such as {@code DRM_IOCTL_VERSION}
 * @param argBytes size of its argument as the driver knows it; clients may pass less or more. 0 without one
 * @param direction where the argument goes
 * @param access who may call it
 * @param handler runs it
 */
public record Ioctl(int nr, String name, int argBytes, Direction direction, Set<Access> access, Handler handler) {
    // HW: _IOC_SIZEBITS of <asm-generic/ioctl.h>
    private static final int MOST_ARG_BYTES = (1 << 14) - 1;

    /** Where an argument goes. HW: _IOC_DIR of {@code asm-generic/ioctl.h}. */
    public enum Direction {
        /** Nowhere: {@code DRM_IO}. */
        NONE(0),
        /** To the driver: {@code DRM_IOW}. */
        IN(1),
        /** To the client: {@code DRM_IOR}. */
        OUT(2),
        /** Both ways: {@code DRM_IOWR}. */
        IN_OUT(3);

        private final int bits;

        Direction(int bits) {
            this.bits = bits;
        }

        int bits() {
            return bits;
        }
    }

    /** Runs an ioctl. */
    @FunctionalInterface
    public interface Handler {
        /**
         * Runs it, on the thread of the client's connection. Waits are bounded by what the client asked for, and end when
         * the thread is interrupted, which happens when the file closes.
         *
         * @throws DrmException for the client to see -1 and an errno; the argument goes back to it all the same. A
         *     {@link dev.nacre.core.CoreException} ends so too
         * @throws InterruptedException if the file closes
         */
        void call(IoctlCall call) throws InterruptedException;
    }

    /** Checks it. */
    public Ioctl {
        Objects.checkIndex(nr, 256);
        Objects.checkIndex(argBytes, MOST_ARG_BYTES + 1);
        access = Set.copyOf(access);
    }

    /** An ioctl whose argument goes both ways. */
    public Ioctl(int nr, String name, int argBytes, Set<Access> access, Handler handler) {
        this(nr, name, argBytes, Direction.IN_OUT, access, handler);
    }
}
