package dev.nacre.board.fb;

import dev.nacre.linux.Fd;
import dev.nacre.linux.Mapping;
import dev.nacre.linux.Memfd;
import java.util.Objects;
import java.util.OptionalLong;

/**
 * Owns the board's memory: a memory file, of which only the pages in use cost memory of the host. Or a window of it, which
 * has addresses of its own from 0 and reaches nothing outside.
 */
public final class VramStore implements AutoCloseable {
    private static final int MOST_EXTENTS = 4096;

    private final Fd file;
    private final Mapping mapping;
    private final long base;
    private final boolean whole;
    private final Vram vram;

    /**
     * Makes zeroed memory.
     *
     * @param sizeBytes a multiple of 64 KiB
     */
    public VramStore(long sizeBytes) {
        file = Memfd.ofFixedSize("nacre-vram", sizeBytes);
        try {
            mapping = Mapping.map(file, 0, sizeBytes, Mapping.Access.READ_WRITE);
        } catch (RuntimeException e) {
            file.close();
            throw e;
        }
        base = 0;
        whole = true;
        vram = new Vram(mapping.segment(), this::discard);
    }

    private VramStore(VramStore of, long offset, long sizeBytes) {
        file = of.file;
        mapping = of.mapping;
        base = of.base + offset;
        whole = false;
        // Every access goes through the slice, whose bounds are checked each time.
        vram = new Vram(of.vram.segment().asSlice(offset, sizeBytes), this::discard);
    }

    /**
     * A window, to be used until this is closed. Closing it does nothing.
     *
     * @param offset its first byte here, a multiple of 64 KiB
     * @param sizeBytes its size, likewise
     * @throws IndexOutOfBoundsException if it leaves this memory
     */
    VramStore window(long offset, long sizeBytes) {
        Objects.checkFromIndexSize(offset, sizeBytes, vram.sizeBytes());
        return new VramStore(this, offset, sizeBytes);
    }

    /** The memory, until {@link #close}. */
    public Vram vram() {
        return vram;
    }

    /** Makes it zero by giving its pages back: some 100 us for each MiB in use. */
    public void clear() {
        discard(0, vram.sizeBytes());
    }

    private void discard(long offset, long length) {
        Memfd.discard(file, base + Objects.checkFromIndexSize(offset, length, vram.sizeBytes()), length);
    }

    /**
     * The first byte of a page in use, from an address on; what lies before it is zero. Touches no page.
     *
     * @param from an address inside the memory
     */
    public OptionalLong nextInUse(long from) {
        OptionalLong found = Memfd.nextData(file, base + Objects.checkIndex(from, vram.sizeBytes()));
        long at = found.orElse(Long.MAX_VALUE) - base;
        return at < vram.sizeBytes() ? OptionalLong.of(at) : OptionalLong.empty();
    }

    /**
     * How many bytes lie in pages in use, at the most: where such pages are scattered very much, what lies behind them counts
     * as in use.
     */
    public long inUseBytes() {
        long used = 0;
        long end = base + vram.sizeBytes();
        long at = base;
        for (int i = 0; i < MOST_EXTENTS && at < end; i++) {
            long data = Math.min(Memfd.nextData(file, at).orElse(end), end);
            at = data < end ? Math.min(Memfd.nextHole(file, data), end) : end;
            used += at - data;
        }
        return used + end - at;
    }

    /** Gives the memory back. Idempotent. */
    @Override
    public void close() {
        if (whole) {
            mapping.close();
            file.close();
        }
    }
}
