package dev.nacre.vfiouser;

import dev.nacre.linux.Mapping;
import dev.nacre.pci.Region;
import dev.nacre.pci.RegionMapping;
import dev.nacre.pci.RegionMapping.Area;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A remote function's region, or the areas of it that can be, in this process's memory: accesses cost no message, and the
 * function does not see them. They are not ordered with posted writes to the function's other regions.
 *
 * <p>It stays valid when the client is closed or the server has gone; after {@link #close} every access throws {@link
 * IllegalStateException}. If the server shrinks its file, touching the lost pages throws {@link InternalError}. Any
 * thread.
 */
public final class MappedRegion implements AutoCloseable {
    private final List<Area> areas;
    private final List<Mapping> mappings;

    private MappedRegion(List<Area> areas, List<Mapping> mappings) {
        this.areas = areas;
        this.mappings = mappings;
    }

    /**
     * Maps a region.
     *
     * @throws IllegalArgumentException if the file does not hold the areas
     * @throws dev.nacre.linux.NativeException if it cannot be mapped
     */
    static MappedRegion of(Region region, RegionMapping how) {
        List<Area> areas = how.areasOf(region.size());
        List<Mapping> mappings = new ArrayList<>();
        Mapping.Access access = region.writable() ? Mapping.Access.READ_WRITE : Mapping.Access.READ;
        try {
            for (Area area : areas) {
                mappings.add(Mapping.map(how.fd(), how.offset() + area.offset(), area.size(), access));
            }
        } catch (RuntimeException e) {
            mappings.forEach(Mapping::close);
            throw e;
        }
        return new MappedRegion(areas, List.copyOf(mappings));
    }

    /** What is mapped, in order of the offsets. */
    public List<Area> areas() {
        return areas;
    }

    /**
     * The memory behind a part of the region.
     *
     * @param offset of the first byte in the region
     * @param size bytes
     * @return empty unless the part lies in one area
     */
    public Optional<MemorySegment> segment(long offset, long size) {
        for (int i = 0; i < areas.size(); i++) {
            Area area = areas.get(i);
            if (offset >= area.offset() && offset <= area.end() && size >= 0 && size <= area.end() - offset) {
                return Optional.of(mappings.get(i).segment().asSlice(offset - area.offset(), size));
            }
        }
        return Optional.empty();
    }

    /** Unmaps. */
    @Override
    public void close() {
        mappings.forEach(Mapping::close);
    }
}
