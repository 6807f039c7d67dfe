package dev.nacre.testsupport.driver;

import dev.nacre.linux.EventFd;
import dev.nacre.linux.Fd;
import java.lang.foreign.MemorySegment;

/** A PCI function as a driver reaches it, whatever lies between. Used by one thread. */
public interface GpuTransport extends AutoCloseable {
    /** How the function is reached, for messages. */
    String name();

    /**
     * Size of a region.
     *
     * @param region 0-5 BARs, 6 ROM, 7 config space
     * @return bytes; 0 if there is no such region
     */
    long regionSizeBytes(int region);

    /** Reads {@code count} bytes of any alignment; the answer is there when this returns. */
    void read(int region, long offset, MemorySegment dst, long dstOffset, int count);

    /** Writes {@code count} bytes of any alignment. Writes to memory BARs may be posted; order is kept. */
    void write(int region, long offset, MemorySegment src, long srcOffset, int count);

    /**
     * Lets the function reach memory.
     *
     * @param iova its first I/O virtual address
     * @param file the file that holds it
     * @param fileOffset where in the file it starts
     * @param memory the same bytes, mapped; as long as the mapping stands
     */
    void mapMemory(long iova, Fd file, long fileOffset, MemorySegment memory);

    /** Takes away what one {@link #mapMemory} gave; the function no longer touches it when this returns. */
    void unmapMemory(long iova, long sizeBytes);

    /**
     * Delivers the function's message interrupts to an eventfd, which stays the caller's and must outlive the binding.
     */
    void bindMessages(EventFd event);

    /** Ends {@link #bindMessages}. */
    void unbindMessages();

    /** Resets the function as the platform does. */
    void reset();

    /** Lets go of the function, without a word to it: as a process that is killed. Idempotent. */
    @Override
    void close();
}
