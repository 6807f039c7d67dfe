package dev.nacre.fuzz;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Puts together little-endian bytes: messages, and the scripts of seeds. */
final class Bytes {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    static Bytes of() {
        return new Bytes();
    }

    Bytes u8(int... values) {
        for (int value : values) {
            out.write(value);
        }
        return this;
    }

    Bytes u16(int value) {
        return u8(value & 0xff, (value >> 8) & 0xff);
    }

    Bytes u32(long... values) {
        for (long value : values) {
            // CAST: the low half is what is meant
            u16((int) value & 0xffff).u16((int) (value >> 16) & 0xffff);
        }
        return this;
    }

    Bytes u64(long value) {
        return u32(value, value >> 32);
    }

    Bytes raw(byte[] bytes) {
        out.writeBytes(bytes);
        return this;
    }

    Bytes text(String text) {
        return raw(text.getBytes(StandardCharsets.UTF_8));
    }

    byte[] get() {
        return out.toByteArray();
    }

    /** A whole message with its header. */
    static byte[] message(int id, int command, int flags, byte[] body) {
        return of().u16(id)
                .u16(command)
                .u32(16L + body.length, flags, 0)
                .raw(body)
                .get();
    }
}
