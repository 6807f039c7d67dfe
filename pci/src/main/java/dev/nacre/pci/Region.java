package dev.nacre.pci;

import dev.nacre.linux.FileStat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A region of a function.
 *
 * @param size bytes; 0 where there is no such region
 * @param readable whether reads are answered
 * @param writable whether writes are taken
 * @param mapping how a host can map it; null if it cannot. See {@link RegionMapping} for what that costs
 * @param doorbells parts for which a host can signal an eventfd instead of writing
 */
public record Region(
        long size,
        boolean readable,
        boolean writable,
        @Nullable RegionMapping mapping,
        List<IoEventFd> doorbells) {
    /** No such region. */
    public static final Region ABSENT = new Region(0, false, false);

    /**
     * Checks that what belongs to the region lies inside it.
     *
     * @throws IllegalArgumentException if the mapping or a doorbell goes beyond the region, or the mapping beyond its file
     */
    public Region {
        doorbells = List.copyOf(doorbells);
        for (IoEventFd bell : doorbells) {
            long least = Math.max(1, bell.size());
            if (bell.offset() > size - least) {
                throw new IllegalArgumentException("Doorbell is beyond the region: " + bell + " region=" + size);
            }
        }
        if (mapping != null) {
            long end = mapping.areasOf(size).getLast().end();
            FileStat file = FileStat.of(mapping.fd());
            // A host that touches a mapping beyond its file's end gets a SIGBUS.
            if (file.isRegular() && file.sizeBytes() - mapping.offset() < end) {
                throw new IllegalArgumentException("Mapping is beyond its file: offset=" + mapping.offset() + " end="
                        + end + " file=" + file.sizeBytes());
            }
        }
    }

    /**
     * A region that can only be asked, access by access.
     *
     * @param size bytes; 0 where there is no such region
     * @param readable whether reads are answered
     * @param writable whether writes are taken
     */
    public Region(long size, boolean readable, boolean writable) {
        this(size, readable, writable, null, List.of());
    }

    /**
     * A region for reading and writing.
     *
     * @param size bytes
     */
    public static Region readWrite(long size) {
        return new Region(size, true, true);
    }

    /**
     * A region for reading only.
     *
     * @param size bytes
     */
    public static Region readOnly(long size) {
        return new Region(size, true, false);
    }

    /**
     * This region, to be mapped by a host.
     *
     * @param how how
     * @throws IllegalArgumentException if the mapping goes beyond the region or its file
     */
    public Region mappedBy(RegionMapping how) {
        return new Region(size, readable, writable, how, doorbells);
    }

    /**
     * This region with doorbells.
     *
     * @param bells the doorbells
     * @throws IllegalArgumentException if one is beyond the region
     */
    public Region withDoorbells(List<IoEventFd> bells) {
        return new Region(size, readable, writable, mapping, bells);
    }

    /** Whether there is such a region. */
    public boolean isPresent() {
        return size > 0;
    }
}
