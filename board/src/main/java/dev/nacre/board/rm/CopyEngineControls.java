package dev.nacre.board.rm;

import dev.nacre.hw.rm.RmControl;

/** Controls about the copy engines. */
final class CopyEngineControls {
    // HW: free choice of the firmware; drivers allocate a buffer of this size for each channel. Zero is refused.
    private static final int FAULT_METHOD_BUFFER_BYTES = 0x1000;

    void register(ControlRegistry registry) {
        registry.reply(
                RmControl.NV2080_CTRL_CMD_CE_GET_FAULT_METHOD_BUFFER_SIZE,
                call -> call.out().put32(0, FAULT_METHOD_BUFFER_BYTES));
        registry.accept(
                RmControl.NV2080_CTRL_CMD_CE_UPDATE_PCE_LCE_MAPPINGS,
                RmControl.NV2080_CTRL_CMD_CE_UPDATE_PCE_LCE_MAPPINGS_V2,
                RmControl.NV2080_CTRL_CMD_CE_UPDATE_CLASS_DB);
        registry.none(RmControl.NV2080_CTRL_CMD_INTERNAL_CE_GET_PCE_CONFIG_FOR_LCE_TYPE);
    }
}
