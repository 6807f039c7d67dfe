package dev.nacre.board.rm;

import dev.nacre.board.disp.DisplayControl;
import dev.nacre.board.disp.DisplayControl.Output;
import dev.nacre.hw.rm.DisplayParamLayout.Active;
import dev.nacre.hw.rm.DisplayParamLayout.AssignSor;
import dev.nacre.hw.rm.DisplayParamLayout.ConnectState;
import dev.nacre.hw.rm.DisplayParamLayout.ConnectorData;
import dev.nacre.hw.rm.DisplayParamLayout.DfpInfo;
import dev.nacre.hw.rm.DisplayParamLayout.DisplayInstanceMemory;
import dev.nacre.hw.rm.DisplayParamLayout.DisplayPushBuffer;
import dev.nacre.hw.rm.DisplayParamLayout.DisplayStaticInfo;
import dev.nacre.hw.rm.DisplayParamLayout.Edid;
import dev.nacre.hw.rm.DisplayParamLayout.HeadMask;
import dev.nacre.hw.rm.DisplayParamLayout.NumHeads;
import dev.nacre.hw.rm.DisplayParamLayout.OrInfo;
import dev.nacre.hw.rm.DisplayParamLayout.Supported;
import dev.nacre.hw.rm.RmControl;
import dev.nacre.hw.rm.RmStatus;
import java.util.Arrays;

/** Controls about heads, displays and display channels. */
final class DisplayControls {
    private static final int ADDRESS_SPACE_SYSTEM = 1;

    // HW: NV0073_CTRL_DFP_SOR_TYPE_SINGLE
    private static final int SOR_TYPE_SINGLE = 1;

    private final ClassTable classes;
    private final DisplayControl display;
    private final GpuProfile profile;

    DisplayControls(ClassTable classes, DisplayControl display, GpuProfile profile) {
        this.classes = classes;
        this.display = display;
        this.profile = profile;
    }

    void register(ControlRegistry registry) {
        registry.reply(RmControl.NV2080_CTRL_CMD_INTERNAL_DISPLAY_GET_STATIC_INFO, this::staticInfo);
        registry.reply(
                RmControl.NV2080_CTRL_CMD_INTERNAL_DISPLAY_GET_IP_VERSION,
                call -> call.out().put32(0, profile.displayIpVersion()));
        registry.reply(RmControl.NV2080_CTRL_CMD_INTERNAL_DISPLAY_WRITE_INST_MEM, this::instanceMemory);
        registry.on(RmControl.NV2080_CTRL_CMD_INTERNAL_DISPLAY_CHANNEL_PUSHBUFFER, this::pushBuffer);
        registry.reply(RmControl.NV0073_CTRL_CMD_SYSTEM_GET_NUM_HEADS, call -> {
            call.echo();
            call.out().put32(NumHeads.NUM_HEADS, display.heads());
        });
        registry.reply(RmControl.NV0073_CTRL_CMD_SPECIFIC_GET_ALL_HEAD_MASK, call -> {
            call.echo();
            call.out().put32(HeadMask.HEAD_MASK, (1 << display.heads()) - 1);
        });
        registry.reply(RmControl.NV0073_CTRL_CMD_SYSTEM_GET_SUPPORTED, call -> {
            call.echo();
            call.out().put32(Supported.DISPLAY_MASK, display.supportedDisplays());
            call.out().put32(Supported.DISPLAY_MASK_DDC, display.supportedDisplays());
        });
        registry.reply(RmControl.NV0073_CTRL_CMD_SYSTEM_GET_CONNECT_STATE, call -> {
            call.echo();
            int asked = call.in().get32(ConnectState.DISPLAY_MASK);
            call.out().put32(ConnectState.DISPLAY_MASK, asked & display.connectedDisplays());
        });
        registry.on(RmControl.NV0073_CTRL_CMD_SYSTEM_GET_ACTIVE, this::active);
        registry.on(RmControl.NV0073_CTRL_CMD_SPECIFIC_OR_GET_INFO, this::outputResource);
        registry.on(RmControl.NV0073_CTRL_CMD_SPECIFIC_GET_CONNECTOR_DATA, this::connector);
        registry.on(RmControl.NV0073_CTRL_CMD_SPECIFIC_GET_EDID_V2, this::edid);
        registry.on(RmControl.NV0073_CTRL_CMD_DFP_GET_INFO, this::digitalInfo);
        registry.on(RmControl.NV0073_CTRL_CMD_DFP_ASSIGN_SOR, this::assignSor);
        registry.accept(
                RmControl.NV2080_CTRL_CMD_INTERNAL_INIT_BRIGHTC_STATE_LOAD,
                RmControl.NV0073_CTRL_CMD_DP_SET_MANUAL_DISPLAYPORT,
                RmControl.NV0073_CTRL_CMD_DP_SET_AUDIO_MUTESTREAM,
                RmControl.NV0073_CTRL_CMD_DFP_SET_ELD_AUDIO_CAPS,
                RmControl.NV0073_CTRL_CMD_DFP_SET_AUDIO_ENABLE,
                RmControl.NV0073_CTRL_CMD_SPECIFIC_SET_HDMI_ENABLE,
                RmControl.NV0073_CTRL_CMD_SPECIFIC_SET_HDMI_AUDIO_MUTESTREAM,
                RmControl.NV0073_CTRL_CMD_SPECIFIC_SET_HDMI_SINK_CAPS,
                RmControl.NV0073_CTRL_CMD_SPECIFIC_SET_OD_PACKET,
                RmControl.NV0073_CTRL_CMD_SPECIFIC_SET_BACKLIGHT_BRIGHTNESS);
        registry.none(
                RmControl.NV0073_CTRL_CMD_SPECIFIC_GET_BACKLIGHT_BRIGHTNESS, RmControl.NV0073_CTRL_CMD_DP_GET_CAPS);
    }

    /** Whether a value is the id of one display. */
    private boolean isDisplay(int displayId) {
        return Integer.bitCount(displayId) == 1 && (displayId & display.supportedDisplays()) != 0;
    }

    private void staticInfo(ControlCall call) {
        call.out().put32(DisplayStaticInfo.WINDOW_PRESENT_MASK, (1 << display.windows()) - 1);
        call.out().put32(DisplayStaticInfo.NUM_HEADS, display.heads());
    }

    private void instanceMemory(ControlCall call) {
        call.echo();
        WireStruct in = call.in();
        display.instanceMemory(
                in.get64(DisplayInstanceMemory.PHYS_ADDR),
                in.get64(DisplayInstanceMemory.SIZE),
                in.get32(DisplayInstanceMemory.ADDR_SPACE) == ADDRESS_SPACE_SYSTEM);
    }

    private RmStatus pushBuffer(ControlCall call) {
        call.echo();
        WireStruct in = call.in();
        ClassTable.Entry type = classes.find(in.get32(DisplayPushBuffer.CLASS));
        if (type == null || type.displayChannel() == null) {
            return RmStatus.NV_ERR_INVALID_CLASS;
        }
        long limit = in.get64(DisplayPushBuffer.LIMIT);
        display.pushBuffer(
                new DisplayControl.Channel(type.displayChannel(), in.get32(DisplayPushBuffer.CHANNEL_INSTANCE)),
                new DisplayControl.PushBuffer(
                        in.get64(DisplayPushBuffer.PHYSICAL_ADDR),
                        in.get32(DisplayPushBuffer.ADDRESS_SPACE) == ADDRESS_SPACE_SYSTEM,
                        limit == Long.MAX_VALUE ? limit : limit + 1,
                        in.get8(DisplayPushBuffer.VALID) != 0));
        return RmStatus.NV_OK;
    }

    private RmStatus active(ControlCall call) {
        call.echo();
        int head = call.in().get32(Active.HEAD);
        if (head < 0 || head >= display.heads()) {
            return RmStatus.NV_ERR_INVALID_ARGUMENT;
        }
        call.out().put32(Active.DISPLAY_ID, display.activeDisplay(head));
        return RmStatus.NV_OK;
    }

    private RmStatus outputResource(ControlCall call) {
        call.echo();
        int displayId = call.in().get32(OrInfo.DISPLAY_ID);
        if (!isDisplay(displayId)) {
            return RmStatus.NV_ERR_INVALID_ARGUMENT;
        }
        Output output = display.output(displayId);
        call.out().put32(OrInfo.INDEX, output.orIndex());
        call.out().put32(OrInfo.TYPE, output.orType());
        call.out().put32(OrInfo.PROTOCOL, output.orProtocol());
        return RmStatus.NV_OK;
    }

    private RmStatus connector(ControlCall call) {
        call.echo();
        int displayId = call.in().get32(ConnectorData.DISPLAY_ID);
        if (!isDisplay(displayId)) {
            return RmStatus.NV_ERR_INVALID_ARGUMENT;
        }
        call.out().put32(ConnectorData.COUNT, 1);
        call.out().put32(ConnectorData.INDEX, Integer.bitCount(display.supportedDisplays() & (displayId - 1)));
        call.out().put32(ConnectorData.TYPE, display.output(displayId).connectorType());
        return RmStatus.NV_OK;
    }

    private RmStatus edid(ControlCall call) {
        call.echo();
        int displayId = call.in().get32(Edid.DISPLAY_ID);
        if (!isDisplay(displayId)) {
            return RmStatus.NV_ERR_INVALID_ARGUMENT;
        }
        byte[] edid = display.edid(displayId);
        byte[] cut = Arrays.copyOf(edid, Math.min(edid.length, Edid.BUFFER_BYTES));
        call.out().put32(Edid.BUFFER_SIZE, cut.length);
        call.out().put(Edid.BUFFER, cut);
        return RmStatus.NV_OK;
    }

    private RmStatus digitalInfo(ControlCall call) {
        call.echo();
        call.out().put32(DfpInfo.FLAGS, 0);
        return isDisplay(call.in().get32(DfpInfo.DISPLAY_ID)) ? RmStatus.NV_OK : RmStatus.NV_ERR_INVALID_ARGUMENT;
    }

    private RmStatus assignSor(ControlCall call) {
        call.echo();
        int displayId = call.in().get32(AssignSor.DISPLAY_ID);
        int sor = isDisplay(displayId) ? display.assignSor(displayId) : -1;
        if (sor < 0 || sor >= AssignSor.SORS) {
            return RmStatus.NV_ERR_INVALID_ARGUMENT;
        }
        for (int i = 0; i < AssignSor.SORS; i++) {
            call.out().put32(AssignSor.ASSIGN_LIST + 4 * i, i == sor ? displayId : 0);
            call.out().put32(AssignSor.ASSIGN_LIST_WITH_TAG + 8 * i, i == sor ? displayId : 0);
            call.out().put32(AssignSor.ASSIGN_LIST_WITH_TAG + 8 * i + 4, i == sor ? SOR_TYPE_SINGLE : 0);
        }
        return RmStatus.NV_OK;
    }
}
