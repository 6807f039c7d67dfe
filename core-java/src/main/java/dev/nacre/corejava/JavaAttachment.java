package dev.nacre.corejava;

import dev.nacre.core.AddressSpace;
import dev.nacre.core.Attachment;
import dev.nacre.core.Capability;
import dev.nacre.core.CeChannel;
import dev.nacre.core.ChannelGroup;
import dev.nacre.core.ChannelIds;
import dev.nacre.core.Client;
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
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** A client's hold on a GPU. */
final class JavaAttachment implements Attachment {
    private final JavaCore core;
    private final Client client;
    private final int version;
    private final EventThread.Receiver receiver;

    /** Guarded by the gate, as what follows; in the order in which they were made. */
    private final SequencedSet<Handle> handles = new LinkedHashSet<>();

    private boolean detached;
    private long endSequence;

    JavaAttachment(JavaCore core, Client client, int version) {
        this.core = core;
        this.client = client;
        this.version = version;
        this.receiver = new EventThread.Receiver(client);
    }

    JavaCore core() {
        return core;
    }

    Client client() {
        return client;
    }

    EventThread.Receiver receiver() {
        return receiver;
    }

    @Override
    public int version() {
        return version;
    }

    @Override
    public Set<Capability> capabilities() {
        return core.capabilities();
    }

    @Override
    public GspClient allocGspClient() {
        return make(Capability.GSP_CLIENT_ALLOC, () -> new GspClientHandle(this));
    }

    @Override
    public ChannelIds allocChannelIds(int count) {
        return make(Capability.CHID_ALLOC, () -> new ChannelIdsHandle(this, count));
    }

    @Override
    public int availableChannelIds() {
        return use(Capability.CHID_ALLOC, () -> core.parts().ids().availableReserved());
    }

    @Override
    public FbMemory allocFbMemory(FbRequest request) {
        return make(Capability.FB_MEM_ALLOC, () -> new FbHandle(this, request));
    }

    @Override
    public long totalFbBytes() {
        return core.gate().use(() -> {
            requireAttached();
            return core.parts().memory().totalBytes();
        });
    }

    @Override
    public CeChannel allocCeChannel(Optional<ChannelIds> channelIds, int index) {
        return make(Capability.CE_CHAN_ALLOC, () -> CeChannelHandle.create(this, channelIds, index));
    }

    @Override
    public List<GspLog> gspLogs() {
        return use(Capability.GSP_LOGS, () -> core.parts().live().gpu().logs());
    }

    @Override
    public void defineVgpuTypes(List<VgpuType> types, boolean heterogeneous) {
        use(Capability.VGPU_PLUGINS, () -> {
            core.vgpus().define(types, heterogeneous);
            return types;
        });
    }

    @Override
    public VgpuPlugin startVgpu(VgpuRequest request) {
        VgpuHandle made = make(Capability.VGPU_PLUGINS, () -> VgpuHandle.create(this, request));
        // Without the gate's lock: a plugin may take seconds, and others must not wait for it.
        made.start();
        return made;
    }

    @Override
    public AddressSpace createAddressSpace() {
        return make(Capability.ADDRESS_SPACES, () -> new AddressSpaceHandle(this));
    }

    @Override
    public MemoryObject createMemory(long bytes, Placement placement) {
        MemoryHandle memory = make(Capability.MEMORY_OBJECTS, () -> MemoryHandle.create(this, bytes, placement));
        memory.clear();
        return memory;
    }

    @Override
    public ChannelGroup createChannelGroup(AddressSpace space, Engine engine) {
        return make(Capability.CHANNELS, () -> ChannelGroupHandle.create(this, space, engine));
    }

    @Override
    public Timeline createTimeline() {
        return make(Capability.TIMELINES, () -> new TimelineHandle(this));
    }

    @Override
    public Display openDisplay(DisplayListener listener) {
        return make(Capability.DISPLAY, () -> DisplayHandle.create(this, listener));
    }

    /** Makes something that belongs to this attachment. */
    private <T extends Handle> T make(Capability needed, Supplier<T> maker) {
        return use(needed, () -> {
            T made = maker.get();
            handles.add(made);
            return made;
        });
    }

    /** Takes in what was made otherwise. With the gate's lock. */
    <T extends Handle> T own(T made) {
        requireAttached();
        handles.add(made);
        return made;
    }

    /** Frees those that are so, the youngest first. With the gate's lock. */
    void freeAll(Predicate<Handle> which) {
        new ArrayList<>(handles.reversed()).stream().filter(which).forEach(Handle::free);
    }

    void forget(Handle handle) {
        handles.remove(handle);
    }

    private <T> T use(Capability needed, Supplier<T> action) {
        return core.gate().use(() -> {
            requireAttached();
            requireCapability(needed);
            return action.get();
        });
    }

    /** @throws CoreException with NOT_SUPPORTED if a capability was not agreed */
    void requireCapability(Capability needed) {
        if (!capabilities().contains(needed)) {
            throw new CoreException(CoreError.NOT_SUPPORTED, "The core cannot do that: capability=" + needed);
        }
    }

    private void requireAttached() {
        if (detached) {
            throw new CoreException(CoreError.STALE, "Client was detached: client=" + client.name());
        }
    }

    /** Frees all, and has the client be told the end. With the gate's lock. @return the number of that event */
    long detach() {
        if (!detached) {
            detached = true;
            // ORDERING: what plugins, heads and channels use goes only after they have ended, or they would fault.
            freeAll(handle -> handle instanceof VgpuHandle || handle instanceof DisplayHandle);
            freeAll(handle -> handle instanceof CeChannelHandle || handle instanceof ChannelHandle);
            freeAll(handle -> true);
            endSequence = core.detached(this);
        }
        return endSequence;
    }

    boolean isDetached() {
        return detached;
    }

    @Override
    public void close() {
        core.detach(this);
    }
}
