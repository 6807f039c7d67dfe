package dev.nacre.drm.nouveau;

import dev.nacre.core.AddressSpace;
import dev.nacre.core.BindRequest;
import dev.nacre.core.CoreException;
import dev.nacre.drm.DrmException;
import dev.nacre.drm.sync.Fence;
import dev.nacre.linux.Errno;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The virtual addresses of a file whose client leaves them to the driver: each of its objects has one place. Any thread. */
final class LegacyVm {
    // HW: huge pages; a place for an object that has some is a multiple of one
    private static final long HUGE_BYTES = 2 << 20;
    private static final long BIG_BYTES = 64 << 10;

    // Not 0, which programs take for nothing.
    private static final long FIRST = HUGE_BYTES;

    private final AddressSpace space;
    private final long end;

    // Guarded by this.
    private final Map<NouveauObject, Long> places = new HashMap<>();
    private final TreeMap<Long, Long> taken = new TreeMap<>();
    private long next = FIRST;

    LegacyVm(AddressSpace space) {
        this.space = space;
        this.end = GpuVm.endOf(space);
    }

    /**
     * The address of an object, which is put somewhere if it is nowhere yet.
     *
     * @param object the space takes a reference of its own
     * @throws DrmException with ENOMEM if there is no place
     */
    synchronized long place(NouveauObject object) {
        Long known = places.get(object);
        if (known != null) {
            return known;
        }
        long address = find(object.bytes());
        boolean _ = object.tryRetain();
        try {
            space.bind(new BindRequest(address, object.memory(), 0, object.bytes(), true, object.kind()));
        } catch (CoreException e) {
            object.close();
            throw e;
        }
        places.put(object, address);
        taken.put(address, object.bytes());
        next = address + object.bytes();
        return address;
    }

    private long find(long bytes) {
        long align = bytes >= HUGE_BYTES ? HUGE_BYTES : BIG_BYTES;
        long found = findFrom(next, bytes, align);
        if (found < 0) {
            found = findFrom(FIRST, bytes, align);
        }
        if (found < 0) {
            throw new DrmException(Errno.ENOMEM, "No virtual addresses are left: bytes=" + bytes);
        }
        return found;
    }

    /** The first gap from an address on; -1 if there is none. */
    private long findFrom(long from, long bytes, long align) {
        long at = up(from, align);
        Map.Entry<Long, Long> below = taken.floorEntry(at);
        if (below != null) {
            at = Math.max(at, up(below.getKey() + below.getValue(), align));
        }
        for (Map.Entry<Long, Long> one : taken.tailMap(at, true).entrySet()) {
            if (bytes <= one.getKey() - at) {
                return at;
            }
            at = Math.max(at, up(one.getKey() + one.getValue(), align));
        }
        return bytes <= end - at ? at : -1;
    }

    private static long up(long value, long align) {
        return value + align - 1 & -align;
    }

    /** Forgets an object that has a place, as soon as work has ended that uses it. */
    void forget(NouveauObject object, JobQueue queue) {
        synchronized (this) {
            if (!places.containsKey(object)) {
                return;
            }
        }
        List<Fence> users = object.users(true);
        Fence done = new Fence();
        JobQueue.Work work = () -> {
            remove(object);
            done.signal();
        };
        try {
            queue.add(new JobQueue.Job(users, 1, work, done), () -> {});
        } catch (DrmException e) {
            // Too many wait: it goes with the file.
            done.signal();
        }
    }

    private void remove(NouveauObject object) {
        synchronized (this) {
            Long address = places.remove(object);
            if (address == null) {
                return;
            }
            taken.remove(address);
            space.unbind(address, object.bytes());
        }
        object.close();
    }

    /** Lets go of everything: the address space was freed. */
    void close() {
        List<NouveauObject> left;
        synchronized (this) {
            left = List.copyOf(places.keySet());
            places.clear();
            taken.clear();
        }
        left.forEach(NouveauObject::close);
    }
}
