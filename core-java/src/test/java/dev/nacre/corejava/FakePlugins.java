package dev.nacre.corejava;

import dev.nacre.hw.gsp.GspAbi;
import dev.nacre.hw.gsp.GspVersion;
import dev.nacre.hw.rm.RmControl;
import dev.nacre.hw.rm.RmStatus;
import dev.nacre.hw.vgpu.Bootload;
import dev.nacre.hw.vgpu.PluginMessage;
import dev.nacre.hw.vgpu.PluginPayload;
import dev.nacre.hw.vgpu.SharedArea;
import dev.nacre.hw.vgpu.TypeInfo;
import dev.nacre.hw.vgpu.VgpuAbi;
import dev.nacre.hw.vgpu.VgpuParams;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The firmware's side of virtual GPUs: obeys, and writes down what it was told, unless a test has it do something else. */
final class FakePlugins {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

    /** What a plugin answers: writes into its shared area. */
    interface Answer {
        void to(PluginMessage message, MemorySegment area);
    }

    final List<String> log = new CopyOnWriteArrayList<>();
    final Map<Integer, byte[]> tasks = new ConcurrentHashMap<>();
    final Map<PluginMessage, byte[]> payloads = new ConcurrentHashMap<>();
    final Map<Integer, Long> fbUsed = new ConcurrentHashMap<>();
    final AtomicReference<byte[]> types = new AtomicReference<>(new byte[0]);
    final Set<RmControl> refused = ConcurrentHashMap.newKeySet();
    final AtomicReference<GspVersion> version = new AtomicReference<>(GspVersion.R570_144);
    final AtomicInteger cleanupsInUse = new AtomicInteger();
    volatile boolean ready = true;
    volatile @Nullable Answer answer;
    private final FakeGpu gpu;

    FakePlugins(FakeGpu gpu) {
        this.gpu = gpu;
    }

    VgpuAbi abi() {
        return GspAbi.of(version.get()).vgpu();
    }

    MemorySegment area(int gfid) {
        long heap = ByteBuffer.wrap(tasks.get(gfid))
                .order(ByteOrder.LITTLE_ENDIAN)
                .getLong(abi().bootload().pluginHeapMemoryPhysAddr());
        return gpu.fb.asSlice(heap, SharedArea.BYTES);
    }

    int control(int command, byte[] parameters) {
        RmControl control = RmControl.of(command);
        if (control == null) {
            return 0;
        }
        ByteBuffer words = ByteBuffer.wrap(parameters).order(ByteOrder.LITTLE_ENDIAN);
        String name = control.name();
        log.add(name.substring(name.indexOf("INTERNAL_") + "INTERNAL_".length()));
        if (refused.contains(control)) {
            return RmStatus.NV_ERR_INVALID_STATE.code();
        }
        switch (control) {
            case NV2080_CTRL_CMD_VGPU_MGR_INTERNAL_PGPU_ADD_VGPU_TYPE -> types.set(parameters.clone());
            case NV2080_CTRL_CMD_VGPU_MGR_INTERNAL_BOOTLOAD_GSP_VGPU_PLUGIN_TASK -> {
                int gfid = words.getInt(Bootload.GFID);
                tasks.put(gfid, parameters.clone());
                if (ready) {
                    area(gfid).set(INT, SharedArea.MESSAGE_SEQ_NUM, SharedArea.PLUGIN_BOOTLOADED);
                }
            }
            case NV2080_CTRL_CMD_VGPU_MGR_INTERNAL_VGPU_PLUGIN_CLEANUP -> {
                if (cleanupsInUse.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                    return RmStatus.NV_ERR_STATE_IN_USE.code();
                }
                tasks.remove(words.getInt(VgpuParams.Gfid.GFID));
            }
            case NV2080_CTRL_CMD_VGPU_MGR_INTERNAL_GET_VGPU_FB_USAGE -> {
                words.putInt(VgpuParams.FbUsage.VGPU_COUNT, fbUsed.size());
                int at = VgpuParams.FbUsage.VGPU_FB_USAGE;
                for (Map.Entry<Integer, Long> one : new HashMap<>(fbUsed).entrySet()) {
                    words.putInt(at + VgpuParams.FbUsage.GFID, one.getKey());
                    words.putLong(at + VgpuParams.FbUsage.FB_USED, one.getValue());
                    at += VgpuParams.FbUsage.ENTRY_BYTES;
                }
            }
            default -> {}
        }
        return 0;
    }

    /** Lets the plugin answer. */
    void ring(int gfid) {
        MemorySegment area = area(gfid);
        PluginMessage message = PluginMessage.of(area.get(INT, SharedArea.MESSAGE_TYPE));
        if (message == null) {
            throw new AssertionError("no message");
        }
        log.add(message.name());
        payloads.put(message, area.asSlice(SharedArea.MESSAGE, 128).toArray(ValueLayout.JAVA_BYTE));
        Answer other = answer;
        if (other != null) {
            other.to(message, area);
        } else {
            if (message == PluginMessage.GET_GUEST_INFO) {
                guestInfo(area, 1, 3, "550.1");
            }
            done(area, 0);
        }
    }

    /** Ends the message with a result. */
    void done(MemorySegment area, int result) {
        VgpuAbi.ResponseLayout response = abi().response();
        area.set(INT, SharedArea.RESPONSE + response.resultCode(), result);
        area.set(
                INT,
                SharedArea.RESPONSE + response.messageSeqNumProcessed(),
                area.get(INT, SharedArea.MESSAGE_SEQ_NUM));
    }

    static void guestInfo(MemorySegment area, int loaded, long boots, String version) {
        area.set(INT, SharedArea.MESSAGE + PluginPayload.GuestInfo.DRIVER_LOADED, loaded);
        area.set(LONG, SharedArea.MESSAGE + PluginPayload.GuestInfo.BOOT_COUNT, boots);
        byte[] text = version.getBytes(StandardCharsets.US_ASCII);
        MemorySegment.copy(
                MemorySegment.ofArray(text),
                0,
                area,
                SharedArea.MESSAGE + PluginPayload.GuestInfo.DRIVER_VERSION,
                text.length);
    }

    /** A field of the first type that was told. */
    int typeField(int field) {
        return ByteBuffer.wrap(types.get()).order(ByteOrder.LITTLE_ENDIAN).getInt(TypeInfo.ADD_VGPU_INFO + field);
    }
}
