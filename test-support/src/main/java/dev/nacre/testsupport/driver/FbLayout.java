package dev.nacre.testsupport.driver;

/**
 * Where a driver puts the firmware's regions in the board's memory, from the top down. Addresses in bytes.
 *
 * @param sizeBytes all of the memory
 * @param vgaWorkspace the VGA workspace, up to the end
 * @param frts the FRTS region, {@link #FRTS_BYTES} long
 * @param bootloader the bootloader
 * @param image the firmware image
 * @param heap the firmware's heap
 * @param heapBytes its size
 * @param wprStart start of write-protected region 2
 * @param wprEnd its end
 * @param nonWprHeap the firmware's heap outside the region, {@link #NON_WPR_HEAP_BYTES} long
 */
record FbLayout(
        long sizeBytes,
        long vgaWorkspace,
        long frts,
        long bootloader,
        long image,
        long heap,
        long heapBytes,
        long wprStart,
        long wprEnd,
        long nonWprHeap) {
    private static final long MIB = 1 << 20;
    private static final long GIB = 1 << 30;

    // HW: nouveau nvkm/subdev/gsp/rm/r570/gsp.c and r535/gsp.c (tu102_gsp_wpr_*); nova-core gsp/fw.rs
    static final long FRTS_BYTES = MIB;
    static final long NON_WPR_HEAP_BYTES = MIB;
    private static final long VGA_WORKSPACE_BYTES = MIB;
    private static final long WPR_END_ALIGN = 128 << 10;
    private static final long HEAP_LIBOS_BYTES = 22 * MIB;
    private static final long HEAP_BASE_BYTES = 8 * MIB;
    private static final long HEAP_PER_GIB_BYTES = 96 << 10;
    private static final long HEAP_CLIENTS_BYTES = 96 * MIB;
    private static final long WPR_META_BYTES = 256;

    /**
     * Lays out a board's memory.
     *
     * @param sizeBytes all of the memory
     * @param bootloaderBytes size of the bootloader
     * @param imageBytes size of the firmware image
     */
    static FbLayout of(long sizeBytes, long bootloaderBytes, long imageBytes) {
        long vga = sizeBytes - VGA_WORKSPACE_BYTES;
        long wprEnd = alignDown(vga, WPR_END_ALIGN);
        long frts = wprEnd - FRTS_BYTES;
        long bootloader = alignDown(frts - bootloaderBytes, 4096);
        long image = alignDown(bootloader - imageBytes, 65536);
        long wanted = HEAP_LIBOS_BYTES
                + HEAP_BASE_BYTES
                + alignUp(HEAP_PER_GIB_BYTES * ((sizeBytes + GIB - 1) / GIB), MIB)
                + HEAP_CLIENTS_BYTES;
        long heap = alignDown(image - wanted, MIB);
        long wprStart = alignDown(heap - WPR_META_BYTES, MIB);
        return new FbLayout(
                sizeBytes,
                vga,
                frts,
                bootloader,
                image,
                heap,
                alignDown(image - heap, MIB),
                wprStart,
                wprEnd,
                wprStart - NON_WPR_HEAP_BYTES);
    }

    private static long alignDown(long value, long to) {
        return value & -to;
    }

    private static long alignUp(long value, long to) {
        return (value + to - 1) & -to;
    }
}
