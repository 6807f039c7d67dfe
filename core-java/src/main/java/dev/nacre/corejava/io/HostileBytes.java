package dev.nacre.corejava.io;

import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A copy of bytes that came from the GPU or from a file, and whose offsets are not to be trusted. Little-endian. What lies
 * outside is a {@link CoreException} with {@link CoreError#IO} that names the source. Never changes; any thread.
 */
public final class HostileBytes {
    private final String source;
    private final byte[] bytes;
    private final ByteBuffer buffer;

    /**
     * Takes bytes, which nobody changes any more.
     *
     * @param source for messages: {@code VBIOS}
     */
    public HostileBytes(String source, byte[] bytes) {
        this.source = source;
        this.bytes = bytes;
        this.buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** How many there are. */
    public int size() {
        return bytes.length;
    }

    /** A byte, unsigned. */
    public int byteAt(long at) {
        return bytes[check(at, Byte.BYTES)] & 0xff;
    }

    /** 16 bits, unsigned. */
    public int shortAt(long at) {
        return Short.toUnsignedInt(buffer.getShort(check(at, Short.BYTES)));
    }

    /** 32 bits. */
    public int intAt(long at) {
        return buffer.getInt(check(at, Integer.BYTES));
    }

    /** 32 bits, unsigned. */
    public long uintAt(long at) {
        return Integer.toUnsignedLong(intAt(at));
    }

    /** 64 bits. */
    public long longAt(long at) {
        return buffer.getLong(check(at, Long.BYTES));
    }

    /** A copy of a part. */
    public byte[] copy(long at, long count) {
        int from = check(at, count);
        return Arrays.copyOfRange(bytes, from, (int) (from + count));
    }

    /** A part. */
    public HostileBytes part(long at, long count) {
        return new HostileBytes(source, copy(at, count));
    }

    /** All of it, to be changed by the caller. */
    public byte[] copy() {
        return bytes.clone();
    }

    /** Whether a part lies inside. */
    public boolean contains(long at, long count) {
        return at >= 0 && count >= 0 && at <= bytes.length - count;
    }

    /** Text up to the first NUL; what is not printable ASCII becomes a question mark. */
    public String textAt(long at, int maxBytes) {
        byte[] text = copy(at, maxBytes);
        int length = 0;
        while (length < text.length && text[length] != 0) {
            if (text[length] < ' ' || text[length] > '~') {
                text[length] = '?';
            }
            length++;
        }
        return new String(text, 0, length, StandardCharsets.US_ASCII);
    }

    /** The error of a source that says what it must not. */
    public CoreException broken(String what) {
        return new CoreException(CoreError.IO, source + " is not as it must be: " + what);
    }

    /** Checks something. @throws CoreException with {@link CoreError#IO} if it does not hold */
    public void require(boolean holds, String what) {
        if (!holds) {
            throw broken(what);
        }
    }

    private int check(long at, long count) {
        if (!contains(at, count)) {
            throw broken("offset=" + at + " count=" + count + " size=" + bytes.length);
        }
        return (int) at;
    }

    @Override
    public String toString() {
        return source + ", " + bytes.length + " bytes";
    }
}
