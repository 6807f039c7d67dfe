package dev.nacre.fuzz;

import java.util.Arrays;

/** A fuzzer's input as a list of decisions. Behind its end every decision is zero, so that each input is a sound script. */
final class Script {
    private final byte[] bytes;
    private int at;

    Script(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Whether the input decides any more. */
    boolean hasMore() {
        return at < bytes.length;
    }

    /** 0 to 255. */
    int u8() {
        return at < bytes.length ? bytes[at++] & 0xff : 0;
    }

    /** 0 to 65535. */
    int u16() {
        return u8() | u8() << 8;
    }

    /** Any 32 bits. */
    int i32() {
        return u16() | u16() << 16;
    }

    /** Any 64 bits. */
    long i64() {
        return Integer.toUnsignedLong(i32()) | (long) i32() << 32;
    }

    /** 0 to {@code bound} - 1, by one byte. */
    int below(int bound) {
        return u8() % bound;
    }

    /** A choice. */
    boolean flag() {
        return (u8() & 1) != 0;
    }

    /** So many bytes, fewer at the end of the input. */
    byte[] take(int count) {
        int end = Math.min(at + count, bytes.length);
        byte[] taken = Arrays.copyOfRange(bytes, at, end);
        at = end;
        return taken;
    }
}
