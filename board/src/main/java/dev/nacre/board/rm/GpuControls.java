package dev.nacre.board.rm;

import dev.nacre.board.hal.GpuModel;
import dev.nacre.hw.chip.Chip;
import dev.nacre.hw.rm.ParamLayout.ChipInfo;
import dev.nacre.hw.rm.ParamLayout.EccStatus;
import dev.nacre.hw.rm.ParamLayout.GpuInfo;
import dev.nacre.hw.rm.ParamLayout.NameString;
import dev.nacre.hw.rm.RmControl;
import java.nio.charset.StandardCharsets;

/** Controls about the board as a whole. */
final class GpuControls {
    // HW: open-gpu-kernel-modules, ctrl2080gpu.h: NV2080_CTRL_GPU_INFO_INDEX_*
    private static final int INFO_INDEX_MASK = 0xffffff;
    private static final int INFO_GPU_SM_VERSION = 0x2c;
    private static final int INFO_DISPLAY_ENABLED = 0x34;

    // HW: open-gpu-kernel-modules, dev_gr_*.h, dev_timer.h, dev_vm.h: PGRAPH, PTIMER, the page with the doorbell.
    private static final int GR_BASE = 0x400000;
    private static final int TIMER_BASE = 0x9000;
    private static final int USERMODE_BASE = 0xbb0000;

    private final GpuModel model;
    private final GpuProfile profile;

    GpuControls(GpuModel model, GpuProfile profile) {
        this.model = model;
        this.profile = profile;
    }

    void register(ControlRegistry registry) {
        registry.reply(RmControl.NV2080_CTRL_CMD_INTERNAL_GPU_GET_CHIP_INFO, this::chipInfo);
        registry.reply(RmControl.NV2080_CTRL_CMD_GPU_GET_NAME_STRING, this::nameString);
        registry.reply(RmControl.NV2080_CTRL_CMD_GPU_GET_INFO_V2, this::info);
        registry.reply(RmControl.NV2080_CTRL_CMD_GPU_QUERY_ECC_STATUS, this::eccStatus);
        registry.none(
                RmControl.NV0080_CTRL_CMD_GPU_GET_BRAND_CAPS,
                RmControl.NV2080_CTRL_CMD_GPU_GET_CONSTRUCTED_FALCON_INFO,
                RmControl.NV2080_CTRL_CMD_INTERNAL_GET_CONSTRUCTED_FALCON_INFO,
                RmControl.NV2080_CTRL_CMD_GPU_GET_OEM_BOARD_INFO,
                RmControl.NV2080_CTRL_CMD_GPU_GET_INFOROM_OBJECT_VERSION,
                RmControl.NV2080_CTRL_CMD_GPU_QUERY_ECC_CONFIGURATION,
                RmControl.NV2080_CTRL_CMD_GPU_QUERY_INFOROM_ECC_SUPPORT,
                RmControl.NV2080_CTRL_CMD_INTERNAL_GET_DEVICE_INFO_TABLE,
                RmControl.NV2080_CTRL_CMD_INTERNAL_GPU_GET_SMC_MODE,
                RmControl.NV2080_CTRL_CMD_INTERNAL_GPU_GET_USER_REGISTER_ACCESS_MAP,
                RmControl.NV2080_CTRL_CMD_PMGR_GET_MODULE_INFO,
                RmControl.NV208F_CTRL_CMD_GPU_VERIFY_INFOROM,
                RmControl.NV402C_CTRL_CMD_I2C_GET_PORT_INFO);
    }

    // HW: open-gpu-kernel-modules, ctrl2080gpu.h: NV2080_CTRL_GPU_ECC_UNIT_FBPA is the first unit; no others correct.
    private void eccStatus(ControlCall call) {
        if (model.ecc()) {
            call.out().put8(EccStatus.ENABLED, 1);
            call.out().put8(EccStatus.SCRUB_COMPLETE, 1);
            call.out().put8(EccStatus.SUPPORTED, 1);
        }
    }

    private void chipInfo(ControlCall call) {
        int offset = call.abi().chipInfoPciDeviceId();
        WireStruct out = call.out().part(offset, call.out().length() - offset);
        out.put32(ChipInfo.PCI_DEVICE_ID, model.deviceId() << 16 | Chip.PCI_VENDOR_ID);
        out.put32(ChipInfo.PCI_SUB_DEVICE_ID, model.subsystemId() << 16 | Chip.PCI_VENDOR_ID);
        out.put32(ChipInfo.PCI_REVISION_ID, model.hal().chip().boot0() & 0xff);
        out.put32(ChipInfo.REG_BASES + 4 * ChipInfo.REG_BASE_GR, GR_BASE);
        out.put32(ChipInfo.REG_BASES + 4 * ChipInfo.REG_BASE_TIMER, TIMER_BASE);
        out.put32(ChipInfo.REG_BASES + 4 * ChipInfo.REG_BASE_USERMODE, USERMODE_BASE);
    }

    private void nameString(ControlCall call) {
        int flags = call.in().get32(NameString.FLAGS);
        call.out().put32(NameString.FLAGS, flags);
        if (flags == 1) {
            call.out().put(NameString.STRING, model.name().getBytes(StandardCharsets.UTF_16LE));
        } else {
            call.out().putText(NameString.STRING, model.name(), NameString.STRING_BYTES);
        }
    }

    private void info(ControlCall call) {
        call.echo();
        int count = Math.clamp(call.in().get32(GpuInfo.COUNT), 0, GpuInfo.MAX_ENTRIES);
        for (int i = 0; i < count; i++) {
            int entry = GpuInfo.LIST + i * GpuInfo.ENTRY_BYTES;
            int value = switch (call.in().get32(entry) & INFO_INDEX_MASK) {
                case INFO_GPU_SM_VERSION -> profile.smVersion();
                case INFO_DISPLAY_ENABLED -> model.heads() > 0 ? 1 : 0;
                default -> 0;
            };
            call.out().put32(entry + 4, value);
        }
    }
}
