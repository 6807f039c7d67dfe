package dev.nacre.corec;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.nacre.core.AddressSpace;
import dev.nacre.core.Attachment;
import dev.nacre.core.Capability;
import dev.nacre.core.CeChannel;
import dev.nacre.core.ChannelGroup;
import dev.nacre.core.ChannelIds;
import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;
import dev.nacre.core.Display;
import dev.nacre.core.DisplayListener;
import dev.nacre.core.Engine;
import dev.nacre.core.FbMemory;
import dev.nacre.core.FbRequest;
import dev.nacre.core.GspClient;
import dev.nacre.core.GspLog;
import dev.nacre.core.MemoryObject;
import dev.nacre.core.Placement;
import dev.nacre.core.Timeline;
import dev.nacre.core.VgpuPlugin;
import dev.nacre.core.VgpuRequest;
import dev.nacre.core.VgpuType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** An attachment to a core in C. */
final class NativeAttachment extends NativeObject implements Attachment {
    private final int version;
    private final Set<Capability> capabilities;

    NativeAttachment(CoreTable table, long handle) {
        super(table, handle, Op.DETACH);
        version = table.call(Op.AGREED_VERSION, handle);
        capabilities = Numbers.capabilities(table.callForLong(Op.AGREED_CAPABILITIES, handle));
    }

    @Override
    public int version() {
        return version;
    }

    @Override
    public Set<Capability> capabilities() {
        return capabilities;
    }

    @Override
    public GspClient allocGspClient() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(JAVA_LONG);
            table().call(Op.ALLOC_GSP_CLIENT, pointer(), out);
            long client = out.get(JAVA_LONG, 0);
            MemorySegment number = arena.allocate(JAVA_INT);
            table().call(Op.GET_GSP_CLIENT_HANDLE, client, number);
            return new NativeGspClient(table(), client, number.get(JAVA_INT, 0));
        }
    }

    @Override
    public ChannelIds allocChannelIds(int count) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(JAVA_LONG);
            MemorySegment first = arena.allocate(JAVA_INT);
            table().call(Op.ALLOC_CHIDS, pointer(), Requests.checkedCount("channel ids", count), out, first);
            return new NativeChannelIds(table(), out.get(JAVA_LONG, 0), first.get(JAVA_INT, 0), count);
        }
    }

    @Override
    public int availableChannelIds() {
        return table().call(Op.GET_AVAIL_CHIDS, pointer());
    }

    @Override
    public FbMemory allocFbMemory(FbRequest request) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment in = arena.allocate(Abi.FB_REQUEST);
            in.set(JAVA_LONG, Abi.offset(Abi.FB_REQUEST, "bytes"), request.bytes());
            in.set(JAVA_LONG, Abi.offset(Abi.FB_REQUEST, "align_bytes"), request.alignBytes());
            in.set(
                    JAVA_LONG,
                    Abi.offset(Abi.FB_REQUEST, "fixed_offset"),
                    request.fixedOffset().orElse(0));
            in.set(
                    JAVA_INT,
                    Abi.offset(Abi.FB_REQUEST, "has_fixed_offset"),
                    request.fixedOffset().isPresent() ? 1 : 0);
            MemorySegment out = arena.allocate(JAVA_LONG);
            MemorySegment info = arena.allocate(Abi.FB_MEM_INFO);
            table().call(Op.ALLOC_FBMEM, pointer(), in, out, info);
            return new NativeFbMemory(
                    table(),
                    out.get(JAVA_LONG, 0),
                    info.get(JAVA_LONG, Abi.offset(Abi.FB_MEM_INFO, "offset")),
                    info.get(JAVA_LONG, Abi.offset(Abi.FB_MEM_INFO, "bytes")));
        }
    }

    @Override
    public long totalFbBytes() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocate(JAVA_LONG);
            table().call(Op.GET_TOTAL_FBMEM_SIZE, pointer(), bytes);
            return bytes.get(JAVA_LONG, 0);
        }
    }

    @Override
    public CeChannel allocCeChannel(Optional<ChannelIds> channelIds, int index) {
        long ids = channelIds
                .map(chosen -> own(chosen, NativeChannelIds.class).pointer())
                .orElse(0L);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(JAVA_LONG);
            MemorySegment info = arena.allocate(Abi.CHANNEL_INFO);
            table().call(Op.ALLOC_CE_CHANNEL, pointer(), ids, index, out, info);
            return new NativeCeChannel(table(), out.get(JAVA_LONG, 0), ChannelInfo.of(info));
        }
    }

    @Override
    public List<GspLog> gspLogs() {
        return NativeLogs.read(this, Op.GSP_LOG_COUNT, Op.GSP_LOG);
    }

    @Override
    public void defineVgpuTypes(List<VgpuType> types, boolean heterogeneous) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment all = arena.allocate(Abi.VGPU_TYPE, Math.max(1, types.size()));
            for (int i = 0; i < types.size(); i++) {
                VgpuStructs.set(types.get(i), all.asSlice(i * Abi.VGPU_TYPE.byteSize(), Abi.VGPU_TYPE));
            }
            table().call(Op.VGPU_DEFINE_TYPES, pointer(), all, types.size(), heterogeneous ? 1 : 0);
        }
    }

    @Override
    public VgpuPlugin startVgpu(VgpuRequest request) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment in = arena.allocate(Abi.VGPU_REQUEST);
            VgpuStructs.set(request, in);
            in.set(JAVA_LONG, VgpuStructs.CLIENT, part(request.client(), NativeGspClient.class));
            in.set(JAVA_LONG, VgpuStructs.CHIDS, part(request.channelIds(), NativeChannelIds.class));
            in.set(JAVA_LONG, VgpuStructs.FRAME_BUFFER, part(request.frameBuffer(), NativeFbMemory.class));
            in.set(JAVA_LONG, VgpuStructs.HEAP, part(request.heap(), NativeFbMemory.class));
            MemorySegment out = arena.allocate(JAVA_LONG);
            table().call(Op.VGPU_START, pointer(), in, out);
            return new NativeVgpuPlugin(table(), out.get(JAVA_LONG, 0), request.vfIndex());
        }
    }

    private long part(Object part, Class<? extends NativeObject> type) {
        return own(part, type).pointer();
    }

    @Override
    public AddressSpace createAddressSpace() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(JAVA_LONG);
            MemorySegment bits = arena.allocate(JAVA_INT);
            table().call(Op.ADDRESS_SPACE_CREATE, pointer(), out, bits);
            return new NativeAddressSpace(table(), out.get(JAVA_LONG, 0), bits.get(JAVA_INT, 0));
        }
    }

    @Override
    public MemoryObject createMemory(long bytes, Placement placement) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(JAVA_LONG);
            table().call(Op.MEMORY_CREATE, pointer(), bytes, placement.number(), out);
            return new NativeMemory(table(), out.get(JAVA_LONG, 0), bytes, placement);
        }
    }

    @Override
    public ChannelGroup createChannelGroup(AddressSpace space, Engine engine) {
        long in = own(space, NativeAddressSpace.class).pointer();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(JAVA_LONG);
            table().call(Op.CHANNEL_GROUP_CREATE, pointer(), in, engine.bit(), out);
            return new NativeChannelGroup(table(), out.get(JAVA_LONG, 0), engine);
        }
    }

    @Override
    public Timeline createTimeline() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(JAVA_LONG);
            table().call(Op.TIMELINE_CREATE, pointer(), out);
            return new NativeTimeline(table(), out.get(JAVA_LONG, 0));
        }
    }

    /** The table has no operation for a display. */
    @Override
    public Display openDisplay(DisplayListener listener) {
        throw new CoreException(CoreError.NOT_SUPPORTED, "The core cannot do that: capability=" + Capability.DISPLAY);
    }
}
