package dev.nacre.drm;

/** Where a client finds the number of a descriptor that it is given. */
public sealed interface NumberPlace {
    /**
     * In the ioctl's argument.
     *
     * @param offset in bytes
     */
    record InArg(int offset) implements NumberPlace {}

    /**
     * In the memory of the process.
     *
     * @param address where
     */
    record At(long address) implements NumberPlace {}
}
