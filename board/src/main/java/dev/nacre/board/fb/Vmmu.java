package dev.nacre.board.fb;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The memory management unit of virtual functions: it alone says which part of the board's memory a guest's GPU reaches. A
 * part is whole segments, lies in the memory, and belongs to one GPU at a time. Any thread.
 */
public final class Vmmu {
    // HW: NV2080_CTRL_CMD_GPU_GET_VMMU_SEGMENT_SIZE may tell of 32, 64, 128, 256 or 512 MiB
    /** Bytes of a segment. */
    public static final long SEGMENT_BYTES = 128L << 20;

    private record Range(long start, long end) {
        private boolean meets(Range other) {
            return start < other.end && other.start < end;
        }
    }

    private final VramStore store;

    /** What each GPU has, by gfid. Guarded by this. */
    private final Map<Integer, Range> ranges = new HashMap<>();

    /** Makes one for a board's memory, of which nobody has anything. */
    public Vmmu(VramStore store) {
        this.store = store;
    }

    /**
     * Gives a part of the memory to a GPU.
     *
     * @param gfid the GPU
     * @param offset first byte
     * @param bytes size
     * @return the part; empty if it is none that can be given, or the GPU has one
     */
    public synchronized Optional<VramStore> open(int gfid, long offset, long bytes) {
        if (offset < 0
                || bytes <= 0
                || offset % SEGMENT_BYTES != 0
                || bytes % SEGMENT_BYTES != 0
                || !store.vram().contains(offset, bytes)) {
            return Optional.empty();
        }
        Range range = new Range(offset, offset + bytes);
        if (ranges.containsKey(gfid) || ranges.values().stream().anyMatch(range::meets)) {
            return Optional.empty();
        }
        ranges.put(gfid, range);
        return Optional.of(store.window(offset, bytes));
    }

    /** Takes a GPU's part back, which nobody uses any more. Nothing if it has none. */
    public synchronized void close(int gfid) {
        ranges.remove(gfid);
    }
}
