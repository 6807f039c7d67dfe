package dev.nacre.vfio.testing;

import dev.nacre.core.AddressSpace;
import dev.nacre.core.Attachment;
import dev.nacre.core.Bar1Mapping;
import dev.nacre.core.Capability;
import dev.nacre.core.CeChannel;
import dev.nacre.core.ChannelGroup;
import dev.nacre.core.ChannelIds;
import dev.nacre.core.Client;
import dev.nacre.core.CoreError;
import dev.nacre.core.CoreEvent;
import dev.nacre.core.CoreException;
import dev.nacre.core.Display;
import dev.nacre.core.DisplayListener;
import dev.nacre.core.Engine;
import dev.nacre.core.FbMemory;
import dev.nacre.core.FbRequest;
import dev.nacre.core.GspClient;
import dev.nacre.core.GspLog;
import dev.nacre.core.MapRequest;
import dev.nacre.core.MemoryObject;
import dev.nacre.core.Placement;
import dev.nacre.core.Timeline;
import dev.nacre.core.VgpuPlugin;
import dev.nacre.core.VgpuRequest;
import dev.nacre.core.VgpuType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A client's hold on a {@link FakeCore}. */
final class FakeAttachment implements Attachment {
    final Client client;
    final FakeCore core;

    // Guarded by this.
    private final List<String> held = new ArrayList<>();
    private final BitSet channelIds = new BitSet();
    private final BitSet plugins = new BitSet();
    private List<VgpuType> types = List.of();

    FakeAttachment(FakeCore core, Client client) {
        this.core = core;
        this.client = client;
    }

    synchronized List<String> held() {
        return List.copyOf(held);
    }

    synchronized void hold(String what) {
        held.add(what);
    }

    synchronized void release(String what) {
        held.remove(what);
    }

    @Override
    public int version() {
        return Client.CURRENT_VERSION;
    }

    @Override
    public Set<Capability> capabilities() {
        return core.capabilities;
    }

    @Override
    public GspClient allocGspClient() {
        hold("client");
        return new GspClient() {
            private boolean closed;

            @Override
            public int handle() {
                return 1;
            }

            @Override
            public byte[] read(int command, byte[] parameters) {
                throw new CoreException(CoreError.NOT_SUPPORTED, "No firmware");
            }

            @Override
            public void write(int command, byte[] parameters) {
                throw new CoreException(CoreError.NOT_SUPPORTED, "No firmware");
            }

            @Override
            public void close() {
                if (!closed) {
                    closed = true;
                    release("client");
                }
            }
        };
    }

    @Override
    public synchronized ChannelIds allocChannelIds(int count) {
        int first = channelIds.nextClearBit(0);
        while (channelIds.get(first, first + count).cardinality() > 0) {
            first = channelIds.nextClearBit(channelIds.nextSetBit(first));
        }
        if (first + count > core.board().vgpuChannels()) {
            throw new CoreException(CoreError.NO_SPACE, "No channel ids are left");
        }
        channelIds.set(first, first + count);
        hold("channel ids");
        return new Ids(first, count);
    }

    @Override
    public synchronized int availableChannelIds() {
        return core.board().vgpuChannels() - channelIds.cardinality();
    }

    @Override
    public FbMemory allocFbMemory(FbRequest request) {
        long offset = core.memory.take(request);
        hold("memory");
        return new Fb(offset, Math.ceilDiv(request.bytes(), 4096) * 4096);
    }

    @Override
    public long totalFbBytes() {
        return core.memory.bytes();
    }

    @Override
    public CeChannel allocCeChannel(Optional<ChannelIds> ids, int index) {
        hold("channel");
        return new FakeCopyChannel(this, ids.orElseThrow().first() + index);
    }

    @Override
    public List<GspLog> gspLogs() {
        return List.of();
    }

    @Override
    public synchronized void defineVgpuTypes(List<VgpuType> all, boolean heterogeneous) {
        types = List.copyOf(all);
    }

    @Override
    public synchronized VgpuPlugin startVgpu(VgpuRequest request) {
        if (types.stream().noneMatch(type -> type.id() == request.typeId())) {
            throw new CoreException(CoreError.INVALID_ARGUMENT, "Unknown type");
        }
        if (plugins.get(request.vfIndex())) {
            throw new CoreException(CoreError.EXISTS, "Shows one");
        }
        plugins.set(request.vfIndex());
        hold("plugin");
        return new FakePlugin(this, request.vfIndex());
    }

    synchronized void ended(int vfIndex) {
        plugins.clear(vfIndex);
        release("plugin");
    }

    @Override
    public AddressSpace createAddressSpace() {
        throw new UnsupportedOperationException();
    }

    @Override
    public MemoryObject createMemory(long bytes, Placement placement) {
        throw new UnsupportedOperationException();
    }

    @Override
    public ChannelGroup createChannelGroup(AddressSpace space, Engine engine) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Timeline createTimeline() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Display openDisplay(DisplayListener listener) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
        boolean was;
        synchronized (core) {
            was = core.attachments.remove(this);
        }
        if (was) {
            client.listener().accept(new CoreEvent.DriverEnd());
        }
    }

    /** A range of channel ids. */
    private final class Ids implements ChannelIds {
        private final int first;
        private final int count;
        private boolean closed;

        private Ids(int first, int count) {
            this.first = first;
            this.count = count;
        }

        @Override
        public int first() {
            return first;
        }

        @Override
        public int count() {
            return count;
        }

        @Override
        public void close() {
            synchronized (FakeAttachment.this) {
                if (!closed) {
                    closed = true;
                    channelIds.clear(first, first + count);
                    release("channel ids");
                }
            }
        }
    }

    /** A part of the memory. */
    private final class Fb implements FbMemory {
        private final long offset;
        private final long bytes;
        private boolean closed;

        private Fb(long offset, long bytes) {
            this.offset = offset;
            this.bytes = bytes;
        }

        @Override
        public long offset() {
            return offset;
        }

        @Override
        public long bytes() {
            return bytes;
        }

        @Override
        public Bar1Mapping mapBar1(MapRequest request) {
            hold("mapping");
            return new Mapping(offset + request.offset(), request.bytes());
        }

        @Override
        public void close() {
            if (!closed) {
                closed = true;
                core.memory.give(offset);
                release("memory");
            }
        }
    }

    /** A part of it that the host reaches. */
    private final class Mapping implements Bar1Mapping {
        private final long at;
        private final long bytes;
        private boolean closed;

        private Mapping(long at, long bytes) {
            this.at = at;
            this.bytes = bytes;
        }

        @Override
        public long bar1Offset() {
            return at;
        }

        @Override
        public long bytes() {
            return bytes;
        }

        @Override
        public void read(long offset, MemorySegment dst, long dstOffset, int count) {
            for (int i = 0; i < count; i++) {
                dst.set(ValueLayout.JAVA_BYTE, dstOffset + i, core.memory.read(at + offset + i));
            }
        }

        @Override
        public void write(long offset, MemorySegment src, long srcOffset, int count) {
            for (int i = 0; i < count; i++) {
                core.memory.write(at + offset + i, src.get(ValueLayout.JAVA_BYTE, srcOffset + i));
            }
        }

        @Override
        public void close() {
            if (!closed) {
                closed = true;
                release("mapping");
            }
        }
    }
}
