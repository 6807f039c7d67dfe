package dev.nacre.corejava;

import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;
import dev.nacre.core.GspLog;
import dev.nacre.core.VgpuGuestInfo;
import dev.nacre.core.VgpuPlugin;
import dev.nacre.core.VgpuRequest;
import dev.nacre.core.VgpuSurface;
import dev.nacre.core.VgpuUsage;
import dev.nacre.corejava.gpu.BootedGpu;
import dev.nacre.corejava.gpu.RmSession;
import dev.nacre.corejava.gpu.VgpuShares;
import dev.nacre.corejava.io.Waits;
import dev.nacre.corejava.io.WireStruct;
import dev.nacre.corejava.mmu.PageRun;
import dev.nacre.corejava.vgpu.FbUsage;
import dev.nacre.corejava.vgpu.PluginCalls;
import dev.nacre.corejava.vgpu.PluginSpec;
import dev.nacre.hw.mmu.Target;
import dev.nacre.hw.rm.RmControl;
import dev.nacre.hw.rm.RmStatus;
import dev.nacre.hw.vgpu.SharedArea;
import dev.nacre.hw.vgpu.VgpuAbi;
import dev.nacre.hw.vgpu.VgpuParams;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Set;

/** A virtual GPU whose plugin runs, or is about to. */
final class VgpuHandle extends Handle implements VgpuPlugin, PluginCalls.Line {
    private static final System.Logger LOG = System.getLogger(VgpuHandle.class.getName());

    // TIMEOUT: drivers allow a plugin 10 s to end after it was told to.
    private static final long END_NS = 10_000_000_000L;

    private final VgpuRequest request;
    private final GspClientHandle client;
    private final List<Handle> made;
    private final int gfid;
    private final long at;
    private final PluginCalls calls;

    /** How often the firmware had measured when this started. */
    private final long measuredBefore;

    /** Whether the firmware may have loaded the plugin. */
    private volatile boolean loaded;

    /** Whether nobody waits for the plugin any more. */
    private volatile boolean ended;

    private volatile boolean died;

    private VgpuHandle(JavaAttachment attachment, VgpuRequest request, GspClientHandle client, List<Handle> made) {
        super(attachment);
        this.request = request;
        this.client = client;
        this.made = made;
        this.gfid = PluginSpec.gfid(request);
        GpuParts parts = core().parts();
        this.measuredBefore = core().vgpus().measured();
        this.at = parts.bar1()
                .map(new PageRun(Target.VIDEO_MEMORY, request.heap().offset(), SharedArea.BYTES, false, 0, false));
        this.calls = new PluginCalls(parts.bar1(), at, parts.live().gpu().vgpu(), this, describe());
        made.forEach(part -> part.inVgpu(true));
        core().vgpus().add(request.vfIndex(), this);
    }

    /** Takes the parts of a virtual GPU. With the gate's lock. */
    static VgpuHandle create(JavaAttachment attachment, VgpuRequest request) {
        attachment.core().vgpus().check(request);
        GspClientHandle client = own(attachment, "client", request.client(), GspClientHandle.class);
        List<Handle> made = List.of(
                client,
                own(attachment, "channelIds", request.channelIds(), ChannelIdsHandle.class),
                own(attachment, "frameBuffer", request.frameBuffer(), FbHandle.class),
                own(attachment, "heap", request.heap(), FbHandle.class));
        Vgpus.require(Set.copyOf(made).size() == made.size(), "heap", "frameBuffer", "memory of its own");
        return new VgpuHandle(attachment, request, client, made);
    }

    private static <T extends Handle> T own(JavaAttachment attachment, String what, Object given, Class<T> type) {
        if (!type.isInstance(given) || type.cast(given).attachment() != attachment) {
            throw new CoreException(
                    CoreError.INVALID_ARGUMENT, "Virtual GPU is impossible: its " + what + " is another client's");
        }
        T part = type.cast(given);
        part.requireLive();
        Vgpus.require(!part.isInVgpu(), what, part.describe(), "one that no virtual GPU is made of");
        return part;
    }

    /** Starts the plugin. Without the gate's lock. @throws CoreException if it does not start; it is freed then */
    void start() {
        VgpuAbi abi = core().parts().live().gpu().vgpu();
        boolean started = false;
        try {
            calls.start(this::bootload, PluginSpec.config(request, abi.config()));
            started = true;
        } finally {
            if (!started) {
                core().gate().run(this::free);
            }
        }
    }

    private void bootload() {
        BootedGpu gpu = core().parts().live().gpu();
        byte[] task = PluginSpec.bootload(
                request, gpu.vgpu().bootload(), gpu.description().engines());
        RmSession session = client.session();
        // ORDERING: from here on it may run, whatever comes back or does not.
        loaded = true;
        int status = session.tryControl(
                session.subdevice(),
                RmControl.NV2080_CTRL_CMD_VGPU_MGR_INTERNAL_BOOTLOAD_GSP_VGPU_PLUGIN_TASK.number(),
                task);
        if (status != 0) {
            loaded = false;
            throw new CoreException(
                    CoreError.IO, "Firmware does not start a plugin: " + describe() + " status=" + name(status));
        }
    }

    private static String name(int code) {
        for (RmStatus status : RmStatus.values()) {
            if (status.code() == code) {
                return status.name();
            }
        }
        return "0x" + Integer.toHexString(code);
    }

    int typeId() {
        return request.typeId();
    }

    /** The plugin has said that it dies. Any thread. */
    void died() {
        died = true;
    }

    @Override
    public void ring() {
        core().parts().live().gpu().ringPlugin(gfid);
    }

    @Override
    public void requireOpen() {
        if (ended) {
            throw new CoreException(CoreError.STALE, "Virtual GPU was ended: " + describe());
        }
        core().gate().check();
        if (died) {
            throw new CoreException(CoreError.IO, "Plugin has died: " + describe());
        }
    }

    @Override
    public int vfIndex() {
        return request.vfIndex();
    }

    @Override
    public void reset() {
        requireLive();
        calls.reset();
    }

    @Override
    public void busMaster(boolean enabled, boolean allowed) {
        requireLive();
        calls.busMaster(enabled, allowed);
    }

    @Override
    public VgpuGuestInfo guestInfo() {
        requireLive();
        return calls.guestInfo();
    }

    @Override
    public List<VgpuSurface> surfaces() {
        requireLive();
        return calls.surfaces(request.frameBuffer().bytes());
    }

    @Override
    public VgpuUsage usage() {
        requireLive();
        long used = FbUsage.of(client.session(), gfid, request.frameBuffer().bytes());
        VgpuShares shares = core().vgpus().shares(gfid, measuredBefore);
        return new VgpuUsage(used, shares.graphics(), shares.copy(), shares.encoder(), shares.decoder());
    }

    // Not while it is taken back: what lies there then is somebody else's.
    @Override
    public synchronized List<GspLog> logs() {
        requireLive();
        return calls.logs();
    }

    @Override
    String describe() {
        return "virtual GPU vf=" + request.vfIndex();
    }

    @Override
    void release() {
        // ORDERING: who waits for the plugin leaves first; then it ends; then what it is made of may go.
        ended = true;
        calls.end(() -> {
            if (loaded) {
                core().parts().live().release(this::shutDown);
            }
        });
        synchronized (this) {
            core().parts().bar1().unmap(at, SharedArea.BYTES);
        }
        made.forEach(part -> part.inVgpu(false));
        core().vgpus().remove(request.vfIndex());
    }

    private void shutDown() {
        int shutdown = control(RmControl.NV2080_CTRL_CMD_VGPU_MGR_INTERNAL_SHUTDOWN_GSP_VGPU_PLUGIN_TASK);
        if (shutdown != 0) {
            LOG.log(Level.WARNING, "Firmware refuses to end a plugin: {0} status={1}", describe(), name(shutdown));
        }
        int[] cleanup = new int[1];
        // HW: the plugin's task may end after the reply, and is cleaned up only then.
        boolean ready = Waits.until(END_NS, () -> {
            cleanup[0] = control(RmControl.NV2080_CTRL_CMD_VGPU_MGR_INTERNAL_VGPU_PLUGIN_CLEANUP);
            return cleanup[0] != RmStatus.NV_ERR_STATE_IN_USE.code();
        });
        if (!ready) {
            throw new CoreException(
                    CoreError.TIMED_OUT, "Plugin does not end: " + describe() + " seconds=" + END_NS / 1_000_000_000L);
        }
        if (cleanup[0] != 0) {
            LOG.log(Level.WARNING, "Firmware refuses to clean up: {0} status={1}", describe(), name(cleanup[0]));
        }
    }

    private int control(RmControl control) {
        RmSession session = client.session();
        byte[] parameters = new WireStruct(VgpuParams.Gfid.BYTES)
                .put32(VgpuParams.Gfid.GFID, gfid)
                .bytes();
        return session.tryControl(session.subdevice(), control.number(), parameters);
    }
}
