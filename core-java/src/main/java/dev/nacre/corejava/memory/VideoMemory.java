package dev.nacre.corejava.memory;

import dev.nacre.core.BoardInfo.FbRegion;
import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;
import dev.nacre.core.FbRequest;
import dev.nacre.corejava.memory.RangeAllocator.Range;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;

/** A GPU's memory: most of it is for clients, the end of its largest region for the core's own tables. Any thread. */
public final class VideoMemory {
    /** Bytes of what the core takes for itself at once. */
    public static final int PAGE_BYTES = 4096;

    /** Of so many bytes one is the core's: enough to map all of them by the smallest pages, and some. */
    private static final long SHARE = 256;

    private static final long LEAST_OWN_BYTES = 16 << 20;
    private static final long OWN_GRANULE = 2 << 20;

    private final RangeAllocator forClients;
    private final RangeAllocator own;

    /**
     * Divides memory.
     *
     * @param regions what the firmware lets drivers use
     * @throws CoreException with {@link CoreError#IO} if that is too little to drive the GPU
     */
    public VideoMemory(List<FbRegion> regions) {
        List<Range> whole = new ArrayList<>();
        for (FbRegion region : regions) {
            long start = Math.ceilDiv(region.offset(), PAGE_BYTES) * PAGE_BYTES;
            long end = (region.offset() + region.bytes()) / PAGE_BYTES * PAGE_BYTES;
            if (end > start) {
                whole.add(new Range(start, end - start));
            }
        }
        requireApart(whole, regions);
        Range largest = whole.stream()
                .max(Comparator.comparingLong(Range::size))
                .filter(range -> range.size() > 2 * LEAST_OWN_BYTES)
                .orElseThrow(() -> new CoreException(
                        CoreError.IO, "The GPU lets drivers use too little of its memory: regions=" + regions));
        long total = whole.stream().mapToLong(Range::size).sum();
        long ownBytes = Math.min(
                largest.size() / 2, Math.max(LEAST_OWN_BYTES, Math.ceilDiv(total, SHARE * OWN_GRANULE) * OWN_GRANULE));
        whole.remove(largest);
        whole.add(new Range(largest.start(), largest.size() - ownBytes));
        forClients = new RangeAllocator(whole);
        own = RangeAllocator.of(largest.end() - ownBytes, ownBytes);
    }

    // GUEST: the firmware says what there is.
    private static void requireApart(List<Range> whole, List<FbRegion> regions) {
        whole.sort(Comparator.comparingLong(Range::start));
        for (int i = 1; i < whole.size(); i++) {
            if (whole.get(i).start() < whole.get(i - 1).end()) {
                throw new CoreException(CoreError.IO, "Regions of the GPU's memory overlap: regions=" + regions);
            }
        }
    }

    /** Bytes that {@link #allocate} can give out, free or not. */
    public long totalBytes() {
        return forClients.total();
    }

    /** Bytes of these that are free. */
    public long availableBytes() {
        return forClients.available();
    }

    /** Bytes of the core's own part that are free. */
    public long availableOwnBytes() {
        return own.available();
    }

    /**
     * Takes memory for a client.
     *
     * @return its offset
     * @throws CoreException with {@link CoreError#NO_SPACE} if there is no such part
     */
    public long allocate(FbRequest request) {
        long size = roundUp(request.bytes());
        OptionalLong fixed = request.fixedOffset();
        if (fixed.isPresent()) {
            if (forClients.allocateAt(fixed.getAsLong(), size)) {
                return fixed.getAsLong();
            }
            throw new CoreException(
                    CoreError.NO_SPACE,
                    "Memory is not free there: bytes=" + size + " offset=" + fixed.getAsLong() + " free="
                            + forClients.available());
        }
        return forClients
                .allocate(size, request.alignBytes())
                .orElseThrow(() -> new CoreException(
                        CoreError.NO_SPACE,
                        "No such part of the memory is free: bytes=" + size + " align=" + request.alignBytes()
                                + " free=" + forClients.available()));
    }

    /** Gives a client's memory back. */
    public void free(long offset) {
        forClients.free(offset);
    }

    /**
     * Takes a page for the core.
     *
     * @return its offset
     * @throws CoreException with {@link CoreError#NO_SPACE} if there is none
     */
    public long allocatePage() {
        return own.allocate(PAGE_BYTES, PAGE_BYTES)
                .orElseThrow(() -> new CoreException(
                        CoreError.NO_SPACE, "No memory is left for page tables: total=" + own.total()));
    }

    /** Gives a page of the core's back. */
    public void freePage(long offset) {
        own.free(offset);
    }

    /** All that is given out now, to clients and to the core. */
    public List<Range> used() {
        List<Range> all = new ArrayList<>(forClients.takenRanges());
        all.addAll(own.takenRanges());
        return all;
    }

    /** The size that a request really takes. */
    public static long roundUp(long bytes) {
        return Math.ceilDiv(bytes, PAGE_BYTES) * PAGE_BYTES;
    }
}
