package dev.nacre.vfiouser;

import dev.nacre.linux.Errno;
import dev.nacre.linux.Fd;
import dev.nacre.linux.FileStat;
import dev.nacre.linux.Mapping;
import dev.nacre.linux.NativeException;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The client's files, each mapped whole and once however many ranges lie in it: a guest's firmware maps and unmaps the
 * same memory dozens of times, and slices cost no system call. A file is unmapped when its last range goes.
 */
final class SharedFiles {
    /**
     * Most bytes that one client can have mapped, and so of one range: it bounds the address space that he takes from
     * us. HW: libvfio-user's MAX_DMA_SIZE.
     */
    static final long MAX_MAPPED_BYTES = 8L << 40;

    /**
     * Names a file, and how it is open.
     *
     * @param device with inode it names the file
     * @param inode with device it names the file
     * @param writable whether it is open for writing
     */
    private record Key(long device, long inode, boolean writable) {}

    /** A mapped file and how many ranges use it. */
    static final class SharedFile {
        private final Key key;
        private final Mapping mapping;
        private int users;

        private SharedFile(Key key, Mapping mapping) {
            this.key = key;
            this.mapping = mapping;
        }

        private long size() {
            return mapping.segment().byteSize();
        }

        /** A part of the file. */
        MemorySegment slice(long offset, long size) {
            return mapping.segment().asSlice(offset, size);
        }
    }

    private final Map<Key, SharedFile> newest = new HashMap<>();
    private long mappedBytes;

    /** Number of files that are mapped for new ranges. */
    int count() {
        return newest.size();
    }

    /**
     * Finds or makes the mapping of a file, and counts a user of it.
     *
     * @param fd the file; no longer needed when this returns
     * @param offset of the range in the file
     * @param size of the range, 1 or more
     * @param writable whether the range is to be written
     * @throws NativeException with the errno for the client, if the file does not hold the range or cannot be mapped
     */
    SharedFile acquire(Fd fd, long offset, long size, boolean writable) {
        FileStat stat = FileStat.of(fd);
        // GUEST: touching a mapping beyond its file's end would be a SIGBUS, so its size is asked each time.
        if (!stat.isRegular() || offset < 0 || size > stat.sizeBytes() || offset > stat.sizeBytes() - size) {
            throw refused(Errno.EINVAL, stat, offset, size);
        }
        boolean readWrite = fd.isReadWrite();
        if (writable && !readWrite) {
            throw refused(Errno.EACCES, stat, offset, size);
        }
        Key key = new Key(stat.device(), stat.inode(), readWrite);
        SharedFile file = newest.get(key);
        if (file == null || offset + size > file.size()) {
            if (stat.sizeBytes() > MAX_MAPPED_BYTES - mappedBytes) {
                throw refused(Errno.ENOSPC, stat, offset, size);
            }
            Mapping.Access access = readWrite ? Mapping.Access.READ_WRITE : Mapping.Access.READ;
            file = new SharedFile(key, Mapping.map(fd, 0, stat.sizeBytes(), access));
            mappedBytes += file.size();
            newest.put(key, file);
        }
        file.users++;
        return file;
    }

    /** Gives a use back. */
    void release(@Nullable SharedFile file) {
        if (file == null || --file.users > 0) {
            return;
        }
        newest.remove(file.key, file);
        mappedBytes -= file.size();
        file.mapping.close();
    }

    private static NativeException refused(Errno errno, FileStat stat, long offset, long size) {
        return new NativeException(
                "DMA_MAP", errno.number(), "offset=" + offset + ", size=" + size + ", file=" + stat.sizeBytes());
    }
}
