package dev.nacre.corejava.vgpu;

import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;
import dev.nacre.core.GspLog;
import dev.nacre.core.VgpuGuestInfo;
import dev.nacre.core.VgpuSurface;
import dev.nacre.corejava.io.HostileBytes;
import dev.nacre.corejava.io.Waits;
import dev.nacre.corejava.mmu.Bar1Window;
import dev.nacre.hw.vgpu.PluginMessage;
import dev.nacre.hw.vgpu.PluginPayload;
import dev.nacre.hw.vgpu.SharedArea;
import dev.nacre.hw.vgpu.VgpuAbi;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Calls to a virtual GPU's plugin. Any thread; one call at a time, others wait. What the plugin refuses or answers wrong is
 * a {@link CoreException} with {@link CoreError#IO}, what it does not answer one with {@link CoreError#TIMED_OUT}.
 */
public final class PluginCalls {
    // TIMEOUT: the vGPU drivers as proposed for Linux allow 10 s for the start
    private static final long READY_NS = 10_000_000_000L;

    // TIMEOUT: those drivers allow 120 s for an answer. A plugin answers in milliseconds, a reset when its engines have
    // stopped, which the firmware bounds to few seconds; and the guest's reset, a VM's start and its end wait for this.
    private static final long ANSWER_NS = 10_000_000_000L;

    /** What a call needs besides the shared memory. */
    public interface Line {
        /** Tells the plugin that there is a message. */
        void ring();

        /** Checks that it makes sense to wait on. @throws CoreException if the GPU has gone, or nobody waits any more */
        void requireOpen();
    }

    private final PluginArea area;
    private final Line line;
    private final String who;
    private final ReentrantLock lock = new ReentrantLock();

    // Guarded by lock.
    private int sequence;
    private @Nullable CoreException broken;

    /**
     * Calls to the plugin whose shared memory is mapped at a place.
     *
     * @param who for messages: {@code vf=3}
     */
    public PluginCalls(Bar1Window window, long at, VgpuAbi abi, Line line, String who) {
        this.area = new PluginArea(window, at, abi);
        this.line = line;
        this.who = who;
    }

    /**
     * Starts the plugin.
     *
     * @param bootload has the firmware load it
     * @param config payload of its configuration
     */
    public void start(Runnable bootload, byte[] config) {
        exclusively(() -> {
            // ORDERING: the mark of a former plugin goes before the next one is loaded.
            area.clear();
            bootload.run();
            awaitReady();
            area.introduce();
            call(PluginMessage.VERSION_NEGOTIATION, new byte[PluginPayload.VersionNegotiation.BYTES]);
            call(PluginMessage.SETUP_CONFIG_PARAMS_AND_INIT, config);
        });
    }

    private void awaitReady() {
        boolean ready = Waits.until(READY_NS, () -> {
            line.requireOpen();
            return area.read32(SharedArea.MESSAGE_SEQ_NUM) == SharedArea.PLUGIN_BOOTLOADED;
        });
        if (!ready) {
            throw timedOut("plugin is not ready", READY_NS);
        }
    }

    /** Has the guest's GPU be as it was at the start. */
    public void reset() {
        exclusively(() -> call(PluginMessage.RESET, new byte[0]));
    }

    /** Tells whether the guest's GPU does and may reach memory. */
    public void busMaster(boolean enabled, boolean allowed) {
        byte[] payload = new byte[PluginPayload.BusMaster.BYTES];
        payload[PluginPayload.BusMaster.ENABLE] = (byte) (enabled ? 1 : 0);
        payload[PluginPayload.BusMaster.ALLOWED] = (byte) (allowed ? 1 : 0);
        exclusively(() -> call(PluginMessage.UPDATE_BME_STATE, payload));
    }

    /** What the guest has told. */
    public VgpuGuestInfo guestInfo() {
        HostileBytes[] answer = new HostileBytes[1];
        exclusively(() -> {
            call(PluginMessage.GET_GUEST_INFO, new byte[PluginPayload.GuestInfo.BYTES]);
            answer[0] = area.read("Guest info of " + who, SharedArea.MESSAGE, PluginPayload.GuestInfo.BYTES);
        });
        HostileBytes info = answer[0];
        int loaded = info.intAt(PluginPayload.GuestInfo.DRIVER_LOADED);
        long boots = info.longAt(PluginPayload.GuestInfo.BOOT_COUNT);
        info.require(loaded == 0 || loaded == 1, "driver loaded " + loaded);
        info.require(boots >= 0, boots + " boots");
        return new VgpuGuestInfo(
                loaded == 1,
                info.textAt(PluginPayload.GuestInfo.DRIVER_VERSION, PluginPayload.GuestInfo.DRIVER_VERSION_BYTES),
                boots);
    }

    /**
     * What heads show.
     *
     * @param fbBytes the guest's memory
     */
    public List<VgpuSurface> surfaces(long fbBytes) {
        Surfaces surfaces = new Surfaces(area, line, who, fbBytes);
        exclusively(() -> {
            call(PluginMessage.CONSOLE_VNC_STATE, new byte[0]);
            surfaces.read();
        });
        return surfaces.all();
    }

    /** The plugin's logs; also of one that does not answer any more. */
    public List<GspLog> logs() {
        return area.logs();
    }

    /** Ends the plugin in some way, when nobody calls it any more. */
    public void end(Runnable way) {
        lock.lock();
        try {
            way.run();
        } finally {
            lock.unlock();
        }
    }

    private void exclusively(Runnable calls) {
        lock.lock();
        try {
            line.requireOpen();
            if (broken != null) {
                throw new CoreException(CoreError.IO, "Plugin is of no use any more: " + broken.getMessage(), broken);
            }
            calls.run();
        } finally {
            lock.unlock();
        }
    }

    private void call(PluginMessage message, byte[] payload) {
        VgpuAbi.ResponseLayout response = area.abi().response();
        int before = sequence;
        // HW: 0 is no message
        sequence = before == -1 ? 1 : before + 1;
        if (payload.length > 0) {
            area.write(SharedArea.MESSAGE, payload);
        }
        area.write32(SharedArea.MESSAGE_TYPE, message.number());
        // ORDERING: with the number, the message holds.
        area.write32(SharedArea.MESSAGE_SEQ_NUM, sequence);
        line.ring();
        boolean answered = Waits.until(ANSWER_NS, () -> {
            line.requireOpen();
            int processed = area.read32(SharedArea.RESPONSE + response.messageSeqNumProcessed());
            // GUEST: the plugin writes that.
            if (processed != before && processed != sequence) {
                broken = new CoreException(
                        CoreError.IO,
                        "Plugin answers what was not asked: " + who + " message=" + message + " number=" + processed
                                + " expected=" + sequence);
                throw broken;
            }
            return processed == sequence;
        });
        if (!answered) {
            broken = timedOut("plugin does not answer " + message, ANSWER_NS);
            throw broken;
        }
        int result = area.read32(SharedArea.RESPONSE + response.resultCode());
        if (result != 0) {
            throw new CoreException(
                    CoreError.IO,
                    "Plugin refuses " + message + ": " + who + " result=0x" + Integer.toHexString(result));
        }
    }

    private CoreException timedOut(String what, long ns) {
        return new CoreException(
                CoreError.TIMED_OUT, "Virtual GPU's " + what + ": " + who + " seconds=" + ns / 1_000_000_000L);
    }
}
