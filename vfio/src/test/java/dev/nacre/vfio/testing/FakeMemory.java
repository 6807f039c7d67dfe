package dev.nacre.vfio.testing;

import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;
import dev.nacre.core.FbRequest;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** Memory of a GPU, and who has which part of it. */
public final class FakeMemory {
    private static final int PAGE = 4096;

    private final long bytes;
    private final TreeMap<Long, Long> taken = new TreeMap<>();
    private final Map<Long, byte[]> pages = new HashMap<>();

    FakeMemory(long bytes) {
        this.bytes = bytes;
    }

    /** Writes a byte. */
    public synchronized void write(long at, byte value) {
        pages.computeIfAbsent(at / PAGE, page -> new byte[PAGE])[(int) (at % PAGE)] = value;
    }

    /** Reads a byte. */
    public synchronized byte read(long at) {
        byte[] page = pages.get(at / PAGE);
        return page == null ? 0 : page[(int) (at % PAGE)];
    }

    /** Fills whole pages with zeros. */
    synchronized void clear(long at, long length) {
        pages.keySet().removeIf(page -> page >= at / PAGE && page < (at + length) / PAGE);
    }

    /** Whether a part holds nothing but zeros. */
    public synchronized boolean isClear(long at, long length) {
        return pages.entrySet().stream()
                .filter(entry -> entry.getKey() >= at / PAGE && entry.getKey() < (at + length) / PAGE)
                .allMatch(entry -> Arrays.equals(entry.getValue(), new byte[PAGE]));
    }

    long bytes() {
        return bytes;
    }

    synchronized long take(FbRequest request) {
        long size = Math.ceilDiv(request.bytes(), PAGE) * PAGE;
        if (request.fixedOffset().isPresent()) {
            long at = request.fixedOffset().getAsLong();
            requireFree(at, size);
            taken.put(at, size);
            return at;
        }
        long at = 0;
        for (Map.Entry<Long, Long> entry : taken.entrySet()) {
            if (entry.getKey() - at >= size) {
                break;
            }
            at = Math.ceilDiv(entry.getKey() + entry.getValue(), request.alignBytes()) * request.alignBytes();
        }
        requireFree(at, size);
        taken.put(at, size);
        return at;
    }

    synchronized void give(long at) {
        taken.remove(at);
    }

    private void requireFree(long at, long size) {
        Map.Entry<Long, Long> before = taken.lowerEntry(at + size);
        if (at + size > bytes || (before != null && before.getKey() + before.getValue() > at)) {
            throw new CoreException(CoreError.NO_SPACE, "No memory is left: at=" + at + " bytes=" + size);
        }
    }
}
