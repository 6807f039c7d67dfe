package dev.nacre.drm.testing;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;

/** An ioctl's argument. */
public final class Arg {
    private final byte[] bytes;
    private final MemorySegment segment;

    private Arg(int bytes) {
        this.bytes = new byte[bytes];
        this.segment = MemorySegment.ofArray(this.bytes);
    }

    /** Zeros. */
    public static Arg of(int bytes) {
        return new Arg(bytes);
    }

    /** Sets 32 bits. */
    public Arg u32(int offset, int value) {
        segment.set(JAVA_INT.withByteAlignment(1), offset, value);
        return this;
    }

    /** Sets 64 bits. */
    public Arg u64(int offset, long value) {
        segment.set(JAVA_LONG.withByteAlignment(1), offset, value);
        return this;
    }

    /** 32 bits. */
    public int u32(int offset) {
        return segment.get(JAVA_INT.withByteAlignment(1), offset);
    }

    /** 64 bits. */
    public long u64(int offset) {
        return segment.get(JAVA_LONG.withByteAlignment(1), offset);
    }

    /** The bytes themselves. */
    public byte[] bytes() {
        return bytes;
    }

    /** The number of an ioctl that takes it both ways. */
    public int iowr(int nr) {
        return 0xc000_6400 | bytes.length << 16 | nr;
    }

    /** The number of an ioctl that takes it in. */
    public int iow(int nr) {
        return 0x4000_6400 | bytes.length << 16 | nr;
    }

    /** The number of an ioctl that fills it. */
    public int ior(int nr) {
        return 0x8000_6400 | bytes.length << 16 | nr;
    }
}
