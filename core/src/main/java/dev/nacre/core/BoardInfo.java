package dev.nacre.core;

import dev.nacre.pci.bus.PciIds;
import java.util.List;

/**
 * What a GPU is.
 *
 * @param chip the chip's name, such as {@code AD102}
 * @param name the product's name
 * @param uuid the board's id, such as {@code GPU-01234567-89ab-cdef-0123-456789abcdef}
 * @param firmware the version of the firmware that runs, for people
 * @param fbBytes bytes of its memory
 * @param fbRegions what the firmware lets drivers use, in order
 * @param bar1Bytes bytes of the window through which the host reaches its memory
 * @param vmmuSegmentBytes granularity of a virtual GPU's memory: 32 to 512 MiB, a power of two; 0 if it has none
 * @param ecc whether its memory corrects errors
 * @param channels how many channels it can have
 * @param vgpuChannels how many of them are reserved for virtual GPUs
 * @param pci what its function says it is
 * @param silicon which chip it is, and what is left of it
 */
public record BoardInfo(
        String chip,
        String name,
        String uuid,
        String firmware,
        long fbBytes,
        List<FbRegion> fbRegions,
        long bar1Bytes,
        long vmmuSegmentBytes,
        boolean ecc,
        int channels,
        int vgpuChannels,
        PciIds pci,
        Silicon silicon) {
    /** Makes it. */
    public BoardInfo {
        fbRegions = List.copyOf(fbRegions);
    }

    /**
     * A part of the memory.
     *
     * @param offset of its first byte
     * @param bytes its size
     */
    public record FbRegion(long offset, long bytes) {}

    /**
     * A chip in numbers.
     *
     * @param chipset which, as NV_PMC_BOOT_0 tells it: {@code 0x192} for AD102
     * @param revision of it, likewise, 8 bits
     * @param gpcs graphics processing clusters that work
     * @param tpcs texture processing clusters that work, of all of those
     */
    public record Silicon(int chipset, int revision, int gpcs, int tpcs) {}
}
