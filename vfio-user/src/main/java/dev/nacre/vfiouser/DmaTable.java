package dev.nacre.vfiouser;

import dev.nacre.linux.Errno;
import dev.nacre.linux.Fd;
import dev.nacre.linux.FileStat;
import dev.nacre.linux.NativeException;
import dev.nacre.pci.GuestMemory;
import dev.nacre.vfiouser.SharedFiles.SharedFile;
import dev.nacre.vfiouser.wire.DmaMap;
import dev.nacre.vfiouser.wire.Limits;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The ranges that the client has mapped, and the one who feeds them to the function's {@link GuestMemory}. Ranges that
 * come without a file (ROMs, other devices' BARs, memory that is not shared) are kept, but the function cannot reach
 * them, unless {@link #useMessages} was called. One thread.
 */
final class DmaTable {
    /**
     * A mapped range.
     *
     * @param request the request that made it
     * @param file the file that backs it; null if none came
     * @param stat what that file was
     * @param remote by which the client is asked for its bytes; null if it is not
     */
    private record Range(
            DmaMap request,
            @Nullable SharedFile file,
            @Nullable FileStat stat,
            DmaMessages.@Nullable Range remote) {
        long last() {
            return request.iova() + request.size() - 1;
        }

        boolean isMadeBy(DmaMap other, @Nullable FileStat otherStat) {
            boolean sameFile = stat == null ? otherStat == null : otherStat != null && stat.isSameFile(otherStat);
            return sameFile
                    && request.iova() == other.iova()
                    && request.size() == other.size()
                    && request.offset() == other.offset()
                    && request.flags() == other.flags();
        }
    }

    private final GuestMemory memory;
    private final SharedFiles files = new SharedFiles();
    private final TreeMap<Long, Range> ranges = new TreeMap<>(Long::compareUnsigned);
    private @Nullable DmaMessages messages;

    DmaTable(GuestMemory memory) {
        this.memory = memory;
    }

    /** Reaches ranges that come without a file by messages from now on. */
    void useMessages(DmaMessages byMessages) {
        messages = byMessages;
    }

    /** Whether ranges without a file can be reached. */
    boolean usesMessages() {
        return messages != null;
    }

    /** Number of ranges. */
    int size() {
        return ranges.size();
    }

    /** Number of files that back ranges. */
    int fileCount() {
        return files.count();
    }

    /**
     * Maps a range. Mapping exactly the same twice is as good as once.
     *
     * @param request flags must be known ones
     * @param fd the file behind it, if any; stays the caller's
     * @return 0, or the errno for the client
     */
    int map(DmaMap request, @Nullable Fd fd) {
        if (Long.compareUnsigned(request.size(), SharedFiles.MAX_MAPPED_BYTES) > 0) {
            return Errno.ENOSPC.number();
        }
        long last = request.iova() + request.size() - 1;
        if (request.size() == 0 || Long.compareUnsigned(last, request.iova()) < 0) {
            return Errno.EINVAL.number();
        }
        try {
            FileStat stat = fd == null ? null : FileStat.of(fd);
            Range same = ranges.get(request.iova());
            if (same != null && same.isMadeBy(request, stat)) {
                return 0;
            }
            if (overlaps(request.iova(), last)) {
                return Errno.EEXIST.number();
            }
            if (ranges.size() >= Limits.MAX_DMA_RANGES) {
                return Errno.EINVAL.number();
            }
            ranges.put(request.iova(), fd == null ? mapRemote(request) : mapFile(request, fd, stat));
            return 0;
        } catch (NativeException e) {
            return e.errno();
        }
    }

    /**
     * Unmaps a range that one request mapped. When this returns, nothing uses it any more.
     *
     * @return 0, or ENOENT if no request mapped exactly this
     */
    int unmap(long iova, long size) {
        Range range = ranges.get(iova);
        if (range == null || range.request.size() != size) {
            return Errno.ENOENT.number();
        }
        ranges.remove(iova);
        if (range.file != null) {
            memory.unmap(iova, size);
            files.release(range.file);
        }
        if (range.remote != null) {
            memory.unmap(iova, size);
            range.remote.unmap();
        }
        return 0;
    }

    /**
     * Whether files back every byte of a range, which may span several that were mapped.
     *
     * @return 0; ENOENT if some of it is not mapped, EINVAL if some of it came without a file
     */
    int backing(long iova, long size) {
        long last = iova + size - 1;
        long at = iova;
        while (true) {
            Map.Entry<Long, Range> below = ranges.floorEntry(at);
            if (below == null || Long.compareUnsigned(below.getValue().last(), at) < 0) {
                return Errno.ENOENT.number();
            }
            if (below.getValue().file == null) {
                return Errno.EINVAL.number();
            }
            long end = below.getValue().last();
            if (Long.compareUnsigned(end, last) >= 0) {
                return 0;
            }
            at = end + 1;
        }
    }

    /** Unmaps everything. */
    void clear() {
        memory.clear();
        for (Range range : ranges.values()) {
            files.release(range.file);
            if (range.remote != null) {
                range.remote.unmap();
            }
        }
        ranges.clear();
    }

    private Range mapRemote(DmaMap request) {
        if (messages == null) {
            return new Range(request, null, null, null);
        }
        DmaMessages.Range remote = messages.map();
        boolean readable = (request.flags() & DmaMap.READABLE) != 0;
        boolean writable = (request.flags() & DmaMap.WRITABLE) != 0;
        memory.mapRemote(request.iova(), request.size(), remote, readable, writable);
        return new Range(request, null, null, remote);
    }

    private Range mapFile(DmaMap request, Fd fd, @Nullable FileStat stat) {
        boolean readable = (request.flags() & DmaMap.READABLE) != 0;
        boolean writable = (request.flags() & DmaMap.WRITABLE) != 0;
        SharedFile file = files.acquire(fd, request.offset(), request.size(), writable);
        try {
            memory.map(request.iova(), file.slice(request.offset(), request.size()), readable, writable);
            return new Range(request, file, stat, null);
        } catch (RuntimeException e) {
            files.release(file);
            throw e;
        }
    }

    private boolean overlaps(long first, long last) {
        Map.Entry<Long, Range> below = ranges.floorEntry(last);
        return below != null && Long.compareUnsigned(below.getValue().last(), first) >= 0;
    }
}
