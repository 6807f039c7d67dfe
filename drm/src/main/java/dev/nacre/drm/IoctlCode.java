package dev.nacre.drm;

/** The parts of an ioctl's number. HW: {@code asm-generic/ioctl.h}. */
public final class IoctlCode {
    private static final int BYTES_SHIFT = 16;
    private static final int BYTES_MASK = (1 << 14) - 1;
    private static final int DIRECTION_SHIFT = 30;

    private IoctlCode() {}

    static int nr(int command) {
        return command & 0xff;
    }

    /** How long the argument is that a command says it has; below 16 KiB. */
    public static int bytes(int command) {
        return command >>> BYTES_SHIFT & BYTES_MASK;
    }

    /** As {@link Ioctl.Direction#bits}. */
    static int direction(int command) {
        return command >>> DIRECTION_SHIFT;
    }
}
