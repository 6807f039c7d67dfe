package dev.nacre.core;

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
        int vgpuChannels) {
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
}
