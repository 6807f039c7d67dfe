package dev.nacre.testsupport.driver;

/** The board's memory through a window in a BAR; where in the window an address lies, each kind of window knows. */
abstract class WindowAccess implements VramAccess {
    private final RegionView bar;

    WindowAccess(RegionView bar) {
        this.bar = bar;
    }

    /** The offset in the BAR at which {@code count} bytes at an address are reached. */
    abstract long place(long address, int count);

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
}
