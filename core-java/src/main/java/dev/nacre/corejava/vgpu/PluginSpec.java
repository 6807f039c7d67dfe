package dev.nacre.corejava.vgpu;

import dev.nacre.core.VgpuRequest;
import dev.nacre.corejava.gpu.GpuEngine;
import dev.nacre.corejava.io.WireStruct;
import dev.nacre.hw.vgpu.Bootload;
import dev.nacre.hw.vgpu.PluginConfig;
import dev.nacre.hw.vgpu.SharedArea;
import dev.nacre.hw.vgpu.VgpuAbi;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.UUID;

/** What the firmware, and then the plugin, are told of a virtual GPU. */
public final class PluginSpec {
    // HW: the vGPU drivers as proposed for Linux: one channel of a guest's range is its plugin's
    private static final int PLUGIN_CHANNELS = 1;

    private static final int HOST_PAGE_BYTES = 4096;
    private static final int UUID_BYTES = 16;

    private PluginSpec() {}

    /** Number of a virtual function for the GPU. */
    public static int gfid(VgpuRequest request) {
        return request.vfIndex() + 1;
    }

    /** Parameters of NV2080_CTRL_CMD_VGPU_MGR_INTERNAL_BOOTLOAD_GSP_VGPU_PLUGIN_TASK. */
    public static byte[] bootload(VgpuRequest request, VgpuAbi.BootloadLayout layout, List<GpuEngine> engines) {
        WireStruct task = new WireStruct(layout.bytes());
        task.put32(Bootload.DBDF, request.pciAddress());
        task.put32(Bootload.GFID, gfid(request));
        task.put32(Bootload.VGPU_TYPE, request.typeId());
        task.put32(Bootload.VM_PID, request.processId());
        task.put32(Bootload.NUM_CHANNELS, request.channelIds().count());
        task.put32(Bootload.NUM_PLUGIN_CHANNELS, PLUGIN_CHANNELS);
        for (GpuEngine engine : engines) {
            int number = engine.engine().bit();
            if (number < layout.engines()) {
                task.put32(
                        Bootload.CHID_OFFSET + number * Integer.BYTES,
                        request.channelIds().first());
            }
        }
        task.put32(layout.numGuestFbSegments(), 1);
        task.put64(layout.guestFbPhysAddrList(), request.frameBuffer().offset());
        task.put64(layout.guestFbLengthList(), request.frameBuffer().bytes());
        long heap = request.heap().offset();
        put(task, layout.pluginHeapMemoryPhysAddr(), heap, request.heap().bytes());
        put(task, layout.initTaskLogBuffOffset(), heap + SharedArea.INIT_TASK_LOG, SharedArea.INIT_TASK_LOG_BYTES);
        put(task, layout.vgpuTaskLogBuffOffset(), heap + SharedArea.VGPU_TASK_LOG, SharedArea.VGPU_TASK_LOG_BYTES);
        if (layout.kernelLogBuffOffset() >= 0) {
            put(task, layout.kernelLogBuffOffset(), heap + SharedArea.KERNEL_LOG, SharedArea.KERNEL_LOG_BYTES);
        }
        return task.bytes();
    }

    private static void put(WireStruct task, int at, long address, long bytes) {
        task.put64(at, address);
        task.put64(at + Long.BYTES, bytes);
    }

    /** Payload of SETUP_CONFIG_PARAMS_AND_INIT. */
    public static byte[] config(VgpuRequest request, VgpuAbi.ConfigLayout layout) {
        WireStruct config = new WireStruct(layout.bytes());
        config.put(PluginConfig.UUID, bytes(request.uuid()));
        config.put32(PluginConfig.DBDF, request.pciAddress());
        config.put32(PluginConfig.VGPU_DEVICE_INSTANCE_ID, request.client().handle());
        config.put32(PluginConfig.VGPU_TYPE, request.typeId());
        config.put32(PluginConfig.VM_PID, request.processId());
        config.put32(PluginConfig.NUM_CHANNELS, request.channelIds().count());
        config.put32(PluginConfig.NUM_PLUGIN_CHANNELS, PLUGIN_CHANNELS);
        config.put32(PluginConfig.HYPERVISOR_TYPE, PluginConfig.HYPERVISOR_UNKNOWN);
        config.put32(PluginConfig.HOST_CPU_ARCH, PluginConfig.CPU_X86_64);
        config.put64(PluginConfig.HOST_PAGE_SIZE, HOST_PAGE_BYTES);
        config.put8(layout.enableConsoleVnc(), 1);
        config.put8(layout.useNonStallLinuxEvents(), 1);
        if (layout.placementId() >= 0) {
            config.put8(layout.placementId(), PluginConfig.PLACEMENT_ANYWHERE & 0xff);
            config.put8(layout.placementId() + 1, PluginConfig.PLACEMENT_ANYWHERE >>> Byte.SIZE);
        }
        return config.bytes();
    }

    /** In the order in which they are printed. */
    private static byte[] bytes(UUID uuid) {
        return ByteBuffer.allocate(UUID_BYTES)
                .putLong(uuid.getMostSignificantBits())
                .putLong(uuid.getLeastSignificantBits())
                .array();
    }
}
