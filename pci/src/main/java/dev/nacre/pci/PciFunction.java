package dev.nacre.pci;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One PCI function as its host sees it: regions, interrupts, a view of the host's memory, and a reset.
 *
 * <p>A device model implements it; a transport (the vfio-user server, a bus) drives it. One transport at a time: calls
 * to {@link #read}, {@link #write}, {@link #reset} and {@link #disconnected} come from one thread and never overlap.
 * They must return within a millisecond; longer work belongs on the device's own threads.
 *
 * <p>Nothing here throws for what a guest does: a read that no one answers gives all-ones, a write that no one takes is
 * dropped. An exception is a defect of the model; the transport answers as for a missing device and counts it.
 */
public interface PciFunction {
    /** Regions of a PCI function: BARs 0-5, the expansion ROM, config space, legacy VGA. */
    int REGIONS = 9;

    /** Index of the expansion ROM's region. */
    int ROM_REGION = 6;

    /** Index of the configuration space's region. */
    int CONFIG_REGION = 7;

    /**
     * Describes a region; constant for the life of the function.
     *
     * @param index 0 to {@link #REGIONS} - 1
     * @return the region, {@link Region#ABSENT} where there is none
     */
    Region region(int index);

    /**
     * The memory of a region that is nothing but memory, if the function has it in one piece: a transport may then read and
     * write it, as far as the {@link Region} permits, without asking the function. Constant for the life of the function.
     *
     * <p>A large write arrives piece by piece, like those of a host that has mapped the memory: a device that looks
     * meanwhile sees some of it, and if the client leaves in the middle of one, the rest never comes.
     *
     * @param index 0 to {@link #REGIONS} - 1
     * @return a native segment as large as the region, that any thread can use and whose memory is not freed before the
     *     transport has ended; it holds what {@link #read} would give at any moment, it is all that {@link #write} changes,
     *     and neither has a side effect. A read-only view keeps writes with {@link #write}. Null if there is none
     */
    default @Nullable MemorySegment plainMemory(int index) {
        return null;
    }

    /**
     * Reads from a region.
     *
     * @param region an index for which {@link #region} is present
     * @param offset bytes from the region's start; {@code offset + count} lies inside the region
     * @param dst receives the bytes
     * @param dstOffset bytes from the start of {@code dst}, of any alignment
     * @param count bytes, 0 or more, of any alignment
     */
    void read(int region, long offset, MemorySegment dst, long dstOffset, int count);

    /**
     * Writes to a region.
     *
     * @param region an index for which {@link #region} is present
     * @param offset bytes from the region's start; {@code offset + count} lies inside the region
     * @param src holds the bytes
     * @param srcOffset bytes from the start of {@code src}, of any alignment
     * @param count bytes, 0 or more, of any alignment
     */
    void write(int region, long offset, MemorySegment src, long srcOffset, int count);

    /** The interrupts of this function; the transport binds them, the model raises them. */
    Interrupts interrupts();

    /** The host's memory as this function may reach it; the transport maps, the model copies. */
    GuestMemory memory();

    /** Resets the function as the platform does (VFIO's device reset). */
    void reset();

    /** The virtual functions that this one has been told to have, by its SR-IOV capability; none if it has not. */
    default List<PciFunction> virtualFunctions() {
        return List.of();
    }

    /** How the function's state moves to another one; empty if it cannot. Constant for the life of the function. */
    default Optional<Migratable> migration() {
        return Optional.empty();
    }

    /**
     * The transport's peer has gone, and with it the use for the function's state: memory is unmapped and interrupts are
     * unbound by the time this is called. Not called if the state is kept for the next peer.
     */
    void disconnected();
}
