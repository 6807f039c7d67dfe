package dev.nacre.pci;

import dev.nacre.linux.Fd;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/**
 * How a host can map a region, or parts of it, instead of asking for every access. What is mapped is memory: the function
 * does not see accesses to it, and must hold the same bytes when it is asked by {@link PciFunction#read}.
 *
 * <p>The pages of an MSI-X table or of its pending bits should not be in any area.
 *
 * <p>It has a price. As soon as one region of a function can be mapped, QEMU no longer posts writes to any of its regions,
 * because a posted write could be overtaken by an access to mapped memory: each register write then costs a full round
 * trip through the socket (16 to 23 us for a guest, instead of 4). A function whose registers are written more often than
 * its memory is touched is faster without.
 *
 * @param fd the file, such as a memory file of fixed size; stays the function's, and must be open as long as the function
 *     is served
 * @param offset of the region's first byte in the file, a multiple of {@link #PAGE_BYTES}
 * @param areas the parts that can be mapped, in order of their offsets; empty if the whole region can be
 */
public record RegionMapping(Fd fd, long offset, List<Area> areas) {
    /** Areas and the offset are multiples of this. HW: the x86 page, by which vfio-user clients map. */
    public static final long PAGE_BYTES = 4096;

    /**
     * A part of a region.
     *
     * @param offset of its first byte in the region
     * @param size bytes
     */
    public record Area(long offset, long size) {
        /**
         * Checks the numbers.
         *
         * @throws IllegalArgumentException if one of them is no multiple of a page, the offset is below 0, or there is
         *     nothing between the start and the end
         */
        public Area {
            if (offset < 0 || size <= 0 || offset > Long.MAX_VALUE - size || (offset | size) % PAGE_BYTES != 0) {
                throw new IllegalArgumentException("Not an area of pages: " + text(offset, size));
            }
        }

        /** The first byte behind it. */
        public long end() {
            return offset + size;
        }
    }

    /**
     * Checks the mapping as far as that can be done without its region.
     *
     * @throws IllegalArgumentException if the offset is below 0 or no multiple of a page, or areas overlap
     */
    public RegionMapping {
        Objects.requireNonNull(fd, "Areas need a file");
        if (offset < 0 || offset % PAGE_BYTES != 0) {
            throw new IllegalArgumentException("Offset in the file is no multiple of a page: " + offset);
        }
        List<Area> sorted = new ArrayList<>(areas);
        sorted.sort(Comparator.comparingLong(Area::offset));
        for (int i = 1; i < sorted.size(); i++) {
            Area below = sorted.get(i - 1);
            Area area = sorted.get(i);
            if (below.end() > area.offset) {
                throw new IllegalArgumentException(
                        "Areas overlap: " + text(below.offset, below.size) + " and " + text(area.offset, area.size));
            }
        }
        areas = List.copyOf(sorted);
    }

    /**
     * The areas of a region of this size: one that covers it if none were named.
     *
     * @param regionSize bytes
     * @throws IllegalArgumentException if an area goes beyond the region, or no area was named and the region does not
     *     consist of whole pages
     */
    public List<Area> areasOf(long regionSize) {
        List<Area> all = areas.isEmpty() ? List.of(new Area(0, regionSize)) : areas;
        Area last = all.getLast();
        if (last.end() > regionSize || offset > Long.MAX_VALUE - last.end()) {
            throw new IllegalArgumentException("Area is beyond the region: " + text(last.offset, last.size)
                    + " region=0x" + Long.toHexString(regionSize));
        }
        return all;
    }

    private static String text(long offset, long size) {
        return "offset=0x" + Long.toHexString(offset) + " size=0x" + Long.toHexString(size);
    }
}
