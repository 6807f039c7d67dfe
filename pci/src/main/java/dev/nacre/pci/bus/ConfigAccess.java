package dev.nacre.pci.bus;

import dev.nacre.pci.PciFunction;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Configuration space as a driver reaches it. Any thread; the bounds are {@link FunctionAccess}'s. */
public final class ConfigAccess {
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    // HW: PCI Express base specification, 7.6: extended capabilities begin here, and each needs 4 bytes at least.
    private static final int EXTENDED = 0x100;
    private static final int MAX_EXTENDED = (0x1000 - EXTENDED) / 4;

    private ConfigAccess() {}

    /** Reads 32 bits. */
    public static int readInt(FunctionAccess function, int offset) {
        return function.readInt(PciFunction.CONFIG_REGION, offset);
    }

    /** Reads 16 bits, unsigned. */
    public static int readShort(FunctionAccess function, int offset) {
        MemorySegment value = MemorySegment.ofArray(new byte[Short.BYTES]);
        function.read(PciFunction.CONFIG_REGION, offset, value, 0, Short.BYTES);
        return Short.toUnsignedInt(value.get(SHORT, 0));
    }

    /** Writes the low 16 bits of a number. */
    public static void writeShort(FunctionAccess function, int offset, int number) {
        MemorySegment value = MemorySegment.ofArray(new byte[Short.BYTES]);
        value.set(SHORT, 0, (short) number);
        function.write(PciFunction.CONFIG_REGION, offset, value, 0, Short.BYTES);
    }

    /**
     * Looks for an extended capability. The function may be behind a socket: nothing is taken on trust.
     *
     * @param id 0 to 0xffff
     * @return where its header is, all of which lies in the space; 0 if there is none
     */
    public static int findExtended(FunctionAccess function, int id) {
        long size = function.region(PciFunction.CONFIG_REGION).size();
        int at = EXTENDED;
        for (int i = 0; i < MAX_EXTENDED && at >= EXTENDED && at + Integer.BYTES <= size; i++) {
            int header = readInt(function, at);
            if (header == 0 || header == -1) {
                return 0;
            }
            if ((header & 0xffff) == id) {
                return at;
            }
            at = header >>> 20 & ~3;
        }
        return 0;
    }
}
