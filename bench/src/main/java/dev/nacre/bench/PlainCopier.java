package dev.nacre.bench;

import dev.nacre.linux.Fd;
import dev.nacre.linux.Mapping;
import dev.nacre.linux.Memfd;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** The JVM's own copies within memory files, as the memory of boards is. */
final class PlainCopier implements Copier {
    /** What the table calls them. */
    static final String NAME = "MemorySegment.copy, 32 MiB";

    /** One memory file of both. */
    private record Place(Mapping mapping, MemorySegment from, MemorySegment to) {}

    private final List<Place> places = new ArrayList<>();

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void addPlace() {
        try (Fd file = Memfd.ofFixedSize("nacre-bench", 2L * BYTES)) {
            Mapping mapping = Mapping.map(file, 0, 2L * BYTES, Mapping.Access.READ_WRITE);
            MemorySegment from = mapping.segment().asSlice(0, BYTES).fill((byte) 1);
            MemorySegment to = mapping.segment().asSlice(BYTES, BYTES).fill((byte) 2);
            places.add(new Place(mapping, from, to));
        }
    }

    @Override
    public void copySmall(int bytes) {
        copyNs(0, bytes);
    }

    @Override
    public long copyNs(int place) {
        return copyNs(place, BYTES);
    }

    private long copyNs(int place, int bytes) {
        MemorySegment from = places.get(place).from;
        MemorySegment to = places.get(place).to;
        long start = System.nanoTime();
        MemorySegment.copy(from, 0, to, 0, bytes);
        return System.nanoTime() - start;
    }

    @Override
    public void verify() {
        for (Place place : places) {
            if (place.from.mismatch(place.to) >= 0) {
                throw new IllegalStateException("The copied data is wrong");
            }
        }
    }

    @Override
    public void close() {
        places.forEach(place -> place.mapping.close());
    }
}
