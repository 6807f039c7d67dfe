package dev.nacre.board.rm;

import dev.nacre.board.telemetry.SharedFigures;
import dev.nacre.hw.gsp.SharedDataLayout;
import dev.nacre.hw.rm.RmControl;
import dev.nacre.hw.rm.RmStatus;

/** Controls about live figures. */
final class TelemetryControls {
    private static final int POWER_SOURCE_AC = 0;

    private final SharedFigures figures;

    TelemetryControls(SharedFigures figures) {
        this.figures = figures;
    }

    void register(ControlRegistry registry) {
        registry.on(RmControl.NV2080_CTRL_CMD_INTERNAL_INIT_USER_SHARED_DATA, this::place);
        registry.reply(RmControl.NV2080_CTRL_CMD_INTERNAL_USER_SHARED_DATA_SET_DATA_POLL, this::poll);
        // HW: open-gpu-kernel-modules, ctrl2080perf.h: each is one word
        registry.reply(
                RmControl.NV2080_CTRL_CMD_PERF_GET_CURRENT_PSTATE,
                call -> call.out().put32(0, 1 << figures.telemetry().performanceState()));
        registry.reply(
                RmControl.NV2080_CTRL_CMD_PERF_GET_POWERSTATE,
                call -> call.out().put32(0, POWER_SOURCE_AC));
        // There are no video engines.
        registry.on(RmControl.NV2080_CTRL_CMD_PERF_GET_VID_ENG_PERFMON_SAMPLE, call -> RmStatus.NV_ERR_NOT_SUPPORTED);
    }

    private RmStatus place(ControlCall call) {
        call.echo();
        if (call.in().length() < SharedDataLayout.INIT_PHYS_ADDR + Long.BYTES) {
            return RmStatus.NV_ERR_INVALID_PARAM_STRUCT;
        }
        return figures.place(call.in().get64(SharedDataLayout.INIT_PHYS_ADDR))
                ? RmStatus.NV_OK
                : RmStatus.NV_ERR_INVALID_ARGUMENT;
    }

    private void poll(ControlCall call) {
        call.echo();
        figures.poll(
                call.in().get64(SharedDataLayout.SET_POLLED_DATA_MASK),
                call.in().get32(SharedDataLayout.SET_POLL_FREQUENCY_MS));
    }
}
