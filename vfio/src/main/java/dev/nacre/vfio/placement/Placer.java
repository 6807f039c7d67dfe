package dev.nacre.vfio.placement;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Finds places for virtual GPUs. It remembers nothing: who has which place is said in every call, and the places of a type
 * are always the same.
 *
 * @param board what there is to share out
 * @param mode whether the board takes different types at a time
 */
public record Placer(BoardLayout board, PlacementMode mode) {
    // HW: NVIDIA open-gpu-kernel-modules 595: plugin heaps begin at a huge page
    static final long HEAP_ALIGN_BYTES = 2L << 20;

    // HW: as above: memory is halved to a sixteenth
    private static final int MOST_HALVINGS = 4;

    /** All places that a type has on the empty board, by id. None if it is too large. */
    public List<Place> places(Footprint type) {
        if (type.profileGib() > board.regionGib()) {
            return List.of();
        }
        return switch (board.rule()) {
            case EVEN -> even(type);
            case HALVING ->
                switch (mode) {
                    case HOMOGENEOUS -> inLine(type);
                    case HETEROGENEOUS -> halved(type);
                };
        };
    }

    /** The places of a type that overlap none that is taken, by id. */
    public List<Place> free(Footprint type, Collection<Place> taken) {
        return places(type).stream()
                .filter(place -> taken.stream().noneMatch(place::overlaps))
                .toList();
    }

    /** The free place of a type in the smallest gap, the first of those; empty if there is none. */
    public Optional<Place> choose(Footprint type, Collection<Place> taken) {
        Place best = null;
        int smallest = Integer.MAX_VALUE;
        for (Place place : free(type, taken)) {
            int gap = gapGib(place, taken);
            if (gap < smallest) {
                best = place;
                smallest = gap;
            }
        }
        return Optional.ofNullable(best);
    }

    /**
     * The place of a type with an id.
     *
     * @throws IllegalArgumentException naming the ids that are free, if there is no such place or it is taken
     */
    public Place at(Footprint type, int id, Collection<Place> taken) {
        List<Place> free = free(type, taken);
        return free.stream().filter(place -> place.id() == id).findFirst().orElseThrow(() -> {
            boolean known = places(type).stream().anyMatch(place -> place.id() == id);
            String ids = free.stream().map(place -> String.valueOf(place.id())).collect(Collectors.joining(", "));
            return new IllegalArgumentException((known ? "Place is taken: id=" : "There is no such place: id=") + id
                    + " free=" + (ids.isEmpty() ? "none" : ids));
        });
    }

    /** GiB around a free place that nobody has. */
    private int gapGib(Place place, Collection<Place> taken) {
        int from = 0;
        int to = board.regionGib();
        for (Place other : taken) {
            if (other.id() < place.id()) {
                from = Math.max(from, other.id() + other.sizeGib());
            } else {
                to = Math.min(to, other.id());
            }
        }
        return to - from;
    }

    // HW: as above, homogeneous before Blackwell: id = instance * size, memory one after the other
    private List<Place> inLine(Footprint type) {
        long slot = alignUp(fbBytes(type) + heapBytes(type), board.segmentBytes());
        List<Place> places = new ArrayList<>();
        int most = Math.min(type.maxInstances(), board.regionGib() / type.profileGib());
        for (int i = 0; i < most && slot * (i + 1) <= board.fbBytes(); i++) {
            long start = board.fbOffset() + slot * i;
            places.add(place(type, i * type.profileGib(), type.profileGib(), start, start + slot));
        }
        return places;
    }

    // HW: as above, heterogeneous before Blackwell: ids at halves, quarters, eighths and sixteenths only
    private List<Place> halved(Footprint type) {
        int size = board.regionGib();
        for (int i = 0; i < MOST_HALVINGS && size % 2 == 0 && size / 2 >= type.profileGib(); i++) {
            size /= 2;
        }
        List<Place> places = new ArrayList<>();
        for (int id = 0; id + size <= board.regionGib(); id += size) {
            addInProportion(places, type, id, size);
        }
        return places;
    }

    // HW: as above, Blackwell: id = region * instance / instances; 2 GiB types of a 96 GiB board count as 3 GiB
    private List<Place> even(Footprint type) {
        int count = Math.min(type.maxInstances(), board.regionGib() / type.profileGib());
        List<Place> places = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int id = board.regionGib() * i / count;
            addInProportion(places, type, id, board.regionGib() * (i + 1) / count - id);
        }
        return places;
    }

    private void addInProportion(List<Place> places, Footprint type, int id, int sizeGib) {
        long start = board.offset(id);
        long end = board.offset(id + sizeGib);
        if (fbBytes(type) + heapBytes(type) <= end - start) {
            places.add(place(type, id, sizeGib, start, end));
        }
    }

    /** The guest's memory at the start of a slot, the plugin's at its end. */
    private Place place(Footprint type, int id, int sizeGib, long start, long end) {
        long heap = heapBytes(type);
        return new Place(id, sizeGib, start, fbBytes(type), end - heap, heap);
    }

    private long fbBytes(Footprint type) {
        return alignUp(type.fbBytes(), board.segmentBytes());
    }

    private static long heapBytes(Footprint type) {
        return alignUp(type.heapBytes(), HEAP_ALIGN_BYTES);
    }

    private static long alignUp(long bytes, long granule) {
        return Math.ceilDiv(bytes, granule) * granule;
    }
}
