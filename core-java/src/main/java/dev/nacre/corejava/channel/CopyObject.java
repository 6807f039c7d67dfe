package dev.nacre.corejava.channel;

import dev.nacre.corejava.gpu.WatchedGpu;
import dev.nacre.corejava.io.WireStruct;
import dev.nacre.hw.rm.ParamLayout.CopyAlloc;

/** What a channel's copies are made by. */
public final class CopyObject {
    private CopyObject() {}

    /**
     * Has the firmware give a channel a copy engine's object; it goes with the channel.
     *
     * @param rmEngineType the copy engine
     */
    public static void allocate(WatchedGpu live, ChannelSpace space, HostChannel channel, int rmEngineType) {
        byte[] parameters = new WireStruct(CopyAlloc.BYTES)
                .put32(CopyAlloc.VERSION, CopyAlloc.VERSION_1)
                .put32(CopyAlloc.ENGINE_TYPE, rmEngineType)
                .bytes();
        space.session().allocate(channel.handle(), live.gpu().channels().copyClass(), parameters);
    }
}
