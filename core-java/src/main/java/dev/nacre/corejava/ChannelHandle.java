package dev.nacre.corejava;

import dev.nacre.core.Channel;
import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;
import dev.nacre.core.EngineType;
import dev.nacre.core.Timeline;
import dev.nacre.corejava.channel.ChannelSpace;
import dev.nacre.corejava.channel.CopyObject;
import dev.nacre.corejava.channel.GroupObject;
import dev.nacre.corejava.channel.HostChannel;
import dev.nacre.corejava.channel.HostChannel.Segment;
import dev.nacre.corejava.gpu.ChannelModel;
import dev.nacre.corejava.gpu.GpuEngine;
import dev.nacre.corejava.gpu.WatchedGpu;
import java.util.ArrayList;
import java.util.List;

/** A channel that runs a client's commands. */
final class ChannelHandle extends Handle implements Channel {
    // TIMEOUT: what Channel promises
    private static final long ROOM_NS = 1_000_000_000L;

    private final ChannelGroupHandle group;
    private final HostChannel channel;

    private ChannelHandle(ChannelGroupHandle group, HostChannel channel) {
        super(group.attachment());
        this.group = group;
        this.channel = channel;
        core().started(channel);
    }

    static ChannelHandle create(ChannelGroupHandle group) {
        GpuParts parts = group.core().parts();
        WatchedGpu live = parts.live();
        ChannelSpace space = group.space().space();
        GpuEngine engine = group.gpuEngine();
        int id = parts.ids().allocateOwn();
        HostChannel channel = null;
        try {
            channel = new HostChannel(
                    live,
                    parts.memory(),
                    new HostChannel.Request(space, group.object(), engine, id, false, 0, parts.methodBytes()));
            if (engine.engine().type() == EngineType.COPY) {
                CopyObject.allocate(live, space, channel, engine.rmEngineType());
            } else {
                GroupObject.allocateGraphics(live, space, channel);
                GpuEngine beside = parts.engines().copyBeside(engine).orElse(null);
                if (beside != null) {
                    CopyObject.allocate(live, space, channel, beside.rmEngineType());
                }
            }
            return new ChannelHandle(group, channel);
        } catch (CoreException e) {
            if (channel != null) {
                channel.close();
            }
            parts.ids().freeOwn(id);
            throw e;
        }
    }

    ChannelGroupHandle group() {
        return group;
    }

    @Override
    public int id() {
        return channel.id();
    }

    @Override
    public int engineObject() {
        ChannelModel model = core().parts().live().gpu().channels();
        return group.engine().type() == EngineType.COPY ? model.copyClass() : model.graphicsClass();
    }

    @Override
    public void submit(List<Push> pushes, Timeline timeline, long point) {
        requireLive();
        if (pushes.isEmpty() || pushes.size() > HostChannel.MOST_SEGMENTS) {
            throw new CoreException(
                    CoreError.INVALID_ARGUMENT,
                    "Number of parts is impossible: parts=" + pushes.size() + " allowed=1 to "
                            + HostChannel.MOST_SEGMENTS);
        }
        if (!(timeline instanceof TimelineHandle handle) || handle.attachment() != attachment()) {
            throw new CoreException(CoreError.INVALID_ARGUMENT, "Timeline is another client's");
        }
        List<Segment> segments = new ArrayList<>(pushes.size());
        for (Push push : pushes) {
            if (push.address() > ChannelSpace.CORE_START - push.bytes()) {
                throw new CoreException(
                        CoreError.INVALID_ARGUMENT,
                        "Commands are not inside the address space: address=0x" + Long.toHexString(push.address())
                                + " bytes=" + push.bytes());
            }
            segments.add(new Segment(push.address(), push.bytes() / Integer.BYTES));
        }
        TimelineHandle.Point promised = handle.promise(point);
        try {
            channel.submit(segments, true, promised, ROOM_NS);
        } catch (CoreException e) {
            promised.withdraw();
            throw e;
        }
    }

    @Override
    String describe() {
        return "channel id=" + channel.id();
    }

    @Override
    void release() {
        channel.close();
        core().ended(channel);
        core().parts().ids().freeOwn(channel.id());
    }
}
