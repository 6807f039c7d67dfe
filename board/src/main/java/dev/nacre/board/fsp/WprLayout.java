package dev.nacre.board.fsp;

import dev.nacre.board.rm.FirmwareMemory;
import dev.nacre.board.rm.WireStruct;
import dev.nacre.hw.gsp.BootLayout;
import java.util.Optional;

/**
 * The write-protected region as GSP-FMC lays it out, from the top down: FRTS, boot loader, image, heap, and below all
 * that the heap that needs no protection.
 *
 * @param division what the driver is told of it
 * @param start the region's first address
 * @param end the address behind it
 */
record WprLayout(FirmwareMemory division, long start, long end) {
    // HW: the same rules by which drivers of older chips lay it out: nouveau nvkm/subdev/gsp/tu102.c.
    private static final long PAGE_BYTES = 0x1000;
    private static final long IMAGE_ALIGNMENT_BYTES = 0x10000;
    private static final long HEAP_ALIGNMENT_BYTES = 0x100000;

    /**
     * Lays it out; empty if it does not fit.
     *
     * @param meta GspFwWprMeta, of which only the sizes count
     * @param frtsFromEnd where FRTS begins, in bytes before the end of memory
     * @param frtsBytes its size
     * @param fbBytes all of memory
     */
    static Optional<WprLayout> of(WireStruct meta, long frtsFromEnd, long frtsBytes, long fbBytes) {
        long bootLoader = meta.get64(BootLayout.SIZE_OF_BOOTLOADER);
        long image = meta.get64(BootLayout.SIZE_OF_RADIX3_ELF);
        long heap = meta.get64(BootLayout.GSP_FW_HEAP_SIZE);
        long nonWprHeap = meta.get64(BootLayout.NON_WPR_HEAP_SIZE);
        // GUEST: any 64 bits. No size may exceed the memory, so that no sum of them wraps.
        for (long size : new long[] {frtsFromEnd, frtsBytes, bootLoader, image, heap, nonWprHeap}) {
            if (size < 0 || size > fbBytes) {
                return Optional.empty();
            }
        }
        if (frtsBytes == 0 || frtsBytes > frtsFromEnd || frtsFromEnd % PAGE_BYTES != 0) {
            return Optional.empty();
        }
        long frts = fbBytes - frtsFromEnd;
        long imageStart = alignDown(alignDown(frts - bootLoader, PAGE_BYTES) - image, IMAGE_ALIGNMENT_BYTES);
        long heapStart = alignDown(imageStart - heap, HEAP_ALIGNMENT_BYTES);
        long start = alignDown(heapStart - BootLayout.WPR_META_BYTES, HEAP_ALIGNMENT_BYTES);
        long nonWprStart = alignDown(start - nonWprHeap, HEAP_ALIGNMENT_BYTES);
        return nonWprStart <= 0
                ? Optional.empty()
                : Optional.of(new WprLayout(
                        new FirmwareMemory(
                                fbBytes, nonWprStart, frts, meta.get8(BootLayout.GSP_FW_HEAP_VF_PARTITION_COUNT)),
                        start,
                        frts + frtsBytes));
    }

    private static long alignDown(long address, long alignment) {
        return address & -alignment;
    }
}
