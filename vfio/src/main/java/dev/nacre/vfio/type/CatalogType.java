package dev.nacre.vfio.type;

import dev.nacre.core.VgpuType;
import dev.nacre.vfio.placement.Footprint;
import dev.nacre.vfio.placement.PlacementRule;

/**
 * A type of virtual GPU.
 *
 * @param id its number, from 1
 * @param name what people call it, such as {@code L40-2Q}: board, memory in GiB, and the letter of its series
 * @param guestName what its guest is told: up to 31 characters of ASCII
 * @param chip the chip of the boards that can have it, such as {@code AD102}
 * @param series what it is for
 * @param placement how its boards number places
 * @param ids PCI ids
 * @param memory its memory
 * @param display what its guest can show
 * @param share the rest of what it has of its board
 * @param licenses what its guest may be licensed for, divided by {@code ;}
 */
public record CatalogType(
        int id,
        String name,
        String guestName,
        String chip,
        Series series,
        PlacementRule placement,
        PciIds ids,
        TypeMemory memory,
        TypeDisplay display,
        TypeShare share,
        String licenses) {
    /** What the firmware is told of it. */
    public VgpuType toCore() {
        return new VgpuType(
                id,
                guestName,
                series.kind(),
                licenses,
                share.maxInstances(),
                display.heads(),
                display.maxWidth(),
                display.maxHeight(),
                display.frameRateLimit(),
                share.ecc(),
                ids.device(),
                ids.subsystem(),
                memory.fbBytes(),
                memory.heapBytes(),
                memory.reservedBytes(),
                memory.bar1Bytes(),
                share.encoderPercent());
    }

    /** What it takes of a board. */
    public Footprint footprint() {
        return new Footprint(memory.profileGib(), share.maxInstances(), memory.fbBytes(), memory.heapBytes());
    }
}
