package dev.nacre.board.gsp;

import dev.nacre.board.gsp.Inbox.Event;
import dev.nacre.board.rm.ResourceManager;
import dev.nacre.hw.gsp.GspAbi;
import dev.nacre.hw.rm.RpcFunction;

/** Makes records of what has happened, for those who want to know. GSP's engine thread. */
final class EventSender {
    private final ResourceManager rm;
    private final Outbox outbox;

    /**
     * @param rm knows who wants to know
     * @param outbox takes the records
     */
    EventSender(ResourceManager rm, Outbox outbox) {
        this.rm = rm;
        this.outbox = outbox;
    }

    /** Tells of an event by the interface that the driver was built for. */
    void send(Event event, GspAbi abi) {
        switch (event) {
            case Event.ChannelError error ->
                outbox.event(RpcFunction.RC_TRIGGERED, EventEncoder.channelError(abi, error));
            case Event.ErrorLog line -> outbox.event(RpcFunction.OS_ERROR_LOG, EventEncoder.errorLog(abi, line));
            case Event.PluginTriggered plugin ->
                outbox.event(RpcFunction.VGPU_GSP_PLUGIN_TRIGGERED, EventEncoder.pluginTriggered(plugin));
            case Event.Hotplug hotplug -> {
                for (ResourceManager.Subscriber subscriber :
                        rm.subscribers(EventEncoder.NOTIFIER_HOTPLUG, Outbox.MAX_WAITING_EVENTS)) {
                    outbox.event(RpcFunction.POST_EVENT, EventEncoder.hotplug(subscriber, hotplug));
                }
            }
        }
    }
}
