package dev.nacre.vfio.type;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** The bytes of a file that nobody vouches for, little-endian. */
final class Bytes {
    private static final ValueLayout.OfInt U32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong U64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final MemorySegment bytes;

    Bytes(byte[] bytes) {
        this.bytes = MemorySegment.ofArray(bytes);
    }

    long length() {
        return bytes.byteSize();
    }

    /** Checks that a part lies in the file. */
    void require(String what, long at, long count) throws MetadataException {
        if (at < 0 || count < 0 || at > length() || count > length() - at) {
            throw new MetadataException("File ends too soon: " + what + " offset=" + MetadataFile.hex(at) + " bytes="
                    + count + " file=" + length());
        }
    }

    int u32(int at) {
        return bytes.get(U32, at);
    }

    long u64(int at) {
        return bytes.get(U64, at);
    }

    /** A number of 64 bits that has to lie in a range. */
    long number(String what, long at, long least, long most) throws MetadataException {
        require(what, at, Long.BYTES);
        long value = u64((int) at);
        if (value < least || value > most) {
            throw refusal(what, at, Long.toUnsignedString(value), least + " to " + most);
        }
        return value;
    }

    /** A number of 32 bits that has to lie in a range. */
    int small(String what, int at, int least, int most) throws MetadataException {
        require(what, at, Integer.BYTES);
        int value = u32(at);
        if (value < least || value > most) {
            throw refusal(what, at, Integer.toUnsignedString(value), least + " to " + most);
        }
        return value;
    }

    /** A text of printable ASCII, ended by zero or the end of its field; other bytes show as question marks. */
    String text(int at, int most) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < most; i++) {
            byte c = bytes.get(ValueLayout.JAVA_BYTE, at + i);
            if (c == 0) {
                break;
            }
            text.append(c >= ' ' && c <= '~' ? (char) c : '?');
        }
        return text.toString();
    }

    static MetadataException refusal(String what, long at, String value, String allowed) {
        return new MetadataException("Value is not allowed: " + what + " offset=" + MetadataFile.hex(at) + " value="
                + value + " allowed=" + allowed);
    }
}
