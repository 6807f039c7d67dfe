package dev.nacre.corec;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.nacre.core.CeChannel;
import dev.nacre.core.ChannelMapping;
import dev.nacre.core.FbMemory;
import dev.nacre.core.MapRequest;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** A channel of a copy engine, of a core in C. */
final class NativeCeChannel extends NativeObject implements CeChannel {
    private final ChannelInfo info;

    NativeCeChannel(CoreTable table, long handle, ChannelInfo info) {
        super(table, handle, Op.FREE_CE_CHANNEL);
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
    public ChannelMapping map(FbMemory memory, MapRequest request) {
        long mem = own(memory, NativeFbMemory.class).pointer();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(JAVA_LONG);
            table().call(Op.CHANNEL_MAP_MEM, pointer(), mem, Requests.map(request, arena), out);
            return new NativeChannelMapping(this, out.get(JAVA_LONG, 0), request.bytes());
        }
    }

    @Override
    public void begin(int dwords) {
        table().call(Op.BEGIN_PUSHBUF, pointer(), dwords);
    }

    @Override
    public void emit(int dword) {
        table().call(Op.EMIT_PUSHBUF, pointer(), dword);
    }

    @Override
    public void submit() {
        table().call(Op.SUBMIT_PUSHBUF, pointer());
    }
}
