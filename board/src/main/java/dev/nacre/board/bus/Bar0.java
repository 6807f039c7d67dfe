package dev.nacre.board.bus;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * BAR0: finds who answers an address, by a table with one entry for each 4 KiB, and resolves accesses once for all
 * blocks. Any count and alignment: blocks see dwords (a part of one is merged into what {@link RegisterBlock#peek}
 * gives), apertures see ranges that do not leave them. Socket's thread. Allocates nothing.
 */
public final class Bar0 implements Aperture {
    /** Bytes. */
    // HW: pci.ids device 10de:26b5; nova-core maps exactly this much.
    public static final int SIZE_BYTES = 16 << 20;

    private static final int PAGE_SHIFT = 12;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final @Nullable Target[] pages = new @Nullable Target[SIZE_BYTES >> PAGE_SHIFT];
    private final UnknownRegisters unknown;

    /** Makes one in which nobody answers but {@code unknown}. */
    public Bar0(UnknownRegisters unknown) {
        this.unknown = unknown;
    }

    /**
     * Gives a range to a block.
     *
     * @param start first address, a multiple of 4 KiB
     * @param sizeBytes a multiple of 4 KiB
     * @throws IllegalArgumentException if the range is not possible or not free
     */
    public void map(int start, int sizeBytes, RegisterBlock block) {
        claim(start, sizeBytes, new Target(start, sizeBytes, block, null));
    }

    /** Gives a range to an aperture, as {@link #map(int, int, RegisterBlock)}. */
    public void map(int start, int sizeBytes, Aperture aperture) {
        claim(start, sizeBytes, new Target(start, sizeBytes, null, aperture));
    }

    /** Gives a range to a block that sees it {@code delta} bytes further up. */
    public void alias(int start, int sizeBytes, int delta, RegisterBlock block) {
        map(start, sizeBytes, new Alias(delta, block));
    }

    @Override
    public void read(long offset, MemorySegment dst, long dstOffset, int count) {
        int at = (int) offset;
        int end = at + count;
        long to = dstOffset;
        while (at < end) {
            Target target = pages[at >>> PAGE_SHIFT];
            int done;
            if (target != null && target.aperture != null) {
                done = Math.min(end, target.end) - at;
                target.aperture.read(at - target.start, dst, to, done);
            } else {
                done = readPart(block(target, at & ~3), at, end - at, dst, to);
            }
            at += done;
            to += done;
        }
    }

    @Override
    public void write(long offset, MemorySegment src, long srcOffset, int count) {
        int at = (int) offset;
        int end = at + count;
        long from = srcOffset;
        while (at < end) {
            Target target = pages[at >>> PAGE_SHIFT];
            int done;
            if (target != null && target.aperture != null) {
                done = Math.min(end, target.end) - at;
                target.aperture.write(at - target.start, src, from, done);
            } else {
                done = writePart(block(target, at & ~3), at, end - at, src, from);
            }
            at += done;
            from += done;
        }
    }

    private RegisterBlock block(@Nullable Target target, int address) {
        return target != null && target.block != null && target.block.models(address) ? target.block : unknown;
    }

    private static int readPart(RegisterBlock block, int at, int left, MemorySegment dst, long to) {
        int first = at & 3;
        int value = block.read(at - first);
        if (first == 0 && left >= 4) {
            dst.set(INT, to, value);
            return 4;
        }
        int count = Math.min(4 - first, left);
        for (int i = 0; i < count; i++) {
            dst.set(ValueLayout.JAVA_BYTE, to + i, (byte) (value >>> (8 * (first + i))));
        }
        return count;
    }

    private static int writePart(RegisterBlock block, int at, int left, MemorySegment src, long from) {
        int first = at & 3;
        if (first == 0 && left >= 4) {
            block.write(at, src.get(INT, from));
            return 4;
        }
        int count = Math.min(4 - first, left);
        int value = block.peek(at - first);
        for (int i = 0; i < count; i++) {
            int shift = 8 * (first + i);
            int part = src.get(ValueLayout.JAVA_BYTE, from + i) & 0xff;
            value = (value & ~(0xff << shift)) | (part << shift);
        }
        block.write(at - first, value);
        return count;
    }

    private void claim(int start, int sizeBytes, Target target) {
        int mask = (1 << PAGE_SHIFT) - 1;
        Objects.checkFromIndexSize(start, sizeBytes, SIZE_BYTES);
        if ((start & mask) != 0 || (sizeBytes & mask) != 0) {
            throw new IllegalArgumentException("Range is not page-aligned: " + range(start, sizeBytes));
        }
        for (int page = start >>> PAGE_SHIFT; page < (start + sizeBytes) >>> PAGE_SHIFT; page++) {
            if (pages[page] != null) {
                throw new IllegalArgumentException("Range is taken: " + range(start, sizeBytes) + " at=0x"
                        + Integer.toHexString(page << PAGE_SHIFT));
            }
            pages[page] = target;
        }
    }

    private static String range(int start, int sizeBytes) {
        return "start=0x" + Integer.toHexString(start) + " size=0x" + Integer.toHexString(sizeBytes);
    }

    private static final class Target {
        final int start;
        final int end;
        final @Nullable RegisterBlock block;
        final @Nullable Aperture aperture;

        Target(int start, int sizeBytes, @Nullable RegisterBlock block, @Nullable Aperture aperture) {
            this.start = start;
            this.end = start + sizeBytes;
            this.block = block;
            this.aperture = aperture;
        }
    }

    private record Alias(int delta, RegisterBlock block) implements RegisterBlock {
        @Override
        public int read(int address) {
            return block.read(address + delta);
        }

        @Override
        public int peek(int address) {
            return block.peek(address + delta);
        }

        @Override
        public void write(int address, int value) {
            block.write(address + delta, value);
        }

        @Override
        public boolean models(int address) {
            return block.models(address + delta);
        }
    }
}
