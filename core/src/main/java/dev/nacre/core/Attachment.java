package dev.nacre.core;

import java.util.List;
import java.util.Set;

/**
 * A client's hold on a GPU. What it allocates belongs to the attachment, and goes with it at the latest.
 *
 * <p>Any thread may call. A method whose capability was not agreed throws {@link CoreException} with
 * {@link CoreError#NOT_SUPPORTED}; one of a detached attachment, or of something that was freed, with
 * {@link CoreError#STALE}. The others that every method may throw are {@link Core}'s.
 */
public interface Attachment extends AutoCloseable {
    /** The version of the interface that both sides agreed on. */
    int version();

    /** The capabilities that can be used: those of the core that exist in the agreed version. */
    Set<Capability> capabilities();

    /**
     * Makes a client of the GPU's firmware, with a device and a subdevice under it. Needs
     * {@link Capability#GSP_CLIENT_ALLOC}.
     *
     * @throws CoreException with {@link CoreError#NO_SPACE} if there are too many
     */
    GspClient allocGspClient();

    /**
     * Takes a range of channel ids out of the pool that is reserved for virtual GPUs. Needs {@link Capability#CHID_ALLOC}.
     *
     * @param count how many, from 1
     * @throws CoreException with {@link CoreError#NO_SPACE} if no such range is free
     */
    ChannelIds allocChannelIds(int count);

    /** How many channel ids of that pool are free now. Needs {@link Capability#CHID_ALLOC}. */
    int availableChannelIds();

    /**
     * Takes a contiguous part of the GPU's memory. What it holds is what its last owner left. Needs
     * {@link Capability#FB_MEM_ALLOC}.
     *
     * @throws CoreException with {@link CoreError#NO_SPACE} if no such part is free
     */
    FbMemory allocFbMemory(FbRequest request);

    /** The bytes of all memory that {@link #allocFbMemory} can give out, free or not. */
    long totalFbBytes();

    /**
     * Makes a channel that runs the copy engine, with an address space of its own. Needs {@link Capability#CE_CHAN_ALLOC}.
     * Clients are told {@link CoreEvent.ChannelStart}.
     *
     * @param channelIds whose id to use; empty to have the core choose
     * @param index which of them, from 0; 0 without them
     * @throws CoreException with {@link CoreError#BUSY} if that id has a channel; with {@link CoreError#NO_SPACE} if none
     *     is left
     */
    CeChannel allocCeChannel(java.util.Optional<ChannelIds> channelIds, int index);

    /**
     * The firmware's logs as they are now, in its own format. Needs {@link Capability#GSP_LOGS}.
     *
     * @return each with its name
     */
    List<GspLog> gspLogs();

    /**
     * Tells the firmware which types of virtual GPUs there are, instead of those that it was told before. Needs
     * {@link Capability#VGPU_PLUGINS}.
     *
     * @param types all of them
     * @param heterogeneous whether virtual GPUs of different types may exist at a time
     * @throws CoreException with {@link CoreError#INVALID_ARGUMENT} if there are more than the firmware can know, or a field
     *     does not fit, naming it; with {@link CoreError#BUSY} while a virtual GPU runs
     */
    void defineVgpuTypes(List<VgpuType> types, boolean heterogeneous);

    /**
     * Has the firmware start a virtual GPU: when this returns, its virtual function shows a whole GPU. Needs
     * {@link Capability#VGPU_PLUGINS}.
     *
     * @throws CoreException with {@link CoreError#INVALID_ARGUMENT} if a part cannot be right, naming it; with
     *     {@link CoreError#EXISTS} if the virtual function shows one; with {@link CoreError#IO} or
     *     {@link CoreError#TIMED_OUT} if the firmware does not start it. Nothing of it is left then
     */
    VgpuPlugin startVgpu(VgpuRequest request);

    /** Makes an address space. Needs {@link Capability#ADDRESS_SPACES}. */
    AddressSpace createAddressSpace();

    /**
     * Makes a memory object, filled with zeros. Needs {@link Capability#MEMORY_OBJECTS}.
     *
     * @param bytes a multiple of 4096, from 4096
     * @throws CoreException with {@link CoreError#NO_SPACE} if there is not as much
     */
    MemoryObject createMemory(long bytes, Placement placement);

    /**
     * Makes a group of channels, which share an address space and an engine's time. Needs {@link Capability#CHANNELS}.
     *
     * @param space theirs
     * @param engine what they run on; one of {@link Core#engines}, of type {@link EngineType#GRAPHICS} or
     *     {@link EngineType#COPY}
     */
    ChannelGroup createChannelGroup(AddressSpace space, Engine engine);

    /** Makes a timeline at 0. Needs {@link Capability#TIMELINES}. */
    Timeline createTimeline();

    /**
     * Takes the display engine. While somebody has it, the core refuses to sleep. Needs {@link Capability#DISPLAY}.
     *
     * @param listener whom to tell of it
     * @throws CoreException with {@link CoreError#BUSY} if somebody has it
     */
    Display openDisplay(DisplayListener listener);

    /**
     * Detaches: frees whatever is left of the attachment, ends its channels, and returns when no listener of it runs any
     * more and none will, unless it is called by such a listener. The last event is {@link CoreEvent.DriverEnd}. Idempotent.
     *
     * @throws CoreException with {@link CoreError#SUSPENDED} if what is left cannot be freed while the GPU sleeps; nothing
     *     has changed then
     */
    @Override
    void close();
}
