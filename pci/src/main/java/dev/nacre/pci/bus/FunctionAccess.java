package dev.nacre.pci.bus;

import dev.nacre.linux.EventFd;
import dev.nacre.linux.Fd;
import dev.nacre.pci.InterruptKind;
import dev.nacre.pci.PciFunction;
import dev.nacre.pci.Region;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;

/**
 * A function as its driver reaches it: in this process ({@link LocalFunction}) or behind a socket. Any thread may call;
 * accesses happen one at a time, in the order of the calls of each thread.
 *
 * <p>Regions have the numbers of {@link PciFunction}. Numbers are little-endian. A function that has gone reads as all-ones
 * and drops writes, as hardware that was pulled out does; {@link #isGone} tells.
 */
public interface FunctionAccess extends AutoCloseable {
    /**
     * Describes a region.
     *
     * @param index 0 to {@link PciFunction#REGIONS} - 1
     */
    Region region(int index);

    /**
     * Reads from a region.
     *
     * @throws IndexOutOfBoundsException if the bytes do not lie in the region
     */
    void read(int region, long offset, MemorySegment dst, long dstOffset, int count);

    /**
     * Writes to a region. A later read of this thread, in any region, sees the write's effect.
     *
     * @throws IndexOutOfBoundsException if the bytes do not lie in the region
     */
    void write(int region, long offset, MemorySegment src, long srcOffset, int count);

    /** Reads 32 bits. @throws IndexOutOfBoundsException if they do not lie in the region */
    int readInt(int region, long offset);

    /** Writes 32 bits, as {@link #write} does. @throws IndexOutOfBoundsException if they do not lie in the region */
    void writeInt(int region, long offset, int value);

    /**
     * Lets the function reach memory by DMA.
     *
     * @param iova the first address for the function
     * @param file the memory, which stays the caller's
     * @param offset where in it
     * @param size bytes, 1 or more
     * @param writable whether the function may write
     * @throws IllegalArgumentException if the range is empty, wraps, or overlaps another
     */
    void mapDma(long iova, Fd file, long offset, long size, boolean writable);

    /**
     * Takes memory away again; when this returns, the function no longer uses it.
     *
     * @throws IllegalArgumentException if exactly this was not mapped
     */
    void unmapDma(long iova, long size);

    /** How many interrupts of a kind there are. */
    int interruptCount(InterruptKind kind);

    /**
     * Has interrupts signal eventfds from now on.
     *
     * @param first the first one
     * @param events one for each from there on; they stay the caller's
     * @throws IndexOutOfBoundsException if there are not as many
     */
    void bindInterrupts(InterruptKind kind, int first, List<EventFd> events);

    /** Has no interrupt of a kind signal anything any more. */
    void unbindInterrupts(InterruptKind kind);

    /** Resets the function as the platform does. */
    void reset();

    /** Whether the function has gone. */
    boolean isGone();

    /**
     * One of the virtual functions that the physical function has been told to have.
     *
     * @param index from 0
     * @return empty if it does not show, or if this way to functions does not carry any
     */
    default Optional<FunctionAccess> virtualFunction(int index) {
        return Optional.empty();
    }

    /**
     * The function itself, if it is in this process, for those who pass it on to a transport of another kind. Who takes it
     * drives the function by it alone from then on, on one thread, by the contract of {@link PciFunction}; of this object
     * only {@link #isGone} and {@link #close} are to be called then, after that transport has ended.
     */
    default Optional<PciFunction> local() {
        return Optional.empty();
    }

    /** Takes back all mappings and bindings, and lets the function go. */
    @Override
    void close();
}
