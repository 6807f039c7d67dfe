package dev.nacre.testsupport.driver;

/** Reaches a stretch of the board's memory through BAR1 or BAR2, where it is mapped in one piece. */
final class BarWindow extends WindowAccess {
    private final long barOffset;
    private final long physical;
    private final long sizeBytes;

    /**
     * A window whose mapping exists.
     *
     * @param barOffset where in the BAR it starts
     * @param physical the address there
     * @param sizeBytes its length
     */
    BarWindow(RegionView bar, long barOffset, long physical, long sizeBytes) {
        super(bar);
        this.barOffset = barOffset;
        this.physical = physical;
        this.sizeBytes = sizeBytes;
    }

    @Override
    long place(long address, int count) {
        if (address < physical || address + count > physical + sizeBytes) {
            throw new IllegalArgumentException("Address is outside the window: address=0x" + Long.toHexString(address));
        }
        return barOffset + (address - physical);
    }
}
