package dev.nacre.board.gsp;

import dev.nacre.board.rm.ResourceManager.Subscriber;
import dev.nacre.board.rm.WireStruct;
import dev.nacre.hw.gsp.GspAbi;
import dev.nacre.hw.gsp.GspAbi.RcTriggeredLayout;
import dev.nacre.hw.gsp.RpcLayout;

/** Payloads of the events that the GSP sends. */
final class EventEncoder {
    /** NV2080_NOTIFIERS_HOTPLUG. */
    static final int NOTIFIER_HOTPLUG = 1;

    private EventEncoder() {}

    /** RUN_CPU_SEQUENCER without commands. */
    static byte[] emptySequencer() {
        return new byte[RpcLayout.RunCpuSequencer.BYTES];
    }

    static byte[] channelError(GspAbi abi, Inbox.Event.ChannelError error) {
        RcTriggeredLayout layout = abi.rcTriggered();
        WireStruct out = WireStruct.ofSize(layout.bytes());
        out.put32(RpcLayout.RcTriggered.ENGINE_TYPE, error.rmEngineType());
        out.put32(RpcLayout.RcTriggered.CHANNEL_ID, error.channelId());
        out.put32(layout.exceptType(), error.exceptionType());
        // Versions that tell no address have -1 here, which a structure swallows.
        out.put32(layout.faultAddressLow(), (int) error.faultAddress());
        out.put32(layout.faultAddressHigh(), (int) (error.faultAddress() >>> 32));
        out.put32(layout.faultType(), error.faultType());
        return out.toByteArray();
    }

    static byte[] errorLog(GspAbi abi, Inbox.Event.ErrorLog line) {
        WireStruct out = WireStruct.ofSize(abi.osErrorLogBytes());
        out.put32(RpcLayout.OsErrorLog.EXCEPT_TYPE, line.xid());
        out.put32(RpcLayout.OsErrorLog.RUNLIST_ID, line.runlist());
        out.put32(RpcLayout.OsErrorLog.CHANNEL_ID, line.channelId());
        out.putText(RpcLayout.OsErrorLog.TEXT, line.text(), RpcLayout.OsErrorLog.TEXT_BYTES);
        return out.toByteArray();
    }

    static byte[] pluginTriggered(Inbox.Event.PluginTriggered plugin) {
        WireStruct out = WireStruct.ofSize(RpcLayout.PluginTriggered.BYTES);
        out.put32(RpcLayout.PluginTriggered.GFID, plugin.gfid());
        out.put32(RpcLayout.PluginTriggered.NOTIFY_INDEX, plugin.notifyIndex());
        return out.toByteArray();
    }

    /** POST_EVENT of a hot-plug. The length counts the data behind the structure, but they begin inside it. */
    static byte[] hotplug(Subscriber subscriber, Inbox.Event.Hotplug hotplug) {
        int dataBytes = 2 * Integer.BYTES;
        WireStruct out = WireStruct.ofSize(RpcLayout.PostEvent.BYTES + dataBytes);
        out.put32(RpcLayout.PostEvent.CLIENT, subscriber.client());
        out.put32(RpcLayout.PostEvent.EVENT, subscriber.handle());
        out.put32(RpcLayout.PostEvent.NOTIFY_INDEX, NOTIFIER_HOTPLUG);
        out.put32(RpcLayout.PostEvent.EVENT_DATA_SIZE, dataBytes);
        out.put32(RpcLayout.PostEvent.EVENT_DATA, hotplug.plugged());
        out.put32(RpcLayout.PostEvent.EVENT_DATA + Integer.BYTES, hotplug.unplugged());
        return out.toByteArray();
    }
}
