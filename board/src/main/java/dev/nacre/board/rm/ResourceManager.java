package dev.nacre.board.rm;

import dev.nacre.board.disp.DisplayControl;
import dev.nacre.board.hal.ChipHal;
import dev.nacre.board.hal.GpuModel;
import dev.nacre.board.host.ChannelControl;
import dev.nacre.board.mmu.MmuControl;
import dev.nacre.board.rm.ObjectState.Channel;
import dev.nacre.board.rm.ObjectState.DisplayChannel;
import dev.nacre.board.rm.ObjectState.Event;
import dev.nacre.board.rm.ObjectState.Inherited;
import dev.nacre.board.rm.ObjectState.Notifications;
import dev.nacre.board.rm.ObjectState.PageDirectory;
import dev.nacre.board.state.StateReader;
import dev.nacre.board.state.StateWriter;
import dev.nacre.board.telemetry.SharedFigures;
import dev.nacre.board.vgpu.VgpuPlugins;
import dev.nacre.hw.gsp.GspAbi;
import dev.nacre.hw.rm.ClassKind;
import dev.nacre.hw.rm.DisplayParamLayout.DisplayChannelAlloc;
import dev.nacre.hw.rm.ParamLayout.ChannelGroupAlloc;
import dev.nacre.hw.rm.ParamLayout.ContextShareAlloc;
import dev.nacre.hw.rm.ParamLayout.Nv0005Alloc;
import dev.nacre.hw.rm.RmClass;
import dev.nacre.hw.rm.RmControl;
import dev.nacre.hw.rm.RmStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * RM: the tree of objects that drivers allocate, what each of them stands for on this board, and the controls that they
 * take. Everything but {@link #unknownCalls} belongs to the GSP's engine thread.
 */
public final class ResourceManager {
    // HW: NV01_EVENT flags lie above the index.
    private static final int NOTIFY_INDEX_MASK = 0xffff;

    private final ClassTable classes;
    private final ObjectTree tree = new ObjectTree();
    private final ChannelObjects channels;
    private final DisplayObjects displayChannels;
    private final ControlRegistry controls = new ControlRegistry();
    private final MemoryControls memoryControls;
    private final BusControls busControls = new BusControls();
    private final VgpuControls vgpuControls;
    private final UnknownCalls unknown = new UnknownCalls();

    /**
     * Makes an RM without objects.
     *
     * @param model the GPU
     * @param mmu is told of changed page directories
     * @param display answers and is told what concerns the display
     * @param figures publishes live figures
     */
    public ResourceManager(GpuModel model, MmuControl mmu, DisplayControl display, SharedFigures figures) {
        ChipHal hal = model.hal();
        this.classes = new ClassTable(hal.classes());
        this.channels = new ChannelObjects(model.channels());
        this.displayChannels = new DisplayObjects(display);
        GpuProfile profile = GpuProfile.of(hal.chip());
        this.memoryControls = new MemoryControls(profile, mmu);
        memoryControls.register(controls);
        busControls.register(controls);
        new GpuControls(model, profile).register(controls);
        new GraphicsControls(profile).register(controls);
        new FifoControls(hal, channels).register(controls);
        new CopyEngineControls().register(controls);
        new InterruptControls(model).register(controls);
        new DisplayControls(classes, display, profile).register(controls);
        new EventControls().register(controls);
        new TelemetryControls(figures).register(controls);
        vgpuControls = new VgpuControls(profile);
        vgpuControls.register(controls);
    }

    /** Connects the host engine; before any object is made. */
    public void connect(ChannelControl host) {
        channels.connect(host);
    }

    /** Connects the plugins of virtual GPUs, on a board that can have any; before any object is made. */
    public void connect(VgpuPlugins plugins) {
        vgpuControls.connect(plugins);
    }

    /** What drivers asked for and nobody knows. Any thread. */
    public UnknownCalls unknownCalls() {
        return unknown;
    }

    /** Number of objects of all clients, the firmware's own included. */
    public int objectCount() {
        return tree.count();
    }

    /** Makes the client with a device and a subdevice that the firmware itself owns and tells drivers of. */
    public void addInternalClient(int client, int device, int subdevice) {
        ObjectTree.Client internal = tree.addClient(object(client, RmClass.NV01_ROOT, null));
        RmObject deviceObject = object(device, RmClass.NV01_DEVICE_0, internal.root());
        tree.add(internal, deviceObject);
        tree.add(internal, object(subdevice, RmClass.NV20_SUBDEVICE_0, deviceObject));
    }

    private RmObject object(int handle, RmClass rmClass, @Nullable RmObject parent) {
        ClassTable.Entry type = Objects.requireNonNull(classes.find(rmClass.number()));
        return new RmObject(handle, type, parent, plainState(type.kind()));
    }

    /** Where the driver says that the BARs are: BAR0, the framebuffer's and the instance memory's. */
    public void barAddresses(long bar0, long framebuffer, long instance) {
        busControls.barAddresses(new long[] {bar0, framebuffer, instance});
    }

    /**
     * Makes an object.
     *
     * @param clientHandle client; for a new client its handle
     * @param parentHandle parent; not looked at for a client
     * @param handle the new object; not looked at for a client
     * @param classNumber class
     * @param params parameters of the class
     */
    public RmStatus alloc(int clientHandle, int parentHandle, int handle, int classNumber, WireStruct params) {
        ClassTable.Entry type = classes.find(classNumber);
        if (type == null) {
            unknown.count("class", Integer.toHexString(classNumber));
            return RmStatus.NV_ERR_INVALID_CLASS;
        }
        if (type.kind() == ClassKind.CLIENT) {
            RmStatus status = tree.mayAddClient(clientHandle);
            if (status == RmStatus.NV_OK) {
                tree.addClient(new RmObject(clientHandle, type, null, new ObjectState.None()));
            }
            return status;
        }
        ObjectTree.Client client = tree.client(clientHandle);
        if (client == null) {
            return RmStatus.NV_ERR_INVALID_CLIENT;
        }
        RmObject parent = client.find(parentHandle);
        if (parent == null) {
            return RmStatus.NV_ERR_INVALID_OBJECT_PARENT;
        }
        RmStatus status = tree.mayAdd(client, parent, handle, type);
        if (status != RmStatus.NV_OK) {
            return status;
        }
        ObjectState state = state(client, parent, type, params);
        if (state == null) {
            return type.kind() == ClassKind.CHANNEL
                    ? RmStatus.NV_ERR_INVALID_CHANNEL
                    : RmStatus.NV_ERR_INVALID_ARGUMENT;
        }
        tree.add(client, new RmObject(handle, type, parent, state));
        return RmStatus.NV_OK;
    }

    private @Nullable ObjectState state(
            ObjectTree.Client client, RmObject parent, ClassTable.Entry type, WireStruct params) {
        return switch (type.kind()) {
            case CHANNEL -> channels.allocate(client, parent, params);
            case DISPLAY_CHANNEL ->
                displayChannels.allocate(
                        Objects.requireNonNull(type.displayChannel()),
                        params.get32(DisplayChannelAlloc.CHANNEL_INSTANCE),
                        params.get32(DisplayChannelAlloc.OFFSET));
            case EVENT -> new Event(params.get32(Nv0005Alloc.NOTIFY_INDEX) & NOTIFY_INDEX_MASK);
            case CHANNEL_GROUP ->
                new Inherited(params.get32(ChannelGroupAlloc.VA_SPACE), params.get32(ChannelGroupAlloc.ENGINE_TYPE));
            case CONTEXT_SHARE -> new Inherited(params.get32(ContextShareAlloc.VA_SPACE), 0);
            case CLIENT, DEVICE, SUBDEVICE, VA_SPACE, CHANNEL_OBJECT, DISPLAY_COMMON, DISPLAY, MEMORY, OTHER ->
                plainState(type.kind());
        };
    }

    /** The state of kinds that begin without parameters. */
    private static ObjectState plainState(ClassKind kind) {
        return switch (kind) {
            case DEVICE, VA_SPACE -> new PageDirectory();
            case SUBDEVICE -> new Notifications();
            default -> new ObjectState.None();
        };
    }

    /** Describes memory by its pages (ALLOC_MEMORY). The pages do not matter: nothing is ever saved to them. */
    public RmStatus allocMemory(int clientHandle, int deviceHandle, int handle, int classNumber) {
        ClassTable.Entry type = classes.find(classNumber);
        if (type == null || type.kind() != ClassKind.MEMORY) {
            unknown.count("class", Integer.toHexString(classNumber));
            return RmStatus.NV_ERR_INVALID_CLASS;
        }
        return alloc(clientHandle, deviceHandle, handle, classNumber, WireStruct.ofSize(0));
    }

    /** Makes an object known to another client. */
    public RmStatus duplicate(int clientHandle, int parentHandle, int handle, int sourceClient, int sourceHandle) {
        ObjectTree.Client from = tree.client(sourceClient);
        ObjectTree.Client to = tree.client(clientHandle);
        if (from == null || to == null) {
            return RmStatus.NV_ERR_INVALID_CLIENT;
        }
        RmObject source = from.find(sourceHandle);
        RmObject parent = to.find(parentHandle);
        if (source == null || parent == null) {
            return source == null ? RmStatus.NV_ERR_INVALID_OBJECT_HANDLE : RmStatus.NV_ERR_INVALID_OBJECT_PARENT;
        }
        ObjectState shared = switch (source.state()) {
            case PageDirectory directory -> directory;
            case Inherited inherited -> inherited;
            case ObjectState.None none -> none;
            case Channel c -> null;
            case DisplayChannel d -> null;
            case Event e -> null;
            case Notifications n -> null;
        };
        if (shared == null || source.kind() == ClassKind.DEVICE || source.kind() == ClassKind.CLIENT) {
            return RmStatus.NV_ERR_NOT_SUPPORTED;
        }
        RmStatus status = tree.mayAdd(to, parent, handle, source.type());
        if (status == RmStatus.NV_OK) {
            tree.add(to, new RmObject(handle, source.type(), parent, shared));
        }
        return status;
    }

    /** The handle to allocate an object under: the one given, or a new one if it is 0, as Mesa leaves it. */
    public int handleFor(int clientHandle, int handle) {
        ObjectTree.Client client = tree.client(clientHandle);
        return handle != 0 || client == null ? handle : ObjectTree.freshHandle(client);
    }

    /** Frees an object and all under it. */
    public RmStatus free(int clientHandle, int handle) {
        ObjectTree.Client client = tree.client(clientHandle);
        if (client == null) {
            return RmStatus.NV_ERR_INVALID_CLIENT;
        }
        RmObject object = client.find(handle);
        if (object == null) {
            return RmStatus.NV_ERR_OBJECT_NOT_FOUND;
        }
        tree.remove(client, object).forEach(this::end);
        return RmStatus.NV_OK;
    }

    private void end(RmObject object) {
        switch (object.state()) {
            case Channel channel -> channels.free(channel);
            case DisplayChannel channel -> displayChannels.free(channel.channel());
            case PageDirectory d -> {}
            case Inherited i -> {}
            case Event e -> {}
            case Notifications n -> {}
            case ObjectState.None n -> {}
        }
    }

    /** Frees everything; new channels will run, even if the last driver had stopped all. */
    public void freeAll() {
        for (ObjectTree.Client client : new ArrayList<>(tree.clients())) {
            tree.remove(client, client.root()).forEach(this::end);
        }
        channels.enableAll(true);
        busControls.barAddresses(new long[3]);
    }

    /**
     * Answers a control.
     *
     * @param abi the firmware interface that the driver was built for
     * @param clientHandle client
     * @param objectHandle what it is asked of
     * @param command command number
     * @param in parameters as they came
     * @param out parameters that go back, as many bytes as {@code in}, zero
     */
    public RmStatus control(
            GspAbi abi, int clientHandle, int objectHandle, int command, WireStruct in, WireStruct out) {
        ObjectTree.Client client = tree.client(clientHandle);
        if (client == null) {
            return RmStatus.NV_ERR_INVALID_CLIENT;
        }
        RmObject object = client.find(objectHandle);
        if (object == null) {
            return RmStatus.NV_ERR_INVALID_OBJECT_HANDLE;
        }
        if ((command & RmControl.LEGACY_BIT) != 0) {
            unknown.count("control", "legacy " + Integer.toHexString(command));
            return RmStatus.NV_ERR_NOT_SUPPORTED;
        }
        RmControl control = abi.control(command);
        ControlHandler handler = control == null ? null : controls.find(control);
        if (handler == null) {
            // Drivers send uninitialised memory: what is not known to be asked for must not go back.
            unknown.count("control", RmControl.nameOf(command));
            return RmStatus.NV_OK;
        }
        return handler.handle(new ControlCall(client, object, abi, in, out));
    }

    /** SET_PAGE_DIRECTORY as a function of its own. */
    public RmStatus setPageDirectory(int clientHandle, int deviceHandle, WireStruct params) {
        ObjectTree.Client client = tree.client(clientHandle);
        RmObject device = client == null ? null : client.find(deviceHandle);
        return client == null || device == null
                ? RmStatus.NV_ERR_INVALID_OBJECT_HANDLE
                : memoryControls.setPageDirectory(client, device, params);
    }

    /** UNSET_PAGE_DIRECTORY as a function of its own. */
    public RmStatus unsetPageDirectory(int clientHandle, int deviceHandle, WireStruct params) {
        ObjectTree.Client client = tree.client(clientHandle);
        RmObject device = client == null ? null : client.find(deviceHandle);
        return client == null || device == null
                ? RmStatus.NV_ERR_INVALID_OBJECT_HANDLE
                : memoryControls.unsetPageDirectory(client, device, params);
    }

    /**
     * An event object that is to be told of something.
     *
     * @param client its client
     * @param handle the event object
     */
    public record Subscriber(int client, int handle) {}

    /**
     * Who is to be told of something that happened on the board; whoever asked to be told once is not told again.
     *
     * @param notifyIndex NV2080_NOTIFIERS_*
     * @param limit subscribers at the most
     */
    public List<Subscriber> subscribers(int notifyIndex, int limit) {
        List<Subscriber> found = new ArrayList<>();
        List<Notifications> once = new ArrayList<>();
        for (ObjectTree.Client client : tree.clients()) {
            for (RmObject object : client.objects()) {
                RmObject parent = object.parent();
                if (object.state() instanceof Event event
                        && event.notifyIndex() == notifyIndex
                        && parent != null
                        && parent.state() instanceof Notifications armed
                        && armed.action(notifyIndex) != 0
                        && found.size() < limit) {
                    found.add(new Subscriber(client.handle(), object.handle()));
                    once.add(armed);
                }
            }
        }
        for (Notifications armed : once) {
            if (armed.action(notifyIndex) == 1) {
                armed.arm(notifyIndex, 0);
            }
        }
        return found;
    }

    /** Puts all objects. */
    public void save(StateWriter out) {
        StateSaver.save(tree, out);
        long[] bars = busControls.barAddresses();
        for (int i = 0; i < bars.length; i++) {
            out.put("bar" + i, bars[i]);
        }
    }

    /**
     * Takes all objects. Their channels are the host's to restore; {@link #relink} follows.
     *
     * @throws dev.nacre.board.state.StateException if something is missing or impossible; there are no objects then
     */
    public void restore(StateReader in) {
        reset();
        new StateSaver(classes, channels, displayChannels).restore(tree, in);
        busControls.barAddresses(new long[] {in.longValue("bar0"), in.longValue("bar1"), in.longValue("bar2")});
    }

    /** After {@link #restore}, once the whole board is restored: connects the host's channels to objects again. */
    public void relink() {
        for (ObjectTree.Client client : tree.clients()) {
            for (RmObject object : client.objects()) {
                if (object.state() instanceof Channel channel) {
                    channels.relink(client, channel);
                }
            }
        }
    }

    /** Forgets everything without telling anyone: the whole board is reset. */
    public void reset() {
        tree.clear();
        channels.reset();
        displayChannels.reset();
        busControls.barAddresses(new long[3]);
    }
}
