package dev.nacre.board.rm;

import dev.nacre.board.rm.ObjectState.Notifications;
import dev.nacre.hw.rm.ParamLayout.EventSetNotification;
import dev.nacre.hw.rm.RmControl;
import dev.nacre.hw.rm.RmStatus;

/** Controls about notifications. */
final class EventControls {
    void register(ControlRegistry registry) {
        registry.on(RmControl.NV2080_CTRL_CMD_EVENT_SET_NOTIFICATION, EventControls::setNotification);
    }

    private static RmStatus setNotification(ControlCall call) {
        call.echo();
        if (!(call.object().state() instanceof Notifications notifications)) {
            return RmStatus.NV_ERR_INVALID_OBJECT;
        }
        int notifyIndex = call.in().get32(EventSetNotification.EVENT);
        return notifications.arm(notifyIndex, call.in().get32(EventSetNotification.ACTION))
                ? RmStatus.NV_OK
                : RmStatus.NV_ERR_INSUFFICIENT_RESOURCES;
    }
}
