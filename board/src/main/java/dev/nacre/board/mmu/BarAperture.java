package dev.nacre.board.mmu;

import dev.nacre.board.bus.Aperture;
import dev.nacre.pci.DmaFault;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicLong;

/**
 * BAR1 or BAR2: a window of virtual addresses, or of video memory as long as it has no page directory. What cannot be
 * reached reads as ones, swallows writes and is counted.
 */
final class BarAperture implements Aperture {
    /** No page directory: the window shows video memory. */
    static final long PHYSICAL = -1;

    private static final int SMALL_PAGE = 1 << Translation.SMALL_SHIFT;

    private final PhysicalMemory memory;
    private final VirtualSpace virtual;
    private final PhysicalSpace physical;
    private final Extent found = new Extent();
    private final AtomicLong faults = new AtomicLong();
    private volatile long pageDirectory = PHYSICAL;

    BarAperture(PhysicalMemory memory, VirtualSpace virtual) {
        this.memory = memory;
        this.virtual = virtual;
        this.physical = new PhysicalSpace(memory, false);
    }

    /** Sets the page directory, in video memory; or {@link #PHYSICAL}. Any thread. */
    void pageDirectory(long address) {
        pageDirectory = address;
    }

    long pageDirectory() {
        return pageDirectory;
    }

    /** Accesses, or pages of long ones, that reached nothing. */
    long faults() {
        return faults.get();
    }

    @Override
    public void read(long offset, MemorySegment dst, long dstOffset, int count) {
        Space space = space();
        for (int done = 0; done < count; ) {
            int left = count - done;
            int bytes = (int) space.locate(offset + done, left, Access.READ, found);
            if (bytes == 0) {
                bytes = skip(offset + done, left);
                dst.asSlice(dstOffset + done, bytes).fill((byte) 0xff);
            } else if (found.isSparse()) {
                dst.asSlice(dstOffset + done, bytes).fill((byte) 0);
            } else {
                read(dst, dstOffset + done, bytes);
            }
            done += bytes;
        }
    }

    @Override
    public void write(long offset, MemorySegment src, long srcOffset, int count) {
        Space space = space();
        for (int done = 0; done < count; ) {
            int left = count - done;
            int bytes = (int) space.locate(offset + done, left, Access.WRITE, found);
            if (bytes == 0) {
                bytes = skip(offset + done, left);
            } else if (!found.isSparse()) {
                write(src, srcOffset + done, bytes);
            }
            done += bytes;
        }
    }

    private void read(MemorySegment dst, long dstOffset, int bytes) {
        try {
            memory.read(found.isSystem(), found.address(), dst, dstOffset, bytes);
        } catch (DmaFault e) {
            faults.incrementAndGet();
            dst.asSlice(dstOffset, bytes).fill((byte) 0xff);
        }
    }

    private void write(MemorySegment src, long srcOffset, int bytes) {
        try {
            memory.write(found.isSystem(), found.address(), src, srcOffset, bytes);
        } catch (DmaFault e) {
            faults.incrementAndGet();
        }
    }

    private int skip(long address, int left) {
        faults.incrementAndGet();
        return (int) Math.min(left, SMALL_PAGE - (address & (SMALL_PAGE - 1)));
    }

    private Space space() {
        long root = pageDirectory;
        if (root == PHYSICAL) {
            return physical;
        }
        virtual.bind(root, false);
        return virtual;
    }
}
