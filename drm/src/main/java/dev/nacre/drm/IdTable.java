package dev.nacre.drm;

import dev.nacre.linux.Errno;
import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Numbers from 1 for things: always the lowest that is free, as the kernel's idr gives them. One thread at a time.
 *
 * @param <T> the things
 */
public final class IdTable<T> {
    private final int most;
    private final Map<Integer, T> byId = new HashMap<>();
    private final PriorityQueue<Integer> free = new PriorityQueue<>();
    private int next = 1;

    /**
     * An empty table.
     *
     * @param most how many numbers there can be
     */
    public IdTable(int most) {
        this.most = most;
    }

    /**
     * Adds a thing.
     *
     * @return its number
     * @throws DrmException with ENOMEM if there are too many
     */
    public int add(T thing) {
        if (byId.size() >= most) {
            throw new DrmException(Errno.ENOMEM, "Too many handles: most=" + most);
        }
        Integer reused = free.poll();
        int id = reused == null ? next++ : reused;
        byId.put(id, thing);
        return id;
    }

    /** The thing with a number; null if there is none. */
    public @Nullable T find(int id) {
        return byId.get(id);
    }

    /** Removes the thing with a number; null if there is none. */
    public @Nullable T remove(int id) {
        T thing = byId.remove(id);
        if (thing != null) {
            free.add(id);
        }
        return thing;
    }

    /** How many there are. */
    public int count() {
        return byId.size();
    }

    /** Removes all. */
    public Map<Integer, T> drain() {
        Map<Integer, T> all = Map.copyOf(byId);
        byId.clear();
        free.clear();
        next = 1;
        return all;
    }
}
