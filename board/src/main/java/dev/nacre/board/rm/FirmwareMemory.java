package dev.nacre.board.rm;

/**
 * How VRAM is divided between driver and firmware, which is laid out from the top down before the firmware
 * starts. Physical addresses in VRAM.
 *
 * <pre>
 * 0            usableEnd                nonWprHeap          fbBytes
 * | the driver's | page directories of BARs | the firmware's, with FRTS in it |
 * </pre>
 *
 * @param fbBytes all of VRAM
 * @param nonWprHeap where the firmware's part begins, as the driver or the FSP's firmware laid it out
 * @param frts where FRTS begins, the region that the boot firmware keeps its data in
 * @param vfPartitions how many virtual functions have a part of the firmware's heap
 */
public record FirmwareMemory(long fbBytes, long nonWprHeap, long frts, int vfPartitions) {
    private static final int PAGE_BYTES = 0x1000;

    /** What RM keeps below the firmware's part. Small, since drivers save it at a suspend. */
    // HW: free choice of the firmware; a multiple of the largest page, for drivers that map all usable memory.
    public static final long RM_RESERVE_BYTES = 2 << 20;

    /** A division without parts for virtual functions. */
    public FirmwareMemory(long fbBytes, long nonWprHeap, long frts) {
        this(fbBytes, nonWprHeap, frts, 0);
    }

    /** Bytes that are the driver's, from address 0. */
    public long usableEnd() {
        return nonWprHeap - RM_RESERVE_BYTES;
    }

    /** Page directory of BAR1; the driver writes its entries. */
    public long bar1PageDirectory() {
        return usableEnd();
    }

    /** Page directory of BAR2. */
    public long bar2PageDirectory() {
        return usableEnd() + PAGE_BYTES;
    }

    /** Bytes of both page directories. */
    public static long pageDirectoriesBytes() {
        return 2L * PAGE_BYTES;
    }
}
