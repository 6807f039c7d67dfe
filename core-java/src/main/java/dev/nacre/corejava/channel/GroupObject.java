package dev.nacre.corejava.channel;

import dev.nacre.corejava.gpu.ChannelModel;
import dev.nacre.corejava.gpu.GpuEngine;
import dev.nacre.corejava.gpu.WatchedGpu;
import dev.nacre.corejava.io.WireStruct;
import dev.nacre.hw.rm.ParamLayout.ChannelGroupAlloc;
import dev.nacre.hw.rm.RmClass;

/** The firmware's objects of channels that share an engine's time, and of graphics. */
public final class GroupObject {
    private GroupObject() {}

    /** Makes a group. @return its handle, under which channels hang */
    public static int allocate(ChannelSpace space, GpuEngine engine) {
        byte[] parameters = new WireStruct(ChannelGroupAlloc.BYTES)
                .put32(ChannelGroupAlloc.VA_SPACE, space.vaSpace())
                .put32(ChannelGroupAlloc.ENGINE_TYPE, engine.rmEngineType())
                .bytes();
        return space.session().allocate(space.session().device(), RmClass.KEPLER_CHANNEL_GROUP_A.number(), parameters);
    }

    /** Gives a channel the objects of graphics and compute; they go with it. */
    public static void allocateGraphics(WatchedGpu live, ChannelSpace space, HostChannel channel) {
        ChannelModel model = live.gpu().channels();
        for (int rmClass : new int[] {model.graphicsClass(), model.computeClass()}) {
            if (rmClass != 0) {
                space.session().allocate(channel.handle(), rmClass, new byte[0]);
            }
        }
    }
}
