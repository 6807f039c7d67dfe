package dev.nacre.drm.nouveau;

import dev.nacre.core.AddressSpace;
import dev.nacre.core.BindRequest;
import dev.nacre.drm.DrmException;
import dev.nacre.drm.sync.Fence;
import dev.nacre.linux.Errno;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The virtual addresses of a file whose client manages them. What is bound is known as soon as a bind is asked for; the
 * page tables follow when its job runs. Any thread.
 */
// HW: the rules are those of nouveau_uvmm.c
final class GpuVm {
    // GUEST: page tables are made for sparse ranges too
    private static final long MOST_SPARSE_BYTES = 256L << 30;
    private static final long SPARSE_PIECE_BYTES = 4L << 30;
    private static final int MOST_MAPPINGS = 1 << 18;
    private static final long PAGE_BYTES = 4096;

    // HW: the core's part of an address space
    private static final long CORE_BYTES = 4L << 30;

    private final AddressSpace space;
    private final long kernelStart;
    private final long kernelEnd;
    private final long end;

    // Guarded by this.
    private final TreeMap<Long, Mapping> mappings = new TreeMap<>();
    private final TreeMap<Long, Long> regions = new TreeMap<>();
    private final Deque<Fence> work = new ArrayDeque<>();
    private final Set<Changes> outstanding = new HashSet<>();
    private long sparseBytes;

    /**
     * An empty space.
     *
     * @param kernelStart where the range begins that its client leaves to the driver
     * @param kernelEnd where it ends
     */
    GpuVm(AddressSpace space, long kernelStart, long kernelEnd) {
        this.space = space;
        this.kernelStart = kernelStart;
        this.kernelEnd = kernelEnd;
        this.end = endOf(space);
    }

    /** Where the addresses end that are not the core's. */
    static long endOf(AddressSpace space) {
        return (1L << space.addressBits()) - CORE_BYTES;
    }

    /** A part of an object, from an address on. */
    private record Mapping(long bytes, NouveauObject object, long offset, int kind) {}

    /**
     * What a client asks for.
     *
     * @param object what to map, with a reference; unused otherwise
     */
    record Request(Op op, long address, long bytes, Optional<NouveauObject> object, long offset, int kind) {}

    /** What is done to a range. */
    enum Op {
        MAP,
        UNMAP,
        MAP_SPARSE,
        UNMAP_SPARSE
    }

    /** Changes that were decided on, to be made in their order; and what they no longer need afterwards. */
    final class Changes {
        private final List<Runnable> steps = new ArrayList<>();
        private final List<Runnable> undo = new ArrayList<>();
        private final List<NouveauObject> released = new ArrayList<>();

        /**
         * Makes them.
         *
         * @throws dev.nacre.core.CoreException if the page tables cannot be changed; what they may still hold is kept
         */
        void make() {
            steps.forEach(Runnable::run);
            synchronized (GpuVm.this) {
                outstanding.remove(this);
            }
            released.forEach(NouveauObject::close);
        }

        /** They are not made after all. Nothing has been decided on since. */
        void takeBack() {
            synchronized (GpuVm.this) {
                for (int i = undo.size() - 1; i >= 0; i--) {
                    undo.get(i).run();
                }
                outstanding.remove(this);
            }
        }
    }

    /** Work that may use anything that is bound. */
    synchronized List<Fence> work() {
        return work.stream().filter(fence -> !fence.isSignalled()).toList();
    }

    /** Work may use anything that is bound. */
    synchronized void use(Fence done) {
        work.removeIf(Fence::isSignalled);
        work.add(done);
    }

    /**
     * Decides on changes.
     *
     * @throws DrmException with EINVAL, ENOENT, ENOSPC or ENOMEM if one cannot be; nothing has changed then
     */
    synchronized Changes decide(List<Request> requests) {
        requests.forEach(this::requireRange);
        for (Request request : requests) {
            if (request.op == Op.MAP || request.op == Op.MAP_SPARSE) {
                requireOneRegion(request);
            }
        }
        Changes changes = new Changes();
        outstanding.add(changes);
        try {
            requests.forEach(request -> decide(request, changes));
        } catch (DrmException e) {
            changes.takeBack();
            throw e;
        }
        return changes;
    }

    private void requireRange(Request request) {
        if (request.op == Op.MAP) {
            long size = request.object.orElseThrow().bytes();
            // GUEST: unsigned; an offset beyond the object is refused before anything is subtracted from its size
            if (request.offset % PAGE_BYTES != 0
                    || Long.compareUnsigned(size, request.offset) <= 0
                    || Long.compareUnsigned(request.bytes, size - request.offset) > 0) {
                throw new DrmException(Errno.EINVAL, "Part does not lie in its object");
            }
        }
        long address = request.address;
        long bytes = request.bytes;
        boolean inside = address >= 0 && bytes > 0 && address <= end && bytes <= end - address;
        boolean inKernels = address < kernelEnd && address + bytes > kernelStart;
        if (address % PAGE_BYTES != 0 || bytes % PAGE_BYTES != 0 || !inside || inKernels) {
            throw new DrmException(Errno.EINVAL, "Range is not the client's: address=0x" + Long.toHexString(address));
        }
    }

    /** Memory lies in one sparse region, or in none; a region overlaps no other. */
    private void requireOneRegion(Request request) {
        long until = request.address + request.bytes;
        Map.Entry<Long, Long> region = regions.lowerEntry(until);
        if (region == null || region.getKey() + region.getValue() <= request.address) {
            return;
        }
        boolean encloses = region.getKey() <= request.address && region.getKey() + region.getValue() >= until;
        if (request.op == Op.MAP_SPARSE || !encloses) {
            throw new DrmException(Errno.ENOSPC, "Range overlaps a sparse one");
        }
    }

    private void decide(Request request, Changes changes) {
        long address = request.address;
        long bytes = request.bytes;
        switch (request.op) {
            case MAP -> {
                requireOneRegion(request);
                map(request, changes);
            }
            case UNMAP -> unmap(address, bytes, changes);
            case MAP_SPARSE -> mapSparse(request, changes);
            case UNMAP_SPARSE -> {
                Long region = regions.get(address);
                if (region == null || region != bytes) {
                    throw new DrmException(Errno.ENOENT, "No such sparse range");
                }
                boolean _ = clear(address, bytes, changes);
                regions.remove(address);
                sparseBytes -= bytes;
                changes.undo.add(() -> {
                    regions.put(address, bytes);
                    sparseBytes += bytes;
                });
                changes.steps.add(() -> space.unbind(address, bytes));
            }
        }
    }

    private void map(Request request, Changes changes) {
        long address = request.address;
        long bytes = request.bytes;
        if (mappings.size() >= MOST_MAPPINGS) {
            throw new DrmException(Errno.ENOMEM, "Too many mappings: most=" + MOST_MAPPINGS);
        }
        boolean isTaken = clear(address, bytes, changes) || isSparse(address, bytes);
        NouveauObject object = request.object.orElseThrow();
        put(address, new Mapping(bytes, object, request.offset, request.kind), changes);
        if (isTaken) {
            changes.steps.add(() -> space.unbind(address, bytes));
        }
        BindRequest bind = new BindRequest(address, object.memory(), request.offset, bytes, true, request.kind);
        changes.steps.add(() -> space.bind(bind));
    }

    private void unmap(long address, long bytes, Changes changes) {
        if (!clear(address, bytes, changes)) {
            return;
        }
        changes.steps.add(() -> space.unbind(address, bytes));
        // What was sparse before memory came is sparse again.
        long until = address + bytes;
        for (Map.Entry<Long, Long> region : regions.headMap(until).entrySet()) {
            long from = Math.max(address, region.getKey());
            long to = Math.min(until, region.getKey() + region.getValue());
            if (from < to) {
                changes.steps.add(() -> bindSparse(from, to - from));
            }
        }
    }

    private void mapSparse(Request request, Changes changes) {
        long address = request.address;
        long bytes = request.bytes;
        requireOneRegion(request);
        Map.Entry<Long, Mapping> below = mappings.lowerEntry(address + bytes);
        if (below != null && below.getKey() + below.getValue().bytes > address) {
            throw new DrmException(Errno.ENOSPC, "Something is mapped there");
        }
        if (bytes > MOST_SPARSE_BYTES - sparseBytes || regions.size() >= MOST_MAPPINGS) {
            throw new DrmException(Errno.ENOMEM, "Too much is sparse: most=" + MOST_SPARSE_BYTES);
        }
        regions.put(address, bytes);
        sparseBytes += bytes;
        changes.undo.add(() -> {
            regions.remove(address);
            sparseBytes -= bytes;
        });
        changes.steps.add(() -> bindSparse(address, bytes));
    }

    /** In pieces: others use the GPU too, and the core does one thing at a time. */
    private void bindSparse(long address, long bytes) {
        for (long done = 0; done < bytes; done += SPARSE_PIECE_BYTES) {
            space.bindSparse(address + done, Math.min(SPARSE_PIECE_BYTES, bytes - done));
        }
    }

    private boolean isSparse(long address, long bytes) {
        Map.Entry<Long, Long> region = regions.lowerEntry(address + bytes);
        return region != null && region.getKey() + region.getValue() > address;
    }

    /** Forgets what is mapped in a range, but keeps what lies across its ends. Returns whether there was anything. */
    private boolean clear(long address, long bytes, Changes changes) {
        long until = address + bytes;
        boolean any = false;
        Map.Entry<Long, Mapping> below = mappings.lowerEntry(until);
        while (below != null && below.getKey() + below.getValue().bytes > address) {
            any = true;
            long from = below.getKey();
            Mapping hit = below.getValue();
            long to = from + hit.bytes;
            if (from < address) {
                retain(from, new Mapping(address - from, hit.object, hit.offset, hit.kind), hit, changes);
            } else {
                take(from, hit, changes);
            }
            if (to > until) {
                put(until, new Mapping(to - until, hit.object, hit.offset + (until - from), hit.kind), changes);
            }
            below = mappings.lowerEntry(Math.max(address, from));
        }
        return any;
    }

    /** Has a mapping be shorter at its end. */
    private void retain(long from, Mapping shorter, Mapping old, Changes changes) {
        mappings.put(from, shorter);
        changes.undo.add(() -> mappings.put(from, old));
    }

    private void put(long from, Mapping mapping, Changes changes) {
        boolean _ = mapping.object.tryRetain();
        mapping.object.bound(this, 1);
        mappings.put(from, mapping);
        changes.undo.add(() -> {
            mappings.remove(from);
            mapping.object.bound(this, -1);
            mapping.object.close();
        });
    }

    private void take(long from, Mapping mapping, Changes changes) {
        mappings.remove(from);
        changes.released.add(mapping.object);
        changes.undo.add(() -> mappings.put(from, mapping));
        mapping.object.bound(this, -1);
        changes.undo.add(() -> mapping.object.bound(this, 1));
    }

    /** Lets go of everything: the address space was freed. */
    void close() {
        List<Mapping> left;
        List<NouveauObject> released = new ArrayList<>();
        synchronized (this) {
            left = List.copyOf(mappings.values());
            outstanding.forEach(changes -> released.addAll(changes.released));
            outstanding.clear();
            mappings.clear();
            regions.clear();
            work.clear();
        }
        for (Mapping mapping : left) {
            mapping.object.bound(this, -1);
            mapping.object.close();
        }
        released.forEach(NouveauObject::close);
    }
}
