package dev.nacre.drm.server;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * What an open file is known by: 128 bits that nobody guesses. In messages as bytes, in the name of a file's socket as hex
 * digits of those bytes.
 *
 * @param first the first 8 bytes, big-endian
 * @param second the others
 */
record Token(long first, long second) {
    static Token random(SecureRandom random) {
        return new Token(random.nextLong(), random.nextLong());
    }

    static Token at(MemorySegment message, long offset) {
        return new Token(
                Long.reverseBytes(message.get(JAVA_LONG_UNALIGNED, offset)),
                Long.reverseBytes(message.get(JAVA_LONG_UNALIGNED, offset + Long.BYTES)));
    }

    /**
     * The name of the server's end of the file's socket, without the zero that it begins with. It tells the node too: what a
     * program asks of a descriptor must be answered in processes that did not open it.
     */
    String socketName(int minor) {
        byte[] bytes = ByteBuffer.allocate(Wire.TOKEN_BYTES)
                .putLong(first)
                .putLong(second)
                .array();
        return "nacre-drm/" + HexFormat.of().formatHex(bytes) + "/" + minor;
    }
}
