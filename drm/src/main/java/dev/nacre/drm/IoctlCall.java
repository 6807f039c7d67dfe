package dev.nacre.drm;

import java.lang.foreign.MemorySegment;

/** One call of an ioctl. Belongs to the thread that runs it, for as long as it runs. */
public interface IoctlCall {
    /** The file that it was called on. */
    DrmFile file();

    /**
     * The argument, aligned to 8: {@link Ioctl#argBytes} long, or longer if the client passed more. What the client did
     * not pass is zero.
     */
    MemorySegment arg();

    /** Who calls. Not always who opened the file: descriptors are inherited and passed on. */
    Credentials caller();

    /** Memory and descriptors of the calling process. */
    UserMemory user();
}
