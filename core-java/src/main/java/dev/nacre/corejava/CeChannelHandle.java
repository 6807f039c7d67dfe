package dev.nacre.corejava;

import dev.nacre.core.Capability;
import dev.nacre.core.CeChannel;
import dev.nacre.core.ChannelIds;
import dev.nacre.core.ChannelMapping;
import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;
import dev.nacre.core.FbMemory;
import dev.nacre.core.MapRequest;
import dev.nacre.corejava.channel.ChannelSpace;
import dev.nacre.corejava.channel.CopyObject;
import dev.nacre.corejava.channel.CopyRing;
import dev.nacre.corejava.channel.HostChannel;
import dev.nacre.corejava.gpu.GpuEngine;
import dev.nacre.corejava.gpu.WatchedGpu;
import dev.nacre.corejava.memory.RangeAllocator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A channel that runs a copy engine, with an address space of its own. */
final class CeChannelHandle extends Handle implements CeChannel {
    // Nothing lies at address 0, so that an address that was never set reaches nothing.
    private static final long FIRST_ADDRESS = 2 << 20;

    private final @Nullable ChannelIdsHandle ids;
    private final ChannelSpace space;
    private final HostChannel channel;
    private final CopyRing ring;
    private final RangeAllocator addresses = RangeAllocator.of(FIRST_ADDRESS, ChannelSpace.CORE_START - FIRST_ADDRESS);

    private CeChannelHandle(
            JavaAttachment attachment, @Nullable ChannelIdsHandle ids, ChannelSpace space, HostChannel channel) {
        super(attachment);
        this.ids = ids;
        this.space = space;
        this.channel = channel;
        this.ring = new CopyRing(channel);
        core().started(channel);
    }

    static CeChannelHandle create(JavaAttachment attachment, Optional<ChannelIds> channelIds, int index) {
        if (channelIds.isEmpty() && index != 0) {
            throw new CoreException(
                    CoreError.INVALID_ARGUMENT,
                    "Index without channel ids is impossible: index=" + index + " allowed=0");
        }
        GpuParts parts = attachment.core().parts();
        ChannelIdsHandle ids = channelIds.map(given -> own(attachment, given)).orElse(null);
        int id = ids == null ? parts.ids().allocateOwn() : ids.take(index);
        WatchedGpu live = parts.live();
        ChannelSpace space = null;
        HostChannel channel = null;
        try {
            GpuEngine engine = parts.engines().nextCopy();
            space = new ChannelSpace(live, parts.memory());
            channel = new HostChannel(
                    live,
                    parts.memory(),
                    new HostChannel.Request(
                            space, space.session().device(), engine, id, false, CopyRing.BYTES, parts.methodBytes()));
            CopyObject.allocate(live, space, channel, engine.rmEngineType());
            return new CeChannelHandle(attachment, ids, space, channel);
        } catch (CoreException e) {
            if (channel != null) {
                channel.close();
            }
            if (space != null) {
                space.close();
            }
            giveBack(parts, ids, id);
            throw e;
        }
    }

    private static ChannelIdsHandle own(JavaAttachment attachment, ChannelIds given) {
        if (given instanceof ChannelIdsHandle handle && handle.attachment() == attachment) {
            return handle;
        }
        throw new CoreException(CoreError.INVALID_ARGUMENT, "Channel ids are another client's: first=" + given.first());
    }

    private static void giveBack(GpuParts parts, @Nullable ChannelIdsHandle ids, int id) {
        if (ids == null) {
            parts.ids().freeOwn(id);
        } else {
            ids.giveBack(id);
        }
    }

    @Override
    public int id() {
        return channel.id();
    }

    @Override
    public int engineObject() {
        return core().parts().live().gpu().channels().copyClass();
    }

    @Override
    public ChannelMapping map(FbMemory memory, MapRequest request) {
        return core().gate().use(() -> {
            requireLive();
            attachment().requireCapability(Capability.CHAN_MEM_MAP);
            if (!(memory instanceof FbHandle fb) || fb.attachment() != attachment()) {
                throw new CoreException(
                        CoreError.INVALID_ARGUMENT, "Memory is another client's: offset=" + memory.offset());
            }
            fb.requireLive();
            request.within(fb.bytes());
            return attachment().own(new ChannelMappingHandle(this, fb, request));
        });
    }

    ChannelSpace space() {
        return space;
    }

    RangeAllocator addresses() {
        return addresses;
    }

    @Override
    public void begin(int dwords) {
        requireUsable();
        ring.begin(dwords);
    }

    @Override
    public void emit(int dword) {
        requireUsable();
        ring.emit(dword);
    }

    @Override
    public void submit() {
        requireUsable();
        ring.submit();
    }

    private void requireUsable() {
        requireLive();
        attachment().requireCapability(Capability.PUSHBUF_SUBMIT);
    }

    @Override
    String describe() {
        return "channel id=" + channel.id();
    }

    @Override
    void release() {
        // ORDERING: what it uses goes only after it has ended, or it would fault.
        channel.close();
        attachment().freeAll(handle -> handle instanceof ChannelMappingHandle mapping && mapping.channel() == this);
        space.close();
        core().ended(channel);
        giveBack(core().parts(), ids, channel.id());
    }
}
