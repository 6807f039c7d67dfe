package dev.nacre.board.mmu;

import dev.nacre.board.fb.Vram;
import dev.nacre.pci.GuestMemory;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * The memory that the board reaches, by physical address: its own and the host's. Addresses in the board's own memory
 * are checked by who makes an {@link Extent}; those of the host's memory here. Any thread; allocates nothing.
 */
public final class PhysicalMemory {
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final MemorySegment ZEROS =
            MemorySegment.ofArray(new byte[64 << 10]).asReadOnly();

    private final Vram vram;
    private final MemorySegment video;
    private final GuestMemory guest;

    /** Joins the two. */
    public PhysicalMemory(Vram vram, GuestMemory guest) {
        this.vram = vram;
        this.video = vram.segment();
        this.guest = guest;
    }

    /** Size of video memory in bytes. */
    public long videoBytes() {
        return vram.sizeBytes();
    }

    /** Whether a range of video memory exists. */
    public boolean containsVideo(long address, long length) {
        return vram.contains(address, length);
    }

    /** Reads 32 bits. @throws dev.nacre.pci.DmaFault if they cannot be reached */
    public int readInt(boolean system, long address) {
        return system ? guest.readInt(address) : video.get(INT, address);
    }

    /** Reads 64 bits. @throws dev.nacre.pci.DmaFault if they cannot be reached */
    public long readLong(boolean system, long address) {
        return system ? guest.readLong(address) : video.get(LONG, address);
    }

    /** Writes 32 bits. @throws dev.nacre.pci.DmaFault if they cannot be reached */
    public void writeInt(boolean system, long address, int value) {
        if (system) {
            guest.writeInt(address, value);
        } else {
            video.set(INT, address, value);
        }
    }

    /** Writes 64 bits. @throws dev.nacre.pci.DmaFault if they cannot be reached */
    public void writeLong(boolean system, long address, long value) {
        if (system) {
            guest.writeLong(address, value);
        } else {
            video.set(LONG, address, value);
        }
    }

    /** Copies out of it. @throws dev.nacre.pci.DmaFault if a byte cannot be reached */
    public void read(boolean system, long address, MemorySegment dst, long dstOffset, long count) {
        if (system) {
            guest.read(address, dst, dstOffset, count);
        } else {
            move(video, address, dst, dstOffset, count);
        }
    }

    /** Copies into it. @throws dev.nacre.pci.DmaFault if a byte cannot be reached */
    public void write(boolean system, long address, MemorySegment src, long srcOffset, long count) {
        if (system) {
            guest.write(address, src, srcOffset, count);
        } else {
            move(src, srcOffset, video, address, count);
        }
    }

    /** Makes it zero. @throws dev.nacre.pci.DmaFault if a byte cannot be reached */
    public void clear(boolean system, long address, long count) {
        if (!system) {
            vram.clear(address, count);
            return;
        }
        for (long done = 0; done < count; ) {
            long piece = Math.min(count - done, ZEROS.byteSize());
            guest.write(address + done, ZEROS, 0, piece);
            done += piece;
        }
    }

    /**
     * Copies upwards within it, byte by byte as it seems: where the destination begins inside the source, what was
     * already copied is copied again.
     *
     * @throws dev.nacre.pci.DmaFault if a byte cannot be reached
     */
    public void copy(Extent src, Extent dst, long count) {
        long distance = dst.address() - src.address();
        if (src.isSystem() != dst.isSystem() || distance <= 0 || distance >= count) {
            copyApart(src, 0, dst, 0, count);
            return;
        }
        // What lies from the source's start on repeats with the period of the distance, so each piece may be as long as
        // all that was copied before it, and the distance.
        for (long done = 0; done < count; ) {
            long piece = Math.min(count - done, done - done % distance + distance);
            copyApart(src, done % distance, dst, done, piece);
            done += piece;
        }
    }

    private void copyApart(Extent src, long srcOffset, Extent dst, long dstOffset, long count) {
        long from = src.address() + srcOffset;
        long to = dst.address() + dstOffset;
        if (src.isSystem()) {
            if (dst.isSystem()) {
                guest.copy(from, to, count);
            } else {
                guest.read(from, video, to, count);
            }
        } else if (dst.isSystem()) {
            guest.write(to, video, from, count);
        } else {
            move(video, from, video, to, count);
        }
    }

    /** Moves bytes; those of a CPU's access or of a GOB's line, of which there are millions, without a bulk copy. */
    private static void move(MemorySegment src, long from, MemorySegment dst, long to, long count) {
        if (count == 1) {
            dst.set(ValueLayout.JAVA_BYTE, to, src.get(ValueLayout.JAVA_BYTE, from));
        } else if (count == 4) {
            dst.set(INT, to, src.get(INT, from));
        } else if (count == 8) {
            dst.set(LONG, to, src.get(LONG, from));
        } else if (count == 16) {
            long low = src.get(LONG, from);
            long high = src.get(LONG, from + 8);
            dst.set(LONG, to, low);
            dst.set(LONG, to + 8, high);
        } else if (count == 2) {
            dst.set(SHORT, to, src.get(SHORT, from));
        } else {
            MemorySegment.copy(src, from, dst, to, count);
        }
    }
}
