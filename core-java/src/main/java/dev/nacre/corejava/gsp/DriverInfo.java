package dev.nacre.corejava.gsp;

import dev.nacre.core.spi.VgpuScheduling;
import dev.nacre.corejava.io.ConfigSpace;
import dev.nacre.corejava.io.WireStruct;
import dev.nacre.hw.gsp.GspAbi;
import dev.nacre.hw.gsp.RpcLayout.Registry;
import dev.nacre.hw.regs.Xve;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The first two commands: what the GSP must know of the system, and settings. */
public final class DriverInfo {
    // HW: 47 bits, as nouveau and OpenRM say on every chip up to Ada, whatever the page tables could
    private static final long MAX_USER_VA = 1L << 47;
    private static final int HOST_PAGE_BYTES = 4096;

    // HW: nouveau's registers that drivers call BAR0, BAR1 and BAR2, by number of the config space's register
    private static final int[] BARS = {0, 1, 3};

    private DriverInfo() {}

    /**
     * GspSystemInfo.
     *
     * @param configMirror where in BAR0 configuration space is mirrored
     * @param vfs the virtual functions, if the GPU is to be shared
     */
    public static byte[] systemInfo(GspAbi abi, ConfigSpace config, int configMirror, Optional<ConfigSpace.Sriov> vfs) {
        GspAbi.SystemInfoLayout layout = abi.systemInfo();
        WireStruct info = new WireStruct(layout.bytes());
        for (int i = 0; i < BARS.length; i++) {
            info.put64(
                    layout.gpuPhysAddr() + i * Long.BYTES, config.bar(BARS[i]).address());
        }
        info.put64(layout.maxUserVa(), MAX_USER_VA);
        info.put32(layout.pciConfigMirrorBase(), configMirror);
        info.put32(layout.pciConfigMirrorBase() + Integer.BYTES, Xve.MIRROR_BYTES);
        if (layout.pciDeviceId() >= 0) {
            info.put32(layout.pciDeviceId(), config.deviceId());
            info.put32(layout.pciDeviceId() + Integer.BYTES, config.subsystemId());
            info.put32(layout.pciDeviceId() + 2 * Integer.BYTES, config.revision());
        }
        if (layout.hostPageSize() >= 0) {
            info.put64(layout.hostPageSize(), HOST_PAGE_BYTES);
        }
        vfs.ifPresent(all -> putVfs(info, layout.vfInfo(), all));
        return info.bytes();
    }

    // HW: NVIDIA's vGPU user guide, changing scheduling behavior: the rule in bits 7:0, the slice in bits 23:16
    private static int timeSlicing(VgpuScheduling rule) {
        int slice = rule.sliceMs() << Short.SIZE;
        return switch (rule.policy()) {
            case BEST_EFFORT -> 0x00;
            case EQUAL_SHARE -> 0x01 | slice;
            case FIXED_SHARE -> 0x11 | slice;
        };
    }

    private static void putVfs(WireStruct info, int at, ConfigSpace.Sriov vfs) {
        info.put32(at + GspAbi.VfInfo.TOTAL_VFS, vfs.totalVfs());
        info.put32(at + GspAbi.VfInfo.FIRST_VF_OFFSET, vfs.firstVfOffset());
        for (int i = 0; i < vfs.bars().size(); i++) {
            ConfigSpace.Bar bar = vfs.bars().get(i);
            info.put64(at + GspAbi.VfInfo.FIRST_VF_BAR0_ADDRESS + i * Long.BYTES, bar.address());
            info.put8(at + GspAbi.VfInfo.B64BIT_BAR0 + i, bar.wide() ? 1 : 0);
        }
    }

    /**
     * PACKED_REGISTRY_TABLE.
     *
     * @param scheduling how engines' time is divided, if the GPU is to be shared
     */
    public static byte[] registry(Optional<VgpuScheduling> scheduling) {
        // HW: what nouveau sets (nvkm/subdev/gsp/rm/r535/gsp.c), and its vGPU series besides
        Map<String, Integer> settings = new LinkedHashMap<>();
        settings.put("RMSecBusResetEnable", 1);
        settings.put("RMForcePcieConfigSave", 1);
        settings.put("RMDevidCheckIgnore", 1);
        scheduling.ifPresent(rule -> {
            settings.put("RMSetSriovMode", 1);
            settings.put("RmPVMRL", timeSlicing(rule));
        });
        int names = Registry.ENTRIES + settings.size() * Registry.ENTRY_BYTES;
        int bytes = names
                + settings.keySet().stream().mapToInt(name -> name.length() + 1).sum();
        WireStruct table = new WireStruct(bytes);
        table.put32(Registry.SIZE, bytes);
        table.put32(Registry.NUM_ENTRIES, settings.size());
        int entry = Registry.ENTRIES;
        int name = names;
        for (Map.Entry<String, Integer> setting : settings.entrySet()) {
            byte[] text = setting.getKey().getBytes(StandardCharsets.US_ASCII);
            table.put32(entry + Registry.NAME_OFFSET, name);
            table.put8(entry + Registry.TYPE, Registry.TYPE_DWORD);
            table.put32(entry + Registry.DATA, setting.getValue());
            table.put32(entry + Registry.LENGTH, Integer.BYTES);
            table.put(name, text);
            entry += Registry.ENTRY_BYTES;
            name += text.length + 1;
        }
        return table.bytes();
    }
}
