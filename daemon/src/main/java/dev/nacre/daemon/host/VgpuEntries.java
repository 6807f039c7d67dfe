package dev.nacre.daemon.host;

import dev.nacre.daemon.state.DefinitionStore;
import dev.nacre.daemon.state.VgpuDefinition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The virtual GPUs of all boards. What is in here is kept by the store, and the other way round. Any thread. */
final class VgpuEntries {
    private final DefinitionStore store;

    /** Held while the store is changed; taken before this object's own lock. */
    private final Object storing = new Object();

    // Guarded by this.
    private final Map<String, VgpuEntry> byName = new TreeMap<>();
    private final Map<String, UUID> reserved = new HashMap<>();

    VgpuEntries(DefinitionStore store) {
        this.store = store;
    }

    /** Adds one that the store has. */
    synchronized void addKept(VgpuEntry entry) {
        byName.put(entry.name(), entry);
    }

    /** All, by name. */
    synchronized List<VgpuEntry> all() {
        return List.copyOf(byName.values());
    }

    /** One by its name or its id. @throws ServiceException with {@link ServiceError#NOT_FOUND} */
    synchronized VgpuEntry find(String nameOrUuid) {
        VgpuEntry entry = byName.get(nameOrUuid);
        if (entry != null) {
            return entry;
        }
        return byName.values().stream()
                .filter(it -> it.definition().uuid().toString().equals(nameOrUuid))
                .findFirst()
                .orElseThrow(
                        () -> new ServiceException(ServiceError.NOT_FOUND, "There is no virtual GPU " + nameOrUuid));
    }

    /** Has nobody else take a name and an id. @throws ServiceException with {@link ServiceError#BUSY} if they are taken */
    synchronized void reserve(String name, UUID uuid) {
        if (byName.containsKey(name) || reserved.containsKey(name)) {
            throw new ServiceException(ServiceError.BUSY, "There is a virtual GPU " + name + " already");
        }
        boolean taken = reserved.containsValue(uuid)
                || byName.values().stream()
                        .anyMatch(it -> it.definition().uuid().equals(uuid));
        if (taken) {
            throw new ServiceException(ServiceError.BUSY, "There is a virtual GPU with the id " + uuid + " already");
        }
        reserved.put(name, uuid);
    }

    /** Ends a reservation, whatever has become of it. */
    synchronized void endReservation(String name) {
        reserved.remove(name);
    }

    /**
     * Adds one, and has the store keep it.
     *
     * @throws dev.nacre.daemon.state.StateException if it cannot be kept; it is not added
     */
    void add(VgpuEntry entry) {
        synchronized (storing) {
            List<VgpuDefinition> kept = kept(null);
            kept.add(entry.definition());
            store.save(kept);
            synchronized (this) {
                byName.put(entry.name(), entry);
            }
        }
    }

    /**
     * Has the store forget one, which is still listed, and whose name stays taken, until {@link #remove}.
     *
     * @throws dev.nacre.daemon.state.StateException if the store cannot; nothing has changed
     */
    void forget(VgpuEntry entry) {
        synchronized (storing) {
            store.save(kept(entry));
            entry.forgotten = true;
        }
    }

    /** Removes one that was forgotten. */
    synchronized void remove(VgpuEntry entry) {
        byName.remove(entry.name(), entry);
    }

    private synchronized List<VgpuDefinition> kept(@Nullable VgpuEntry without) {
        List<VgpuDefinition> kept = new ArrayList<>();
        for (VgpuEntry entry : byName.values()) {
            if (entry != without && !entry.forgotten) {
                kept.add(entry.definition());
            }
        }
        return kept;
    }
}
