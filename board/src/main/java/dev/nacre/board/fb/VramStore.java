package dev.nacre.board.fb;

import dev.nacre.linux.Fd;
import dev.nacre.linux.Mapping;
import dev.nacre.linux.Memfd;
import java.util.OptionalLong;

/** Owns the board's memory: a memory file, of which only the pages in use cost memory of the host. */
public final class VramStore implements AutoCloseable {
    private final Fd file;
    private final Mapping mapping;
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
        vram = new Vram(mapping.segment());
    }

    /** The memory, until {@link #close}. */
    public Vram vram() {
        return vram;
    }

    /** Makes it zero by giving its pages back: some 100 us for each MiB in use. */
    public void clear() {
        Memfd.discard(file, 0, vram.sizeBytes());
    }

    /**
     * The first byte of a page in use, from an address on; what lies before it is zero. Touches no page.
     *
     * @param from an address inside the memory
     */
    public OptionalLong nextInUse(long from) {
        return Memfd.nextData(file, from);
    }

    /** Gives the memory back. Idempotent. */
    @Override
    public void close() {
        mapping.close();
        file.close();
    }
}
