package dev.nacre.drm.nouveau;

import dev.nacre.drm.Access;
import dev.nacre.drm.DrmException;
import dev.nacre.drm.Ioctl;
import dev.nacre.drm.IoctlCall;
import dev.nacre.drm.nouveau.Uapi.VmBind;
import dev.nacre.drm.nouveau.Uapi.VmBindOp;
import dev.nacre.drm.nouveau.Uapi.VmInit;
import dev.nacre.drm.sync.Fence;
import dev.nacre.linux.Errno;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Addresses that the client manages: VM_INIT, VM_BIND. */
// HW: nouveau_uvmm.c
final class VmIoctls {
    // GUEST: clients bind a page, or thousands for a sparse texture
    private static final int MOST_OPS = 1 << 16;

    // TIMEOUT: binds wait for binds, which may wait for what the client likes; the end of the file ends the wait
    private static final long FOREVER_NS = Long.MAX_VALUE / 4;

    List<Ioctl> all() {
        Set<Access> anybody = Set.of(Access.RENDER_ALLOW);
        int base = Uapi.COMMAND_BASE;
        return List.of(
                new Ioctl(base + 0x10, "NOUVEAU_VM_INIT", VmInit.BYTES, anybody, VmIoctls::init),
                new Ioctl(base + 0x11, "NOUVEAU_VM_BIND", VmBind.BYTES, anybody, VmIoctls::bind));
    }

    private static void init(IoctlCall call) {
        long start = Uapi.int64(call.arg(), VmInit.KERNEL_ADDR);
        long bytes = Uapi.int64(call.arg(), VmInit.KERNEL_SIZE);
        // GUEST: unsigned, and the sum may be too large
        if (start < 0 || bytes < 0 || start > Uapi.VA_END || bytes > Uapi.VA_END - start) {
            throw new DrmException(Errno.EINVAL, "Range is impossible");
        }
        NouveauFile.of(call.file()).initVm(start, start + bytes);
    }

    private static void bind(IoctlCall call) throws InterruptedException {
        MemorySegment arg = call.arg();
        NouveauFile file = NouveauFile.of(call.file());
        GpuVm _ = file.requireVm();
        boolean async = (Uapi.int32(arg, VmBind.FLAGS) & VmBind.RUN_ASYNC) != 0;
        int waitCount = Uapi.int32(arg, VmBind.WAIT_COUNT);
        int signalCount = Uapi.int32(arg, VmBind.SIG_COUNT);
        int opCount = Uapi.int32(arg, VmBind.OP_COUNT);
        MemorySegment ops = Syncs.array(call, Uapi.int64(arg, VmBind.OP_PTR), opCount, MOST_OPS, VmBindOp.BYTES);
        if (!async && (waitCount != 0 || signalCount != 0)) {
            throw new DrmException(Errno.EINVAL, "Only asynchronous binds have syncobjs");
        }
        List<Fence> waits = Syncs.waits(call, Uapi.int64(arg, VmBind.WAIT_PTR), waitCount);
        List<Syncs.Out> signals = Syncs.signals(call, Uapi.int64(arg, VmBind.SIG_PTR), signalCount);
        Fence done = new Fence();
        List<GpuVm.Request> requests = new ArrayList<>();
        try {
            for (long at = 0; at < ops.byteSize(); at += VmBindOp.BYTES) {
                requests.add(request(call, ops.asSlice(at, VmBindOp.BYTES)));
            }
            submit(call, requests, waits, signals, done);
        } finally {
            requests.forEach(request -> request.object().ifPresent(NouveauObject::close));
        }
        if (!async) {
            boolean _ = done.await(System.nanoTime() + FOREVER_NS);
            done.error().ifPresent(why -> {
                throw new DrmException(why, "Bind failed");
            });
        }
    }

    private static void submit(
            IoctlCall call, List<GpuVm.Request> requests, List<Fence> waits, List<Syncs.Out> signals, Fence done) {
        NouveauFile file = NouveauFile.of(call.file());
        GpuVm vm = file.requireVm();
        // ORDERING: the page tables change in the order in which changes were decided on.
        synchronized (vm) {
            GpuVm.Changes changes = vm.decide(requests);
            JobQueue.Work work = () -> {
                changes.make();
                done.signal();
            };
            try {
                int parts = requests.size() + signals.size();
                file.binds()
                        .add(
                                new JobQueue.Job(waits, parts, work, done),
                                () -> signals.forEach(
                                        one -> one.attach(done, call.file().backlog())));
            } catch (DrmException e) {
                changes.takeBack();
                throw e;
            }
        }
    }

    private static GpuVm.Request request(IoctlCall call, MemorySegment op) {
        int flags = Uapi.int32(op, VmBindOp.FLAGS);
        boolean sparse = (flags & VmBindOp.SPARSE) != 0;
        GpuVm.Op what = switch (Uapi.int32(op, VmBindOp.OP)) {
            case VmBindOp.MAP -> sparse ? GpuVm.Op.MAP_SPARSE : GpuVm.Op.MAP;
            case VmBindOp.UNMAP -> sparse ? GpuVm.Op.UNMAP_SPARSE : GpuVm.Op.UNMAP;
            default -> throw new DrmException(Errno.EINVAL, "Operation is unknown");
        };
        Optional<NouveauObject> object = what == GpuVm.Op.MAP
                ? Optional.of(call.file().gems().lookup(Uapi.int32(op, VmBindOp.HANDLE), NouveauObject.class))
                : Optional.empty();
        return new GpuVm.Request(
                what,
                Uapi.int64(op, VmBindOp.ADDR),
                Uapi.int64(op, VmBindOp.RANGE),
                object,
                Uapi.int64(op, VmBindOp.BO_OFFSET),
                flags & VmBindOp.KIND_MASK);
    }
}
