package dev.nacre.vfiouser;

import dev.nacre.pci.PciFunction;
import dev.nacre.pci.Region;

/** A function's regions, asked once, since they never change; and what lies inside them. */
final class Regions {
    private final Region[] regions = new Region[PciFunction.REGIONS];

    Regions(PciFunction function) {
        for (int index = 0; index < regions.length; index++) {
            regions[index] = function.region(index);
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
