package dev.nacre.board.gsp;

import dev.nacre.board.rm.FirmwareMemory;
import dev.nacre.board.state.StateReader;
import dev.nacre.board.state.StateWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * What other threads want of the GSP's engine thread: the last start or stop, which makes all before it void, and events
 * in order. Bounded. Any thread.
 */
final class Inbox {
    /** Events at the most; further ones are lost. */
    static final int MAX_EVENTS = 256;

    /** A start or a stop. */
    sealed interface Lifecycle {
        /** A first start. */
        record Boot(long wprMeta, long libosArguments) implements Lifecycle {}

        /** A first start with memory that was laid out already. */
        record BootInto(FirmwareMemory division, long libosArguments) implements Lifecycle {}

        /** A start after a suspend. */
        record Resume(long srMeta) implements Lifecycle {}

        /** A stop. */
        record Halt() implements Lifecycle {}
    }

    /** Something the driver is to be told. */
    sealed interface Event {
        /** A channel failed. */
        record ChannelError(int rmEngineType, int channelId, int exceptionType, long faultAddress, int faultType)
                implements Event {}

        /** Displays came or went. */
        record Hotplug(int plugged, int unplugged) implements Event {}

        /** A line for the log. */
        record ErrorLog(int xid, int runlist, int channelId, String text) implements Event {}

        /** A virtual GPU's plugin has something to say. */
        record PluginTriggered(int gfid, int notifyIndex) implements Event {}
    }

    private final Object lock = new Object();
    private final Deque<Event> events = new ArrayDeque<>();
    private @Nullable Lifecycle lifecycle;

    void put(Lifecycle wanted) {
        synchronized (lock) {
            lifecycle = wanted;
            events.clear();
        }
    }

    /** False if there are too many. */
    boolean put(Event event) {
        synchronized (lock) {
            return events.size() < MAX_EVENTS && events.add(event);
        }
    }

    @Nullable
    Lifecycle takeLifecycle() {
        synchronized (lock) {
            Lifecycle taken = lifecycle;
            lifecycle = null;
            return taken;
        }
    }

    @Nullable
    Event takeEvent() {
        synchronized (lock) {
            return events.poll();
        }
    }

    void clear() {
        synchronized (lock) {
            lifecycle = null;
            events.clear();
        }
    }

    void save(StateWriter out) {
        synchronized (lock) {
            out.put("lifecycle", saved(lifecycle));
            int i = 0;
            for (Event event : events) {
                out.put("event" + i++, saved(event));
            }
            out.put("events", i);
        }
    }

    private static StateWriter saved(@Nullable Lifecycle lifecycle) {
        StateWriter out = new StateWriter();
        switch (lifecycle) {
            case null -> out.put("none", true);
            case Lifecycle.Boot boot -> {
                out.put("wprMeta", boot.wprMeta());
                out.put("libosArguments", boot.libosArguments());
            }
            case Lifecycle.BootInto boot -> {
                out.put("fbBytes", boot.division().fbBytes());
                out.put("nonWprHeap", boot.division().nonWprHeap());
                out.put("frts", boot.division().frts());
                out.put("vfPartitions", boot.division().vfPartitions());
                out.put("libosArguments", boot.libosArguments());
            }
            case Lifecycle.Resume resume -> out.put("srMeta", resume.srMeta());
            case Lifecycle.Halt h -> out.put("halt", true);
        }
        return out;
    }

    private static StateWriter saved(Event event) {
        StateWriter out = new StateWriter();
        switch (event) {
            case Event.ChannelError error -> {
                out.put("rmEngineType", error.rmEngineType());
                out.put("channelId", error.channelId());
                out.put("exceptionType", error.exceptionType());
                out.put("faultAddress", error.faultAddress());
                out.put("faultType", error.faultType());
            }
            case Event.Hotplug hotplug -> {
                out.put("plugged", hotplug.plugged());
                out.put("unplugged", hotplug.unplugged());
            }
            case Event.ErrorLog line -> {
                out.put("xid", line.xid());
                out.put("runlist", line.runlist());
                out.put("channelId", line.channelId());
                out.put("text", line.text().getBytes(StandardCharsets.UTF_8));
            }
            case Event.PluginTriggered plugin -> {
                out.put("gfid", plugin.gfid());
                out.put("notifyIndex", plugin.notifyIndex());
            }
        }
        return out;
    }

    void restore(StateReader in) {
        synchronized (lock) {
            clear();
            lifecycle = lifecycle(in.group("lifecycle"));
            int count = Math.clamp(in.intValue("events"), 0, MAX_EVENTS);
            for (int i = 0; i < count; i++) {
                events.add(event(in.group("event" + i)));
            }
        }
    }

    private static @Nullable Lifecycle lifecycle(StateReader in) {
        if (in.has("none")) {
            return null;
        }
        if (in.has("halt")) {
            return new Lifecycle.Halt();
        }
        if (in.has("frts")) {
            return new Lifecycle.BootInto(
                    new FirmwareMemory(
                            in.longValue("fbBytes"),
                            in.longValue("nonWprHeap"),
                            in.longValue("frts"),
                            in.has("vfPartitions") ? in.intValue("vfPartitions") : 0),
                    in.longValue("libosArguments"));
        }
        return in.has("srMeta")
                ? new Lifecycle.Resume(in.longValue("srMeta"))
                : new Lifecycle.Boot(in.longValue("wprMeta"), in.longValue("libosArguments"));
    }

    private static Event event(StateReader in) {
        if (in.has("plugged")) {
            return new Event.Hotplug(in.intValue("plugged"), in.intValue("unplugged"));
        }
        if (in.has("gfid")) {
            return new Event.PluginTriggered(in.intValue("gfid"), in.intValue("notifyIndex"));
        }
        return in.has("xid")
                ? new Event.ErrorLog(
                        in.intValue("xid"),
                        in.intValue("runlist"),
                        in.intValue("channelId"),
                        new String(in.bytes("text"), StandardCharsets.UTF_8))
                : new Event.ChannelError(
                        in.intValue("rmEngineType"),
                        in.intValue("channelId"),
                        in.intValue("exceptionType"),
                        in.longValue("faultAddress"),
                        in.intValue("faultType"));
    }
}
