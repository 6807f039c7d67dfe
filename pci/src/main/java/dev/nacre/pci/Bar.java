package dev.nacre.pci;

/**
 * What a base address register asks for.
 *
 * @param space which addresses it decodes
 * @param prefetchable whether reads of it have no side effects
 * @param size bytes, a power of two
 */
public record Bar(Space space, boolean prefetchable, long size) {
    // HW: PCI Local Bus Specification 3.0, 6.2.5.1: at least 16 bytes of memory; 4 to 256 bytes of I/O.
    private static final long LEAST_MEMORY = 16;
    private static final long LEAST_IO = 4;
    private static final long MOST_IO = 256;
    private static final long MOST_MEMORY_32 = 1L << 31;

    // HW: type bits of a BAR, PCI_BASE_ADDRESS_* of Linux include/uapi/linux/pci_regs.h.
    private static final int TYPE_IO = 0x1;
    private static final int TYPE_64 = 0x4;
    private static final int TYPE_PREFETCH = 0x8;

    /** The address spaces. */
    public enum Space {
        /** Memory below 4 GiB; one register. */
        MEMORY_32,
        /** Memory anywhere; this register and the next. */
        MEMORY_64,
        /** I/O ports; one register. */
        IO
    }

    /**
     * Checks the size.
     *
     * @throws IllegalArgumentException if it is not a power of two, or not one that the space allows
     */
    public Bar {
        if (size <= 0 || Long.bitCount(size) != 1) {
            throw new IllegalArgumentException("BAR size 0x" + Long.toHexString(size) + " is not a power of two");
        }
        long least = space == Space.IO ? LEAST_IO : LEAST_MEMORY;
        long most = switch (space) {
            case IO -> MOST_IO;
            case MEMORY_32 -> MOST_MEMORY_32;
            case MEMORY_64 -> 1L << 62;
        };
        if (size < least || size > most) {
            throw new IllegalArgumentException("BAR size 0x" + Long.toHexString(size) + " is not 0x"
                    + Long.toHexString(least) + " to 0x" + Long.toHexString(most) + " as " + space + " needs");
        }
        if (prefetchable && space == Space.IO) {
            throw new IllegalArgumentException("An I/O BAR cannot be prefetchable");
        }
    }

    /** A 32-bit memory BAR with side effects, as registers need. */
    public static Bar memory32(long size) {
        return new Bar(Space.MEMORY_32, false, size);
    }

    /** A 64-bit prefetchable memory BAR, which takes two registers. */
    public static Bar memory64(long size) {
        return new Bar(Space.MEMORY_64, true, size);
    }

    /** An I/O BAR. */
    public static Bar io(long size) {
        return new Bar(Space.IO, false, size);
    }

    /** The read-only low bits of the register. */
    int typeBits() {
        return switch (space) {
            case IO -> TYPE_IO;
            case MEMORY_32 -> prefetchable ? TYPE_PREFETCH : 0;
            case MEMORY_64 -> TYPE_64 | (prefetchable ? TYPE_PREFETCH : 0);
        };
    }

    /** The address bits that can be set: what a sizing write reads back, without the type. */
    long addressMask() {
        return -size;
    }
}
