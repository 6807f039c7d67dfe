package dev.nacre.corejava.gpu;

import dev.nacre.core.BoardInfo.FbRegion;
import dev.nacre.core.BoardInfo.Silicon;
import dev.nacre.pci.bus.PciIds;
import java.util.List;

/**
 * What the firmware told of a GPU at its start.
 *
 * @param chip the chip's name, such as {@code AD102}
 * @param pci what its function says it is
 * @param silicon which chip it is, and what is left of it
 * @param name the product's
 * @param uuid the board's, as {@code GPU-...}
 * @param firmware its version
 * @param fbBytes bytes of its memory
 * @param fbRegions what a driver may use
 * @param bar1Bytes size of BAR 1
 * @param bar1PageDirectory address of BAR 1's root page directory in the GPU's memory, which the driver may extend
 * @param vmmuSegmentBytes 0 if it has none
 * @param ecc whether its memory corrects errors
 * @param channels how many it can have
 * @param virtualFunctions how many it can have; 0 if it was not booted to be shared, or cannot be
 * @param engines all that are present
 */
public record GpuDescription(
        String chip,
        PciIds pci,
        Silicon silicon,
        String name,
        String uuid,
        String firmware,
        long fbBytes,
        List<FbRegion> fbRegions,
        long bar1Bytes,
        long bar1PageDirectory,
        long vmmuSegmentBytes,
        boolean ecc,
        int channels,
        int virtualFunctions,
        List<GpuEngine> engines) {
    /** Makes it. */
    public GpuDescription {
        fbRegions = List.copyOf(fbRegions);
        engines = List.copyOf(engines);
    }
}
