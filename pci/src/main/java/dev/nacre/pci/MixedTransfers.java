package dev.nacre.pci;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Transfers on a map some of whose ranges are {@link RemoteMemory}, range by range. The map is left before the remote side
 * is asked: it may take its time, and others may want to unmap meanwhile. What the remote side writes is its own to
 * log.
 */
final class MixedTransfers {
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** Longest piece on its way from one place of the host to another. */
    private static final long BUFFER_BYTES = 256 << 10;

    private final GuestMemory memory;

    MixedTransfers(GuestMemory memory) {
        this.memory = memory;
    }

    void read(long iova, MemorySegment dst, long dstOffset, long length) {
        for (long done = 0; done < length; ) {
            done += piece(iova + done, dst, dstOffset + done, length - done, false);
        }
    }

    void write(long iova, MemorySegment src, long srcOffset, long length) {
        for (long done = 0; done < length; ) {
            done += piece(iova + done, src, srcOffset + done, length - done, true);
        }
    }

    /** Copies through a buffer here. The far end's permission is looked at before anything is moved. */
    void copy(long srcIova, long dstIova, long length) {
        require(srcIova, length, false);
        require(dstIova, length, true);
        MemorySegment buffer = MemorySegment.ofArray(new byte[(int) Math.min(length, BUFFER_BYTES)]);
        for (long done = 0; done < length; done += buffer.byteSize()) {
            long count = Math.min(buffer.byteSize(), length - done);
            read(srcIova + done, buffer, 0, count);
            write(dstIova + done, buffer, 0, count);
        }
    }

    long get(long iova, int bytes) {
        MemorySegment scalar = MemorySegment.ofArray(new byte[Long.BYTES]);
        read(iova, scalar, 0, bytes);
        return scalar.get(LONG, 0);
    }

    void set(long iova, int bytes, long value) {
        MemorySegment scalar = MemorySegment.ofArray(new byte[Long.BYTES]);
        scalar.set(LONG, 0, value);
        write(iova, scalar, 0, bytes);
    }

    /**
     * Moves bytes up to the end of one range.
     *
     * @param length bytes that the rest of the transfer needs, all of which must be mapped for it
     * @return how many bytes were moved
     */
    private long piece(long iova, MemorySegment buffer, long offset, long length, boolean write) {
        @Nullable RemoteMemory remote;
        long count;
        GuestMap map = memory.enter(iova, length, write);
        try {
            map.require(iova, length, write);
            remote = map.remote(iova, length, write);
            count = map.part(iova, remote == null ? Math.min(length, GuestMemory.PIECE) : length, write);
            if (remote == null) {
                moveHere(map, iova, buffer, offset, count, write);
            }
        } catch (IllegalStateException | InternalError e) {
            throw GuestMemory.fault(map, e, iova, length, write);
        } finally {
            map.readers.exit();
        }
        if (remote != null) {
            move(remote, iova, buffer, offset, count, write);
        }
        memory.observe(write, iova, buffer, offset, count);
        return count;
    }

    private void require(long iova, long length, boolean write) {
        GuestMap map = memory.enter(iova, length, write);
        try {
            map.require(iova, length, write);
        } finally {
            map.readers.exit();
        }
    }

    private void moveHere(GuestMap map, long iova, MemorySegment buffer, long offset, long count, boolean write) {
        if (write) {
            try {
                map.write(iova, buffer, offset, count, count);
            } finally {
                memory.markDirty(iova, count);
            }
        } else {
            map.read(iova, buffer, offset, count, count);
        }
    }

    private static void move(
            RemoteMemory remote, long iova, MemorySegment buffer, long offset, long count, boolean write) {
        if (write) {
            remote.write(iova, buffer, offset, count);
        } else {
            remote.read(iova, buffer, offset, count);
        }
    }
}
