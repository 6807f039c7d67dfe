package dev.nacre.board.rm;

import dev.nacre.board.host.ChannelControl;
import dev.nacre.board.host.ChannelControl.MemoryRef;
import dev.nacre.board.rm.ObjectState.Channel;
import dev.nacre.board.rm.ObjectState.Inherited;
import dev.nacre.board.rm.ObjectState.PageDirectory;
import dev.nacre.hw.rm.ClassKind;
import dev.nacre.hw.rm.ParamLayout.ChannelAlloc;
import dev.nacre.hw.rm.ParamLayout.MemoryDesc;
import dev.nacre.hw.rm.RmStatus;
import java.util.Arrays;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Makes and ends the host's channels as their objects come and go. GSP's engine thread. */
final class ChannelObjects {
    /** Channel ids that are given out where a driver leaves the choice to the firmware; 0 is left to drivers. */
    private static final int FIRST_OWN_CHANNEL_ID = 1;

    // HW: NVOS04_FLAGS_CHANNEL_USERD_INDEX_PAGE_FIXED, _PAGE_VALUE, _VALUE: eight channels share a page of USERDs.
    private static final int FLAG_USERD_INDEX_PAGE_FIXED = 1 << 21;
    private static final int CHANNELS_PER_USERD_PAGE = 8;

    // HW: NV2080_ENGINE_TYPE_GRAPHICS
    private static final int ENGINE_TYPE_GRAPHICS = 1;

    // HW: ADDR_SYSMEM
    private static final int ADDRESS_SPACE_SYSTEM = 1;

    // How many channels, on different runlists, have an id.
    private final int[] uses;
    private @Nullable ChannelControl host;

    /**
     * Makes none yet.
     *
     * @param limit channels of each runlist: their ids are 0 to one less
     */
    ChannelObjects(int limit) {
        uses = new int[limit];
    }

    int limit() {
        return uses.length;
    }

    void connect(ChannelControl channelControl) {
        host = channelControl;
    }

    private ChannelControl host() {
        if (host == null) {
            throw new IllegalStateException("GSP is not connected to the host engine");
        }
        return host;
    }

    /** Makes a channel. Null, if the host takes none such. */
    @Nullable
    Channel allocate(ObjectTree.Client client, RmObject parent, WireStruct params) {
        int channelId = channelId(params);
        if (channelId < 0) {
            return null;
        }
        int owner = vaSpace(client, parent, params);
        long handle = host().allocate(new ChannelControl.Request(
                channelId,
                engineType(parent, params),
                params.get64(ChannelAlloc.GP_FIFO_OFFSET),
                params.get32(ChannelAlloc.GP_FIFO_ENTRIES),
                userd(params),
                memory(params, ChannelAlloc.INSTANCE_MEM),
                directory(client, owner)));
        if (handle < 0) {
            return null;
        }
        uses[channelId]++;
        return new Channel(handle, channelId, owner);
    }

    /** Goes on with a channel that was saved. */
    void restore(Channel channel) {
        uses[channel.channelId()]++;
    }

    /** Gives the host, which is restored too by now, a saved channel's page directory again. */
    void relink(ObjectTree.Client client, Channel channel) {
        host().pageDirectory(channel.hostHandle(), directory(client, channel.vaSpace()));
    }

    private int channelId(WireStruct params) {
        int flags = params.get32(ChannelAlloc.FLAGS);
        if ((flags & FLAG_USERD_INDEX_PAGE_FIXED) != 0) {
            int id = (flags >>> 12 & 0x1ff) * CHANNELS_PER_USERD_PAGE + (flags >>> 8 & 7);
            return id < uses.length ? id : -1;
        }
        for (int id = FIRST_OWN_CHANNEL_ID; id < uses.length; id++) {
            if (uses[id] == 0) {
                return id;
            }
        }
        return -1;
    }

    private static int engineType(RmObject parent, WireStruct params) {
        int own = params.get32(ChannelAlloc.ENGINE_TYPE);
        int inherited = parent.state() instanceof Inherited group ? group.engineType() : 0;
        return own != 0 ? own : inherited != 0 ? inherited : ENGINE_TYPE_GRAPHICS;
    }

    /** The handle of the object that has the channel's page directory, 0 if there is none. */
    private static int vaSpace(ObjectTree.Client client, RmObject parent, WireStruct params) {
        int own = params.get32(ChannelAlloc.VA_SPACE);
        if (own != 0) {
            return own;
        }
        RmObject share = client.find(params.get32(ChannelAlloc.CONTEXT_SHARE));
        if (share != null && share.state() instanceof Inherited shared && shared.vaSpace() != 0) {
            return shared.vaSpace();
        }
        if (parent.state() instanceof Inherited group && group.vaSpace() != 0) {
            return group.vaSpace();
        }
        RmObject device = parent.nearest(ClassKind.DEVICE);
        return device == null ? 0 : device.handle();
    }

    private static LongSupplier directory(ObjectTree.Client client, int owner) {
        RmObject object = client.find(owner);
        return object != null && object.state() instanceof PageDirectory directory
                ? directory
                : () -> ChannelControl.NO_PAGE_DIRECTORY;
    }

    private static MemoryRef memory(WireStruct params, int offset) {
        return new MemoryRef(
                params.get64(offset + MemoryDesc.BASE),
                params.get32(offset + MemoryDesc.ADDRESS_SPACE) == ADDRESS_SPACE_SYSTEM);
    }

    // Some drivers describe no memory but pass the physical address where a handle belongs.
    private static MemoryRef userd(WireStruct params) {
        int desc = ChannelAlloc.USERD_MEM;
        boolean described = params.get64(desc + MemoryDesc.BASE) != 0 || params.get64(desc + MemoryDesc.SIZE) != 0;
        return described
                ? memory(params, desc)
                : new MemoryRef(
                        Integer.toUnsignedLong(params.get32(ChannelAlloc.USERD_MEMORY))
                                + params.get64(ChannelAlloc.USERD_OFFSET),
                        false);
    }

    RmStatus bind(Channel channel, int engineType) {
        return host().bind(channel.hostHandle(), engineType) ? RmStatus.NV_OK : RmStatus.NV_ERR_INVALID_ARGUMENT;
    }

    void schedule(Channel channel, boolean enabled) {
        host().schedule(channel.hostHandle(), enabled);
    }

    int workSubmitToken(Channel channel) {
        return host().workSubmitToken(channel.hostHandle());
    }

    void enableAll(boolean enabled) {
        host().enableAll(enabled);
    }

    void free(Channel channel) {
        host().free(channel.hostHandle());
        uses[channel.channelId()]--;
    }

    /** Forgets all channels; the host does the same by itself. */
    void reset() {
        Arrays.fill(uses, 0);
    }
}
