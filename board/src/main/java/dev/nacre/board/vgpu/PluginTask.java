package dev.nacre.board.vgpu;

import dev.nacre.board.engine.EngineThread;
import dev.nacre.board.fb.Vram;
import dev.nacre.hw.gsp.RpcLayout.PluginTriggered;
import dev.nacre.hw.rm.RmStatus;
import dev.nacre.hw.vgpu.PluginMessage;
import dev.nacre.hw.vgpu.PluginPayload;
import dev.nacre.hw.vgpu.PluginPayload.BusMaster;
import dev.nacre.hw.vgpu.PluginPayload.GuestInfo;
import dev.nacre.hw.vgpu.SharedArea;
import dev.nacre.hw.vgpu.VgpuAbi;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The plugin of one virtual GPU: makes the guest's GPU when its host says how, and answers the host's messages. It works on
 * a thread of its own, so that what takes long holds up nobody but its host. When it fails it ends the guest's GPU, says
 * so in its log, and answers every further message by an error.
 */
final class PluginTask implements AutoCloseable {
    // HW: hosts want the use of the last second; free choice of how often it is taken.
    private static final long REFRESH_NS = TimeUnit.SECONDS.toNanos(1);

    private static final int INIT_LOG = 0;
    private static final int VGPU_LOG = 1;

    private enum Phase {
        /** Has not said that it is ready. */
        BOOTING,
        /** Waits to be told how to work. */
        READY,
        /** The guest's GPU runs. */
        RUNNING,
        /** Cannot go on. */
        FAILED,
        /** Has ended; nothing of it touches memory any more. */
        ENDED
    }

    /** Which type a plugin may run. Any thread. */
    interface Admission {
        /** The type with a number, or null if there is none, or no more of it may run now. */
        @Nullable
        PluginType admit(PluginTask task, int typeId);

        /** An admitted plugin does not run after all. */
        void withdraw(PluginTask task);
    }

    private final PluginRequest request;
    private final VgpuAbi abi;
    private final GuestGpus guests;
    private final Admission admission;
    private final PluginListener listener;
    private final PluginArea area;
    private final List<PluginLog> logs;
    private final long startNs = System.nanoTime();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final EngineThread thread;

    private final LongAdder messages = new LongAdder();

    private volatile boolean endWanted;
    private volatile boolean guestForgotten;
    private volatile int encoderCapacity;
    private volatile @Nullable PluginView view;

    // The thread's own.
    private Phase phase = Phase.BOOTING;
    private int lastSequence = SharedArea.PLUGIN_BOOTLOADED;
    private @Nullable PluginSetup setup;
    private @Nullable PluginType type;
    private boolean driverLoaded;
    private long bootCount;
    private long refreshAtNs;

    /** Makes a plugin of a request that was checked; {@link #ring} lets it begin. */
    PluginTask(
            PluginRequest request,
            VgpuAbi abi,
            Vram vram,
            GuestGpus guests,
            Admission admission,
            PluginListener listener) {
        this.request = request;
        this.abi = abi;
        this.guests = guests;
        this.admission = admission;
        this.listener = listener;
        this.area = new PluginArea(vram, abi, request.heap().offset());
        this.logs = request.logs().stream().map(p -> new PluginLog(vram, p)).toList();
        this.thread = new EngineThread("vgpu-" + request.gfid(), this::pass);
    }

    PluginRequest request() {
        return request;
    }

    /** There is a message, or the guest's GPU has changed. Any thread. */
    void ring() {
        thread.ring();
    }

    /** The virtual GPU, or empty if it does not run. Any thread. */
    Optional<PluginView> view() {
        PluginView current = view;
        return current == null
                ? Optional.empty()
                : Optional.of(new PluginView(
                        current.gfid(),
                        current.dbdf(),
                        current.vmPid(),
                        current.instanceId(),
                        current.frameRateLimit(),
                        encoderCapacity,
                        current.guestKnown() && !guestForgotten,
                        current.guest()));
    }

    /** Has forgotten what the guest has told, until its driver comes again. Any thread. */
    void forgetGuest() {
        guestForgotten = true;
    }

    /** Sets its share of the encoder in percent. Any thread. */
    void encoderCapacity(int percent) {
        encoderCapacity = percent;
    }

    /** Has it end, on its own thread. Any thread. */
    void end() {
        endWanted = true;
        thread.ring();
    }

    /** Waits until it has ended, and says whether it has. Any thread but its own. */
    boolean awaitEnd(long timeoutNs) {
        try {
            return ended.await(timeoutNs, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Whether it has ended. Any thread. */
    boolean hasEnded() {
        return ended.getCount() == 0;
    }

    /** Waits until it has nothing to do. Any thread but its own. */
    boolean drain(long timeoutNs) {
        return thread.drain(timeoutNs);
    }

    /** Messages that it has answered. Any thread. */
    long messages() {
        return messages.sum();
    }

    /** Passes that ended by an exception. Any thread. */
    long defects() {
        return thread.defects();
    }

    /** Ends its thread. After {@link #end}. Idempotent. */
    @Override
    public void close() {
        thread.close();
    }

    private long pass() {
        try {
            return step();
        } catch (RuntimeException e) {
            thread.failed(e);
            if (phase != Phase.ENDED) {
                fail("defect: " + e);
                area.processed(lastSequence, RmStatus.NV_ERR_INVALID_STATE.code());
            }
            return EngineThread.Pass.IDLE;
        }
    }

    private long step() {
        if (phase == Phase.ENDED) {
            return EngineThread.Pass.IDLE;
        }
        if (endWanted) {
            finish();
            return EngineThread.Pass.IDLE;
        }
        if (phase == Phase.BOOTING) {
            boot();
        }
        if (phase == Phase.RUNNING) {
            observe();
        }
        message();
        return phase == Phase.RUNNING ? Math.max(1, refreshAtNs - System.nanoTime()) : EngineThread.Pass.IDLE;
    }

    private void boot() {
        log(
                INIT_LOG,
                "plugin is up: gfid=" + request.gfid() + " dbdf=0x" + Integer.toHexString(request.dbdf()) + " memory="
                        + request.guestMemory() + " channels=" + request.channels());
        phase = Phase.READY;
        area.ready();
    }

    private void finish() {
        boolean ran = phase == Phase.RUNNING;
        view = null;
        if (ran) {
            guests.stop(request.gfid());
        }
        log(INIT_LOG, "plugin has ended");
        phase = Phase.ENDED;
        ended.countDown();
        listener.triggered(request.gfid(), PluginTriggered.NOTIFY_SHUT_DOWN);
    }

    private void fail(String reason) {
        boolean ran = phase == Phase.RUNNING;
        phase = Phase.FAILED;
        view = null;
        log(VGPU_LOG, "plugin fails: " + reason);
        if (ran) {
            guests.stop(request.gfid());
        }
        listener.triggered(request.gfid(), PluginTriggered.NOTIFY_FAILED);
    }

    private void log(int which, String text) {
        logs.get(which).line(System.nanoTime() - startNs, text);
    }

    private void observe() {
        Optional<GuestGpuState> state = guests.state(request.gfid());
        if (state.isEmpty()) {
            fail("the guest's GPU has ended");
            return;
        }
        GuestGpuState guest = state.get();
        if (guest.driverLoaded() && (!driverLoaded || guest.bootCount() != bootCount)) {
            log(VGPU_LOG, "guest's driver is there: version=" + guest.driverVersion() + " boots=" + guest.bootCount());
            guestForgotten = false;
            listener.triggered(request.gfid(), PluginTriggered.NOTIFY_DRIVER_LOADED);
        } else if (!guest.driverLoaded() && driverLoaded) {
            log(VGPU_LOG, "guest's driver is gone");
            listener.triggered(request.gfid(), PluginTriggered.NOTIFY_DRIVER_UNLOADED);
        }
        driverLoaded = guest.driverLoaded();
        bootCount = guest.bootCount();
        show(guest);
    }

    private void show(GuestGpuState guest) {
        PluginSetup known = setup;
        PluginType its = type;
        if (known == null || its == null) {
            return;
        }
        view = new PluginView(
                request.gfid(),
                request.dbdf(),
                known.vmPid(),
                known.instanceId(),
                its.guest().frameRateLimit(),
                encoderCapacity,
                guest.bootCount() > 0,
                guest);
        refreshAtNs = System.nanoTime() + REFRESH_NS;
    }

    private void message() {
        int sequence = area.sequence();
        if (sequence == 0 || sequence == lastSequence || sequence == SharedArea.PLUGIN_BOOTLOADED) {
            return;
        }
        lastSequence = sequence;
        int number = area.messageType();
        area.received(sequence);
        RmStatus status = answer(number);
        if (status != RmStatus.NV_OK) {
            PluginMessage message = PluginMessage.of(number);
            log(VGPU_LOG, "refuses " + (message == null ? "message " + number : message.name()) + ": " + status);
        }
        area.processed(sequence, status.code());
        messages.increment();
    }

    private RmStatus answer(int number) {
        PluginMessage message = PluginMessage.of(number);
        if (message == null || !area.understood()) {
            return RmStatus.NV_ERR_INVALID_ARGUMENT;
        }
        if (phase == Phase.FAILED) {
            return RmStatus.NV_ERR_INVALID_STATE;
        }
        return switch (message) {
            case VERSION_NEGOTIATION -> {
                area.answer(new byte[PluginPayload.VersionNegotiation.BYTES]);
                yield RmStatus.NV_OK;
            }
            case SETUP_CONFIG_PARAMS_AND_INIT -> init();
            case RESET -> reset();
            case CONSOLE_VNC_STATE -> console();
            case UPDATE_BME_STATE -> busMaster();
            case GET_GUEST_INFO -> guestInfo();
            // A virtual GPU cannot be moved, and its registers are reached by its function alone.
            case MIGRATION_STOP_WORK,
                    MIGRATION_CANCEL_STOP,
                    MIGRATION_SAVE_STATE,
                    MIGRATION_CANCEL_SAVE,
                    MIGRATION_RESTORE_STATE,
                    MIGRATION_RESTORE_DEFERRED_STATE,
                    MIGRATION_RESUME_WORK,
                    VF_BAR0_REG_ACCESS -> RmStatus.NV_ERR_NOT_SUPPORTED;
        };
    }

    private RmStatus init() {
        if (phase != Phase.READY) {
            return RmStatus.NV_ERR_INVALID_STATE;
        }
        PluginSetup wanted = PluginSetup.of(area.payload(abi.config().bytes()));
        FbRange memory = request.guestMemory();
        boolean fits = wanted.dbdf() == request.dbdf()
                && wanted.channels() == request.channels()
                && wanted.pluginChannels() >= 0
                && wanted.pluginChannels() <= wanted.channels()
                && (wanted.swizzId() == 0 || wanted.swizzId() == -1)
                && (request.typeId() == 0 || request.typeId() == wanted.typeId());
        if (!fits || memory == null) {
            log(VGPU_LOG, "configuration does not fit the plugin: " + wanted);
            return RmStatus.NV_ERR_INVALID_ARGUMENT;
        }
        PluginType its = admission.admit(this, wanted.typeId());
        if (its == null) {
            log(VGPU_LOG, "there can be no virtual GPU of the type now: type=" + wanted.typeId());
            return RmStatus.NV_ERR_INSUFFICIENT_RESOURCES;
        }
        encoderCapacity = its.encoderCapacity();
        GuestGpuSpec spec = new GuestGpuSpec(
                request.gfid(), wanted.uuid(), memory.offset(), memory.bytes(), wanted.channels(), its.guest());
        if (!guests.start(spec)) {
            admission.withdraw(this);
            log(VGPU_LOG, "the guest's GPU cannot be made: " + spec);
            return RmStatus.NV_ERR_INVALID_STATE;
        }
        phase = Phase.RUNNING;
        setup = wanted;
        type = its;
        log(VGPU_LOG, "virtual GPU runs: type=" + its.guest().name() + " uuid=" + wanted.uuid());
        area.frameRateLimit(its.guest().frameRateLimit());
        observe();
        listener.started();
        return phase == Phase.RUNNING ? RmStatus.NV_OK : RmStatus.NV_ERR_INVALID_STATE;
    }

    private RmStatus reset() {
        if (phase != Phase.RUNNING) {
            return RmStatus.NV_ERR_INVALID_STATE;
        }
        guests.reset(request.gfid());
        log(VGPU_LOG, "reset");
        observe();
        area.surfaces(List.of());
        return phase == Phase.RUNNING ? RmStatus.NV_OK : RmStatus.NV_ERR_INVALID_STATE;
    }

    private RmStatus console() {
        observeIfRunning();
        PluginView current = view;
        if (current == null) {
            return RmStatus.NV_ERR_INVALID_STATE;
        }
        area.surfaces(current.guest().surfaces());
        return RmStatus.NV_OK;
    }

    // The function's own bus master bit is what holds back its DMA; this is only to know.
    private RmStatus busMaster() {
        byte[] state = area.payload(BusMaster.BYTES);
        log(VGPU_LOG, "bus master: enabled=" + state[BusMaster.ENABLE] + " allowed=" + state[BusMaster.ALLOWED]);
        return phase == Phase.RUNNING ? RmStatus.NV_OK : RmStatus.NV_ERR_INVALID_STATE;
    }

    private RmStatus guestInfo() {
        observeIfRunning();
        PluginView current = view;
        if (current == null) {
            return RmStatus.NV_ERR_INVALID_STATE;
        }
        GuestGpuState guest = current.guest();
        ByteBuffer out = ByteBuffer.allocate(GuestInfo.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        out.putInt(GuestInfo.DRIVER_LOADED, guest.driverLoaded() ? 1 : 0);
        out.putLong(GuestInfo.BOOT_COUNT, guest.bootCount());
        byte[] version = guest.driverVersion().getBytes(StandardCharsets.US_ASCII);
        out.put(GuestInfo.DRIVER_VERSION, version, 0, Math.min(version.length, GuestInfo.DRIVER_VERSION_BYTES - 1));
        area.answer(out.array());
        return RmStatus.NV_OK;
    }

    private void observeIfRunning() {
        if (phase == Phase.RUNNING) {
            observe();
        }
    }
}
