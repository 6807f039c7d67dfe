package dev.nacre.testsupport.driver;

/** The board's memory by physical address, through whichever window. One thread. */
interface VramAccess {
    int intAt(long address);

    void putInt(long address, int value);

    long longAt(long address);

    void putLong(long address, long value);

    byte[] bytesAt(long address, int count);

    void putBytes(long address, byte[] bytes);
}
