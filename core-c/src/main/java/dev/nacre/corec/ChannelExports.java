package dev.nacre.corec;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.nacre.core.AddressSpace;
import dev.nacre.core.Channel;
import dev.nacre.core.ChannelGroup;
import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;
import dev.nacre.core.Engine;
import dev.nacre.core.Timeline;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The operations of channels and timelines for C. C calls every method, by its name in the table. */
final class ChannelExports {
    private static final int MOST_PUSHES = 256;

    private final Exports exports;

    ChannelExports(Exports exports) {
        this.exports = exports;
    }

    int channelGroupCreate(long attachment, long space, int engineBit, MemorySegment out) {
        Exports.at(out, Long.BYTES);
        AddressSpace in = exports.handles().find(space, AddressSpace.class);
        Engine engine = exports.core().engines().stream()
                .filter(one -> one.bit() == engineBit)
                .findFirst()
                .orElseThrow(() -> new CoreException(
                        CoreError.INVALID_ARGUMENT,
                        "There is no such engine: bit=" + Integer.toUnsignedString(engineBit)));
        ChannelGroup group = exports.attachment(attachment).createChannelGroup(in, engine);
        return exports.give(exports.handles().add(attachment, group), out);
    }

    int channelGroupFree(long group) throws Exception {
        return exports.free(group, group(group));
    }

    int channelCreate(long group, MemorySegment out, MemorySegment info) {
        MemorySegment what = Exports.at(info, Abi.CHANNEL_INFO.byteSize());
        Exports.at(out, Long.BYTES);
        Channel channel = group(group).createChannel();
        new ChannelInfo(channel.id(), channel.engineObject()).to(what);
        return exports.give(exports.handles().add(group, channel), out);
    }

    int channelFree(long channel) throws Exception {
        return exports.free(channel, channel(channel));
    }

    int channelSubmit(long channel, MemorySegment pushes, int count, long timeline, long point) {
        if (count < 1 || count > MOST_PUSHES) {
            throw new CoreException(
                    CoreError.INVALID_ARGUMENT,
                    "Number of pushes is impossible: count=" + Integer.toUnsignedString(count) + " allowed=1 to "
                            + MOST_PUSHES);
        }
        MemorySegment in = Exports.at(pushes, count * Abi.PUSH.byteSize());
        List<Channel.Push> all = new ArrayList<>();
        for (long at = 0; at < in.byteSize(); at += Abi.PUSH.byteSize()) {
            all.add(new Channel.Push(
                    in.get(JAVA_LONG, at + Abi.offset(Abi.PUSH, "address")),
                    in.get(JAVA_INT, at + Abi.offset(Abi.PUSH, "bytes"))));
        }
        channel(channel).submit(all, timeline(timeline), point);
        return 0;
    }

    int timelineCreate(long attachment, MemorySegment out) {
        Exports.at(out, Long.BYTES);
        Timeline timeline = exports.attachment(attachment).createTimeline();
        return exports.give(exports.handles().add(attachment, timeline), out);
    }

    int timelineFree(long timeline) throws Exception {
        return exports.free(timeline, timeline(timeline));
    }

    int timelineValue(long timeline, MemorySegment value) {
        Exports.at(value, Long.BYTES).set(JAVA_LONG, 0, timeline(timeline).value());
        return 0;
    }

    int timelineWait(long timeline, long point, long timeoutNs) {
        Duration timeout = Duration.ofNanos(timeoutNs < 0 ? Long.MAX_VALUE : timeoutNs);
        try {
            return timeline(timeline).await(point, timeout) ? 1 : 0;
        } catch (InterruptedException e) {
            // C has no such thing: the wait is over, and the thread's caller in Java finds out.
            Thread.currentThread().interrupt();
            return 0;
        }
    }

    int timelineSignal(long timeline, long point) {
        timeline(timeline).signal(point);
        return 0;
    }

    private ChannelGroup group(long handle) {
        return exports.handles().find(handle, ChannelGroup.class);
    }

    private Channel channel(long handle) {
        return exports.handles().find(handle, Channel.class);
    }

    private Timeline timeline(long handle) {
        return exports.handles().find(handle, Timeline.class);
    }
}
