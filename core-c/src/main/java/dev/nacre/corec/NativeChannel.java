package dev.nacre.corec;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.nacre.core.Channel;
import dev.nacre.core.Timeline;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** A channel for graphics clients, of a core in C. */
final class NativeChannel extends NativeObject implements Channel {
    private final ChannelInfo info;

    NativeChannel(CoreTable table, long handle, ChannelInfo info) {
        super(table, handle, Op.CHANNEL_FREE);
        this.info = info;
    }

    @Override
    public int id() {
        return info.id();
    }

    @Override
    public int engineObject() {
        return info.engineObject();
    }

    @Override
    public void submit(List<Push> pushes, Timeline timeline, long point) {
        long told = own(timeline, NativeTimeline.class).pointer();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment all = arena.allocate(Abi.PUSH, Math.max(1, pushes.size()));
            long at = 0;
            for (Push push : pushes) {
                all.set(JAVA_LONG, at + Abi.offset(Abi.PUSH, "address"), push.address());
                all.set(JAVA_INT, at + Abi.offset(Abi.PUSH, "bytes"), push.bytes());
                at += Abi.PUSH.byteSize();
            }
            table().call(Op.CHANNEL_SUBMIT, pointer(), all, pushes.size(), told, point);
        }
    }
}
