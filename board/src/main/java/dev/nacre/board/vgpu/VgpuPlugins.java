package dev.nacre.board.vgpu;

import dev.nacre.board.engine.SharingPolicy;
import dev.nacre.board.fb.Vram;
import dev.nacre.board.state.StateReader;
import dev.nacre.board.state.StateWriter;
import dev.nacre.hw.rm.RmStatus;
import dev.nacre.hw.vgpu.TypeInfo;
import dev.nacre.hw.vgpu.VgpuAbi;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The plugins of a board's firmware, one for each virtual GPU, and the types that those can be of. Everything comes from the
 * driver of the board, and may be anything.
 *
 * <p>GSP's engine thread, but for what says otherwise.
 */
public final class VgpuPlugins {
    // HW: NV_VIRTUAL_FUNCTION doorbells have 6 bits for the function; 0 is the board itself.
    private static final int MAX_GFID = 63;

    // HW: NVIDIA's documentation of virtual GPUs: RmPVMRL has the policy in bits 7:0, milliseconds in bits 23:16
    private static final int POLICY_MASK = 0xff;
    private static final int EQUAL_SHARE = 0x01;
    private static final int FIXED_SHARE = 0x11;
    private static final int SLICE_SHIFT = 16;
    private static final int SLICE_MASK = 0xff;
    private static final int MAX_SLICE_MS = 30;

    // TIMEOUT: a plugin ends in a few milliseconds unless its guest's GPU is being reset; so much of a pass may pass.
    private static final long PATIENCE_NS = TimeUnit.MILLISECONDS.toNanos(5);

    // TIMEOUT: resets take up to some 100 ms, and each plugin waits for the others'; far more than that.
    private static final long END_NS = TimeUnit.SECONDS.toNanos(5);

    private final Vram vram;
    private final GuestGpus guests;
    private final PluginListener listener;
    private final AtomicReferenceArray<@Nullable PluginTask> tasks = new AtomicReferenceArray<>(MAX_GFID + 1);
    private final System.Logger log = System.getLogger(VgpuPlugins.class.getName());
    private Sriov sriov = Sriov.NONE;
    private boolean frameRateLimited = true;
    private final AtomicLong endedDefects = new AtomicLong();

    private final PluginTask.Admission admission = new PluginTask.Admission() {
        @Override
        public @Nullable PluginType admit(PluginTask task, int typeId) {
            return VgpuPlugins.this.admit(task, typeId);
        }

        @Override
        public void withdraw(PluginTask task) {
            release(task);
        }
    };

    private final Object lock = new Object();

    // Guarded by lock, as all below: plugins ask for their types on their own threads.
    private Map<Integer, PluginType> types = Map.of();
    private final Map<PluginTask, Integer> typeOfTask = new LinkedHashMap<>();
    private boolean heterogeneous;

    /**
     * Makes the firmware's side of a board that can have virtual functions.
     *
     * @param vram the board's memory
     * @param guests makes the guests' GPUs
     * @param listener is told what plugins tell
     */
    public VgpuPlugins(Vram vram, GuestGpus guests, PluginListener listener) {
        this.vram = vram;
        this.guests = guests;
        this.listener = listener;
        guests.onChange(this::ring);
    }

    /** The driver has told of its virtual functions: GSP_VF_INFO, and where the board is. */
    public void virtualFunctions(int totalVfs, int firstVfOffset, int pfAddress) {
        sriov = sriov.withFunctions(Math.clamp(totalVfs, 0, MAX_GFID), firstVfOffset, pfAddress);
    }

    /** The driver has said whether the board is to be shared. */
    public void sriovMode(boolean on) {
        sriov = sriov.withMode(on);
    }

    /**
     * The firmware starts.
     *
     * @param partitions for how many plugins its heap was laid out
     * @param usableEnd end of the memory that is not the firmware's
     */
    public void start(int partitions, long usableEnd) {
        sriov = new Sriov(false, 0, 0, 0, partitions, usableEnd);
    }

    /** The driver has said how time is to be divided: RmPVMRL. */
    public void scheduling(int setting) {
        SharingPolicy policy = switch (setting & POLICY_MASK) {
            case EQUAL_SHARE -> SharingPolicy.EQUAL_SHARE;
            case FIXED_SHARE -> SharingPolicy.FIXED_SHARE;
            default -> SharingPolicy.BEST_EFFORT;
        };
        // GUEST: any 8 bits; longer slices than there can be are the longest.
        guests.scheduling(policy, Math.min(setting >>> SLICE_SHIFT & SLICE_MASK, MAX_SLICE_MS));
        frameRateLimited = policy == SharingPolicy.BEST_EFFORT;
    }

    /** Whether frame rates are limited: they are not where the division of time does that. */
    public boolean frameRateLimited() {
        return frameRateLimited;
    }

    /** The highest number of a virtual function that can show a GPU; 0 if there can be no virtual GPUs. */
    public int maxGfid() {
        return sriov.enabled() ? sriov.totalVfs() : 0;
    }

    /** Granularity of guests' memory in bytes. */
    public long segmentBytes() {
        return guests.vmmuSegmentBytes();
    }

    /**
     * Takes types.
     *
     * @param discard whether they replace those that there are
     */
    public RmStatus define(boolean discard, List<PluginType> added) {
        synchronized (lock) {
            if (discard && any()) {
                return RmStatus.NV_ERR_STATE_IN_USE;
            }
            Map<Integer, PluginType> all = new LinkedHashMap<>(discard ? Map.of() : types);
            for (PluginType type : added) {
                Optional<String> defect = type.defect();
                if (defect.isPresent() || all.putIfAbsent(type.id(), type) != null) {
                    log.log(
                            System.Logger.Level.WARNING,
                            "Type of virtual GPUs is refused: type=" + type.id() + " "
                                    + defect.orElse("is there already"));
                    return RmStatus.NV_ERR_INVALID_ARGUMENT;
                }
            }
            if (all.size() > TypeInfo.MAX_TYPES) {
                return RmStatus.NV_ERR_INSUFFICIENT_RESOURCES;
            }
            types = all;
            return RmStatus.NV_OK;
        }
    }

    /** Lets types of virtual GPUs differ, or not; not while there are any. */
    public RmStatus heterogeneous(boolean allowed) {
        synchronized (lock) {
            if (any() && allowed != heterogeneous) {
                return RmStatus.NV_ERR_STATE_IN_USE;
            }
            heterogeneous = allowed;
            return RmStatus.NV_OK;
        }
    }

    /** Starts a plugin. */
    public RmStatus bootload(PluginRequest request, VgpuAbi abi) {
        int gfid = request.gfid();
        if (gfid < 1 || gfid > Math.min(maxGfid(), guests.count())) {
            return refuse(request, RmStatus.NV_ERR_INVALID_ARGUMENT, "there is no such virtual function");
        }
        PluginTask former = tasks.get(gfid);
        if (former != null && !former.hasEnded()) {
            return refuse(request, RmStatus.NV_ERR_STATE_IN_USE, "it has a plugin");
        }
        synchronized (lock) {
            if (request.typeId() != 0 && !types.containsKey(request.typeId())) {
                return refuse(request, RmStatus.NV_ERR_INVALID_ARGUMENT, "there is no type " + request.typeId());
            }
        }
        List<PluginRequest> others = living().stream().map(PluginTask::request).toList();
        if (others.size() >= sriov.partitions()) {
            return refuse(request, RmStatus.NV_ERR_INSUFFICIENT_RESOURCES, "partitions=" + sriov.partitions());
        }
        Optional<PluginChecks.Refusal> wrong = PluginChecks.check(request, sriov, segmentBytes(), others);
        if (wrong.isPresent()) {
            return refuse(request, wrong.get().status(), wrong.get().text());
        }
        if (former != null) {
            forget(former);
        }
        PluginTask task = new PluginTask(request, abi, vram, guests, admission, listener);
        tasks.set(gfid, task);
        task.ring();
        return RmStatus.NV_OK;
    }

    private RmStatus refuse(PluginRequest request, RmStatus status, String reason) {
        log.log(
                System.Logger.Level.WARNING,
                "Plugin is not started: gfid=" + request.gfid() + " status=" + status + " " + reason);
        return status;
    }

    /** The type that a plugin is to run, if it may. On the plugin's thread. */
    private @Nullable PluginType admit(PluginTask task, int typeId) {
        synchronized (lock) {
            PluginType type = types.get(typeId);
            if (type == null) {
                return null;
            }
            int same = 0;
            for (Map.Entry<PluginTask, Integer> other : typeOfTask.entrySet()) {
                if (other.getKey().hasEnded()) {
                    continue;
                }
                if (other.getValue() == typeId) {
                    same++;
                } else if (!heterogeneous) {
                    return null;
                }
            }
            if (same >= type.guest().maxInstances()) {
                return null;
            }
            typeOfTask.put(task, typeId);
            return type;
        }
    }

    /** Has a plugin end. That it has is told by its event, and by {@link #cleanUp}. */
    public RmStatus shutDown(int gfid) {
        PluginTask task = task(gfid);
        if (task == null) {
            return RmStatus.NV_ERR_OBJECT_NOT_FOUND;
        }
        task.end();
        // Most hosts do not look whether it has ended; most plugins have by then.
        task.awaitEnd(PATIENCE_NS);
        return RmStatus.NV_OK;
    }

    /** Forgets a plugin that was told to end; one that has not ended yet stays. */
    public RmStatus cleanUp(int gfid) {
        PluginTask task = task(gfid);
        if (task == null) {
            return RmStatus.NV_ERR_OBJECT_NOT_FOUND;
        }
        if (!task.awaitEnd(PATIENCE_NS)) {
            return RmStatus.NV_ERR_STATE_IN_USE;
        }
        forget(task);
        return RmStatus.NV_OK;
    }

    private void release(PluginTask task) {
        synchronized (lock) {
            typeOfTask.remove(task);
        }
    }

    private void forget(PluginTask task) {
        task.close();
        endedDefects.addAndGet(task.defects());
        release(task);
        tasks.set(task.request().gfid(), null);
    }

    /** Has forgotten what a guest has told of itself. */
    public RmStatus clearGuest(int gfid) {
        PluginTask task = task(gfid);
        if (task == null || task.hasEnded()) {
            return RmStatus.NV_ERR_OBJECT_NOT_FOUND;
        }
        task.forgetGuest();
        return RmStatus.NV_OK;
    }

    /** Sets a virtual GPU's share of the encoder in percent. */
    public RmStatus encoderCapacity(int gfid, int percent) {
        PluginTask task = task(gfid);
        if (task == null || task.hasEnded()) {
            return RmStatus.NV_ERR_OBJECT_NOT_FOUND;
        }
        if (percent < 0 || percent > 100) {
            return RmStatus.NV_ERR_INVALID_ARGUMENT;
        }
        task.encoderCapacity(percent);
        return RmStatus.NV_OK;
    }

    /** Forgets the saved states of a virtual GPU, of which there are none; not while it has a plugin. */
    public RmStatus freeStates(int gfid) {
        if (gfid < 1 || gfid > maxGfid()) {
            return RmStatus.NV_ERR_INVALID_ARGUMENT;
        }
        PluginTask task = task(gfid);
        return task == null || task.hasEnded() ? RmStatus.NV_OK : RmStatus.NV_ERR_STATE_IN_USE;
    }

    /** The virtual GPUs that run, by their numbers. */
    public List<PluginView> running() {
        List<PluginView> views = new ArrayList<>();
        for (int gfid = 1; gfid <= MAX_GFID; gfid++) {
            PluginTask task = tasks.get(gfid);
            if (task != null) {
                task.view().ifPresent(views::add);
            }
        }
        return views;
    }

    /** Whether any plugin is there, or types that plugins could be of: state that cannot be saved. */
    public boolean holdsState() {
        synchronized (lock) {
            return any() || !types.isEmpty();
        }
    }

    private boolean any() {
        return !living().isEmpty();
    }

    private List<PluginTask> living() {
        List<PluginTask> living = new ArrayList<>();
        for (int gfid = 1; gfid <= MAX_GFID; gfid++) {
            PluginTask task = tasks.get(gfid);
            if (task != null && !task.hasEnded()) {
                living.add(task);
            }
        }
        return living;
    }

    private @Nullable PluginTask task(int gfid) {
        return gfid >= 1 && gfid <= MAX_GFID ? tasks.get(gfid) : null;
    }

    /** Calls a plugin, if there is one. Any thread. */
    public void ring(int gfid) {
        PluginTask task = task(gfid);
        if (task != null) {
            task.ring();
        }
    }

    /** Ends all plugins and forgets all that was told. Returns when nothing of them runs. */
    public void end() {
        endPlugins();
        synchronized (lock) {
            types = Map.of();
            heterogeneous = false;
        }
        sriov = Sriov.NONE;
    }

    /** Ends all plugins. Returns when nothing of them runs. */
    public void endPlugins() {
        List<PluginTask> all = new ArrayList<>();
        for (int gfid = 1; gfid <= MAX_GFID; gfid++) {
            PluginTask task = tasks.get(gfid);
            if (task != null) {
                task.end();
                all.add(task);
            }
        }
        for (PluginTask task : all) {
            if (!task.awaitEnd(END_NS)) {
                log.log(
                        System.Logger.Level.ERROR,
                        "Plugin does not end: gfid=" + task.request().gfid());
            }
            forget(task);
        }
    }

    /** Waits until no plugin has anything to do. Any thread but plugins'. */
    public boolean drain(long timeoutNs) {
        long end = System.nanoTime() + timeoutNs;
        for (int gfid = 1; gfid <= MAX_GFID; gfid++) {
            PluginTask task = tasks.get(gfid);
            if (task != null && !task.drain(Math.max(0, end - System.nanoTime()))) {
                return false;
            }
        }
        return true;
    }

    /** Messages that the plugin of a virtual GPU has answered; 0 if there is none. Any thread. */
    public long messages(int gfid) {
        PluginTask task = task(gfid);
        return task == null ? 0 : task.messages();
    }

    /** Passes of plugins that ended by an exception: defects of the model. Any thread. */
    public long defects() {
        return endedDefects.get()
                + living().stream().mapToLong(PluginTask::defects).sum();
    }

    /** Puts what the driver has told of its virtual functions. */
    public void save(StateWriter out) {
        out.put("mode", sriov.mode());
        out.put("totalVfs", sriov.totalVfs());
        out.put("firstVfOffset", sriov.firstVfOffset());
        out.put("pfAddress", sriov.pfAddress());
        out.put("partitions", sriov.partitions());
        out.put("usableEnd", sriov.usableEnd());
    }

    /** Takes what {@link #save} has put. */
    public void restore(StateReader in) {
        sriov = new Sriov(
                in.booleanValue("mode"),
                Math.clamp(in.intValue("totalVfs"), 0, MAX_GFID),
                in.intValue("firstVfOffset"),
                in.intValue("pfAddress"),
                in.intValue("partitions"),
                Math.clamp(in.longValue("usableEnd"), 0, vram.sizeBytes()));
    }
}
