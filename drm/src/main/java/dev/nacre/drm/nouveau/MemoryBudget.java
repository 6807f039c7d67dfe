package dev.nacre.drm.nouveau;

import dev.nacre.core.BoardInfo;
import dev.nacre.drm.DrmException;
import dev.nacre.linux.Errno;

/** How much of a board's memory, and of the host's for it, clients have. Any thread. */
final class MemoryBudget {
    // GUEST: each is a descriptor and a mapping of this process, of which the system has some ten thousands
    private static final int MOST_FILES = 8192;

    private final long vramBytes;
    private final long gartBytes;
    private final long reservedBytes;

    // Guarded by this.
    private long vramUsed;
    private long gartUsed;
    private int files;

    MemoryBudget(BoardInfo board) {
        vramBytes =
                board.fbRegions().stream().mapToLong(BoardInfo.FbRegion::bytes).sum();
        reservedBytes = board.fbBytes() - vramBytes;
        // As much again of the host's: clients that do not know better take all that they are told of.
        gartBytes = vramBytes;
    }

    /** Memory of the board's that clients can have. */
    long vramBytes() {
        return vramBytes;
    }

    /** Memory of the host's that clients can have. */
    long gartBytes() {
        return gartBytes;
    }

    /** What is taken of the board's memory, with what the firmware has. */
    synchronized long vramUsedBytes() {
        return reservedBytes + vramUsed;
    }

    /**
     * Takes memory.
     *
     * @param vram whether it counts as the board's, else as the host's
     * @param isFile whether it is a file of the host's
     * @throws DrmException with ENOMEM if there is not as much
     */
    synchronized Share take(boolean vram, boolean isFile, long bytes) {
        if (bytes > (vram ? vramBytes - vramUsed : gartBytes - gartUsed) || (isFile && files >= MOST_FILES)) {
            throw new DrmException(Errno.ENOMEM, "Not as much memory is left: bytes=" + bytes + " files=" + files);
        }
        change(vram, isFile ? 1 : 0, bytes);
        return () -> give(vram, isFile, bytes);
    }

    private synchronized void give(boolean vram, boolean isFile, long bytes) {
        change(vram, isFile ? -1 : 0, -bytes);
    }

    private void change(boolean vram, int fileCount, long bytes) {
        files += fileCount;
        if (vram) {
            vramUsed += bytes;
        } else {
            gartUsed += bytes;
        }
    }

    /** What somebody has taken. */
    @FunctionalInterface
    interface Share extends AutoCloseable {
        /** Gives it back: once. */
        @Override
        void close();
    }
}
