package dev.nacre.vfiouser;

import dev.nacre.pci.PciFunction;
import dev.nacre.pci.Region;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** A function's regions, asked once, since they never change; and what lies inside them. */
final class Regions {
    private final Region[] regions = new Region[PciFunction.REGIONS];

    private final @Nullable MemorySegment[] memories = new MemorySegment[PciFunction.REGIONS];

    /**
     * Asks a function for its regions.
     *
     * @throws IllegalArgumentException if a region's plain memory is not a native segment of its size
     */
    Regions(PciFunction function) {
        for (int index = 0; index < regions.length; index++) {
            regions[index] = function.region(index);
            MemorySegment memory = function.plainMemory(index);
            if (memory != null && (!memory.isNative() || memory.byteSize() != regions[index].size())) {
                throw new IllegalArgumentException("Region " + index + " of " + regions[index].size()
                        + " bytes has no memory that fits: " + memory);
            }
            memories[index] = memory;
        }
    }

    /** Whether there can be such a region. */
    static boolean isIndex(int index) {
        return index >= 0 && index < PciFunction.REGIONS;
    }

    /** The region. */
    Region at(int index) {
        return regions[index];
    }

    /** The memory to read a region from; null if it is more than that, or cannot be read. */
    @Nullable
    MemorySegment readableMemory(int index) {
        return regions[index].readable() ? memories[index] : null;
    }

    /** The memory to write a region to; null if it is more than that, or is not to be written. */
    @Nullable
    MemorySegment writableMemory(int index) {
        MemorySegment memory = memories[index];
        return memory != null && regions[index].writable() && !memory.isReadOnly() ? memory : null;
    }

    /**
     * Whether an access lies inside a region.
     *
     * @param index any number
     * @param offset any number
     * @param count bytes, 0 or more
     */
    boolean contains(int index, long offset, long count) {
        if (!isIndex(index) || !regions[index].isPresent()) {
            return false;
        }
        long size = regions[index].size();
        return offset >= 0 && offset <= size && count <= size - offset;
    }
}
