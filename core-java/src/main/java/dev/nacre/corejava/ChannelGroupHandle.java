package dev.nacre.corejava;

import dev.nacre.core.AddressSpace;
import dev.nacre.core.Channel;
import dev.nacre.core.ChannelGroup;
import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;
import dev.nacre.core.Engine;
import dev.nacre.corejava.channel.GroupObject;
import dev.nacre.corejava.gpu.GpuEngine;

/** Channels that share an address space and an engine's time. */
final class ChannelGroupHandle extends Handle implements ChannelGroup {
    private final AddressSpaceHandle space;
    private final GpuEngine engine;
    private final int object;

    private ChannelGroupHandle(JavaAttachment attachment, AddressSpaceHandle space, GpuEngine engine) {
        super(attachment);
        this.space = space;
        this.engine = engine;
        this.object = GroupObject.allocate(space.space(), engine);
        space.grouped(1);
    }

    static ChannelGroupHandle create(JavaAttachment attachment, AddressSpace given, Engine engine) {
        if (!(given instanceof AddressSpaceHandle space) || space.attachment() != attachment) {
            throw new CoreException(CoreError.INVALID_ARGUMENT, "Address space is another client's");
        }
        space.requireLive();
        return new ChannelGroupHandle(
                attachment, space, attachment.core().parts().engines().forChannels(engine));
    }

    @Override
    public Engine engine() {
        return engine.engine();
    }

    AddressSpaceHandle space() {
        return space;
    }

    GpuEngine gpuEngine() {
        return engine;
    }

    /** The firmware's handle of it. */
    int object() {
        return object;
    }

    @Override
    public Channel createChannel() {
        return core().gate().use(() -> {
            requireLive();
            return attachment().own(ChannelHandle.create(this));
        });
    }

    @Override
    String describe() {
        return "channel group engine=" + engine.engine();
    }

    @Override
    void release() {
        attachment().freeAll(handle -> handle instanceof ChannelHandle channel && channel.group() == this);
        core().parts().live().release(() -> space.space().session().free(object));
        space.grouped(-1);
    }
}
