package dev.nacre.testsupport.driver;

/** Reaches a stretch of the board's memory through BAR1 or BAR2, where it is mapped in one piece. */
final class BarWindow implements VramAccess {
    private final RegionView bar;
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
        this.bar = bar;
        this.barOffset = barOffset;
        this.physical = physical;
        this.sizeBytes = sizeBytes;
    }

    @Override
    public int intAt(long address) {
        return bar.intAt(place(address, 4));
    }

    @Override
    public void putInt(long address, int value) {
        bar.putInt(place(address, 4), value);
    }

    @Override
    public long longAt(long address) {
        return bar.longAt(place(address, 8));
    }

    @Override
    public void putLong(long address, long value) {
        bar.putLong(place(address, 8), value);
    }

    @Override
    public byte[] bytesAt(long address, int count) {
        return bar.bytesAt(place(address, count), count);
    }

    @Override
    public void putBytes(long address, byte[] bytes) {
        bar.putBytes(place(address, bytes.length), bytes);
    }

    private long place(long address, int count) {
        if (address < physical || address + count > physical + sizeBytes) {
            throw new IllegalArgumentException("Address is outside the window: address=0x" + Long.toHexString(address));
        }
        return barOffset + (address - physical);
    }
}
