package dev.nacre.corejava;

import dev.nacre.core.CoreError;
import dev.nacre.core.CoreEvent;
import dev.nacre.core.CoreException;
import dev.nacre.core.VgpuRequest;
import dev.nacre.core.VgpuType;
import dev.nacre.corejava.gpu.BootedGpu;
import dev.nacre.corejava.gpu.RmSession;
import dev.nacre.corejava.gpu.VgpuShares;
import dev.nacre.corejava.vgpu.TypeList;
import dev.nacre.hw.gsp.RpcLayout.PluginTriggered;
import dev.nacre.hw.rm.RmControl;
import dev.nacre.hw.vgpu.VgpuParams;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/** The virtual GPUs of a core: which types there are, and which run. */
final class Vgpus {
    private final GpuParts parts;
    private final EventThread events;

    /** Changed with the gate's lock; by virtual function. */
    private final Map<Integer, VgpuHandle> running = new ConcurrentHashMap<>();

    /** Guarded by the gate, as what follows. */
    private Map<Integer, VgpuType> types = Map.of();

    private boolean heterogeneous;

    private volatile Measured measured = new Measured(0, Map.of());

    /** What the firmware has measured: which time, and what. */
    private record Measured(long number, Map<Integer, VgpuShares> shares) {}

    Vgpus(GpuParts parts, EventThread events) {
        this.parts = parts;
        this.events = events;
    }

    /** Tells the firmware which types there are. With the gate's lock. */
    void define(List<VgpuType> all, boolean mixed) {
        BootedGpu gpu = parts.live().gpu();
        byte[] list = TypeList.parameters(
                all, gpu.vgpu().typeInfo(), gpu.description().pci().device());
        requireNone();
        byte[] mode = new byte[VgpuParams.Flag.BYTES];
        mode[VgpuParams.Flag.FLAG] = (byte) (mixed ? 1 : 0);
        // What the firmware knows is uncertain until it has taken both.
        types = Map.of();
        try (RmSession session = gpu.createSession()) {
            session.control(
                    session.subdevice(),
                    RmControl.NV2080_CTRL_CMD_VGPU_MGR_INTERNAL_SET_VGPU_MGR_CONFIG.number(),
                    mode);
            session.control(
                    session.subdevice(), RmControl.NV2080_CTRL_CMD_VGPU_MGR_INTERNAL_PGPU_ADD_VGPU_TYPE.number(), list);
        }
        Map<Integer, VgpuType> known = new HashMap<>();
        all.forEach(type -> known.put(type.id(), type));
        types = known;
        heterogeneous = mixed;
    }

    /** @throws CoreException with BUSY if a virtual GPU runs, or is about to */
    void requireNone() {
        running.values().stream().findFirst().ifPresent(one -> {
            throw new CoreException(CoreError.BUSY, "Virtual GPUs run: one of them: " + one.describe());
        });
    }

    /**
     * Checks what a virtual GPU is to be of. With the gate's lock.
     *
     * @throws CoreException with INVALID_ARGUMENT or EXISTS
     */
    void check(VgpuRequest request) {
        int functions = parts.live().gpu().description().virtualFunctions();
        require(
                request.vfIndex() >= 0 && request.vfIndex() < functions,
                "vfIndex",
                request.vfIndex(),
                "0 to " + (functions - 1));
        VgpuHandle other = running.get(request.vfIndex());
        if (other != null) {
            throw new CoreException(CoreError.EXISTS, "The virtual function shows a virtual GPU: " + other.describe());
        }
        require(types.containsKey(request.typeId()), "typeId", request.typeId(), types.keySet());
        running.values().stream()
                .filter(one -> !heterogeneous && one.typeId() != request.typeId())
                .findFirst()
                .ifPresent(one -> require(false, "typeId", request.typeId(), one.typeId() + ", which runs"));
        require(request.pciAddress() != 0, "pciAddress", request.pciAddress(), "a virtual function's");
        require(request.processId() >= 1, "processId", request.processId(), "1 or more");
        long segment = parts.live().gpu().description().vmmuSegmentBytes();
        requireAligned("frameBuffer.offset", request.frameBuffer().offset(), segment);
        requireAligned("frameBuffer.bytes", request.frameBuffer().bytes(), segment);
        require(
                request.heap().bytes() >= VgpuRequest.MIN_HEAP_BYTES,
                "heap.bytes",
                request.heap().bytes(),
                VgpuRequest.MIN_HEAP_BYTES + " or more");
    }

    private static void requireAligned(String what, long value, long segment) {
        require(segment > 0 && value % segment == 0, what, value, "a multiple of " + segment);
    }

    static void require(boolean holds, String what, Object value, Object allowed) {
        if (!holds) {
            throw new CoreException(
                    CoreError.INVALID_ARGUMENT,
                    "Virtual GPU is impossible: " + what + "=" + value + " allowed=" + allowed);
        }
    }

    /** One is about to run. With the gate's lock. */
    void add(int vfIndex, VgpuHandle one) {
        running.put(vfIndex, one);
    }

    /** One has ended. With the gate's lock. */
    void remove(int vfIndex) {
        running.remove(vfIndex);
    }

    /** A plugin has something to say. Any thread. */
    void notice(int vfIndex, int index) {
        // GUEST: the firmware names it.
        if (vfIndex < 0 || vfIndex >= parts.live().gpu().description().virtualFunctions()) {
            return;
        }
        VgpuHandle one = running.get(vfIndex);
        if (one != null && index == PluginTriggered.NOTIFY_FAILED) {
            one.died();
        }
        events.post(new CoreEvent.VgpuNotice(vfIndex, index));
    }

    /** The firmware has measured. The interrupt thread. */
    void shares(Map<Integer, VgpuShares> next) {
        Measured last = measured;
        measured = new Measured(last.number + 1, next);
    }

    /** How often it has measured. */
    long measured() {
        return measured.number;
    }

    /**
     * What it has measured last of one.
     *
     * @param before how often it had measured when that one started: what is older is of another
     */
    VgpuShares shares(int gfid, long before) {
        Measured last = measured;
        return last.number == before
                ? VgpuShares.NONE
                : Objects.requireNonNullElse(last.shares.get(gfid), VgpuShares.NONE);
    }
}
