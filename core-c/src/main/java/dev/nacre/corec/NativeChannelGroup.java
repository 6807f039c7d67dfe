package dev.nacre.corec;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.nacre.core.Channel;
import dev.nacre.core.ChannelGroup;
import dev.nacre.core.Engine;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** A group of channels, of a core in C. */
final class NativeChannelGroup extends NativeObject implements ChannelGroup {
    private final Engine engine;

    NativeChannelGroup(CoreTable table, long handle, Engine engine) {
        super(table, handle, Op.CHANNEL_GROUP_FREE);
        this.engine = engine;
    }

    @Override
    public Engine engine() {
        return engine;
    }

    @Override
    public Channel createChannel() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(JAVA_LONG);
            MemorySegment info = arena.allocate(Abi.CHANNEL_INFO);
            table().call(Op.CHANNEL_CREATE, pointer(), out, info);
            return new NativeChannel(table(), out.get(JAVA_LONG, 0), ChannelInfo.of(info));
        }
    }
}
