package dev.nacre.vfio.manager;

import dev.nacre.core.Attachment;
import dev.nacre.core.BoardInfo;
import dev.nacre.core.Capability;
import dev.nacre.core.Client;
import dev.nacre.core.ClientKind;
import dev.nacre.core.Core;
import dev.nacre.core.CoreError;
import dev.nacre.core.CoreEvent;
import dev.nacre.core.CoreException;
import dev.nacre.core.FbMemory;
import dev.nacre.pci.bus.PciAddress;
import dev.nacre.vfio.placement.PlacementMode;
import dev.nacre.vfio.scrub.Scrubber;
import dev.nacre.vfio.type.CatalogType;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The virtual GPUs of one board. It is the board's {@link ClientKind#VFIO} client as long as it is open.
 *
 * <p>Any thread may call. What is refused is a {@link CoreException} that says why for people.
 */
public final class VgpuManager implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(VgpuManager.class.getName());

    /** Without these there are no virtual GPUs. */
    private static final Set<Capability> REQUIRED = Set.of(
            Capability.GSP_CLIENT_ALLOC,
            Capability.CHID_ALLOC,
            Capability.FB_MEM_ALLOC,
            Capability.FB_MEM_BAR1_MAP,
            Capability.CHAN_MEM_MAP,
            Capability.CE_CHAN_ALLOC,
            Capability.PUSHBUF_SUBMIT,
            Capability.PF_EVENT_DELIVERY,
            Capability.VGPU_PLUGINS);

    private final Attachment attachment;
    private final Scrubber scrubber;
    private final BoardSplit split;
    private final VgpuTable table;
    private final List<Consumer<VgpuEvent>> listeners = new CopyOnWriteArrayList<>();

    /** Guarded by this: memory that could not be cleared, which nobody gets. */
    private final List<FbMemory> keptAside = new ArrayList<>();

    private VgpuManager(Attachment attachment, Scrubber scrubber, BoardSplit split, VgpuTable table) {
        this.attachment = attachment;
        this.scrubber = scrubber;
        this.split = split;
        this.table = table;
    }

    /**
     * Attaches to a board, and tells its firmware the types.
     *
     * @param types those that its virtual GPUs can have
     * @throws CoreException with {@link CoreError#NOT_SUPPORTED} if the board cannot be shared, or its core cannot do what
     *     is needed; with {@link CoreError#BUSY} if it is used for something else; with {@link CoreError#INVALID_ARGUMENT}
     *     if the firmware cannot know the types
     */
    public static VgpuManager open(Core core, List<CatalogType> types, VgpuManagerOptions options) {
        if (!core.isVgpuEnabled()) {
            throw new CoreException(
                    CoreError.NOT_SUPPORTED,
                    "The board has no virtual GPUs: it needs SR-IOV, a chip and firmware that support them, and to be"
                            + " booted so: chip=" + core.board().chip());
        }
        Scrubber scrubber = new Scrubber(options.scrubPatience());
        AtomicReference<@Nullable VgpuManager> opened = new AtomicReference<>();
        Attachment attachment = core.attach(Client.of("vgpu-manager", ClientKind.VFIO, REQUIRED, event -> {
            scrubber.accept(event);
            VgpuManager manager = opened.get();
            if (manager != null) {
                manager.accept(event);
            }
        }));
        try {
            attachment.defineVgpuTypes(types.stream().map(CatalogType::toCore).toList(), options.heterogeneous());
            BoardSplit split = divide(core, attachment, scrubber, options);
            VgpuManager manager = new VgpuManager(attachment, scrubber, split, new VgpuTable(split, types, options));
            opened.set(manager);
            return manager;
        } catch (RuntimeException e) {
            attachment.close();
            throw e;
        }
    }

    /** The board. */
    public BoardInfo board() {
        return split.board();
    }

    /** The types that the firmware knows. */
    public List<CatalogType> types() {
        return table.types();
    }

    /** The types of which another virtual GPU can be created now. */
    public List<CreatableType> creatable() {
        return table.creatable();
    }

    /**
     * Creates a virtual GPU, which has its place from now on; nothing of it runs before {@link Vgpu#start}.
     *
     * @throws CoreException with {@link CoreError#INVALID_ARGUMENT} if there is no such type, virtual function or place, or
     *     the board has another type now; with {@link CoreError#EXISTS} if the name or the id is taken; with
     *     {@link CoreError#BUSY} if the virtual function or the place is; with {@link CoreError#NO_SPACE} if no more can
     *     be; with {@link CoreError#NOT_SUPPORTED} if the type does not work on this board; with {@link CoreError#GONE} if
     *     the manager is closed
     */
    public Vgpu create(VgpuSpec spec) {
        Vgpu vgpu = table.add(spec, identity -> new Vgpu(this, identity));
        tell(new VgpuEvent.Created(vgpu));
        return vgpu;
    }

    /** All that exist, in the order of their virtual functions. */
    public List<Vgpu> vgpus() {
        return table.all();
    }

    /**
     * One by its name or its id.
     *
     * @param nameOrUuid either
     */
    public Optional<Vgpu> find(String nameOrUuid) {
        return table.all().stream()
                .filter(vgpu ->
                        vgpu.name().equals(nameOrUuid) || vgpu.uuid().toString().equals(nameOrUuid))
                .findFirst();
    }

    /**
     * Tells of what happens from now on, on the thread that causes it, which waits. A listener must not wait for other
     * threads that may be changing the same virtual GPU. What it throws is logged.
     */
    public void listen(Consumer<VgpuEvent> listener) {
        listeners.add(listener);
    }

    /** Bytes of the board's memory that could not be cleared of what a guest left, and which nobody gets any more. */
    public synchronized long keptAsideBytes() {
        return keptAside.stream().mapToLong(FbMemory::bytes).sum();
    }

    /**
     * A virtual function has come.
     *
     * @param index which of the board's, from 0
     */
    public void addFunction(int index, PciAddress address) {
        table.addFunction(index, address);
    }

    /** A virtual function goes: its virtual GPU is closed when this returns. */
    public void removeFunction(int index) {
        table.removeFunction(index).ifPresent(Vgpu::close);
    }

    /** Closes all virtual GPUs and lets go of the board. Idempotent. */
    @Override
    public void close() {
        table.close().forEach(Vgpu::close);
        List<FbMemory> unclean;
        synchronized (this) {
            unclean = List.copyOf(keptAside);
            keptAside.clear();
        }
        // Whoever is given it next is told by the core's contract that it holds what its last owner left.
        attempt("end scrubs", scrubber::close);
        unclean.forEach(memory -> attempt("free memory", memory::close));
        attempt("detach", attachment::close);
    }

    /** Takes what a virtual GPU needs of the board. */
    VgpuParts take(Vgpu vgpu, int processId) {
        return new VgpuParts(attachment, scrubber, table.plan(vgpu, memory -> keepAside(vgpu, memory)), processId);
    }

    void forget(Vgpu vgpu) {
        if (table.remove(vgpu)) {
            tell(new VgpuEvent.Removed(vgpu));
        }
    }

    void tell(VgpuEvent event) {
        for (Consumer<VgpuEvent> listener : listeners) {
            try {
                listener.accept(event);
            } catch (RuntimeException e) {
                LOG.log(Level.ERROR, "A listener failed: vgpu=" + event.vgpu(), e);
            }
        }
    }

    private void keepAside(Vgpu vgpu, FbMemory memory) {
        table.block(vgpu);
        synchronized (this) {
            keptAside.add(memory);
        }
        LOG.log(
                Level.ERROR,
                () -> "Memory that could not be cleared is kept aside: offset=" + memory.offset() + " bytes="
                        + memory.bytes());
    }

    private void accept(CoreEvent event) {
        switch (event) {
            case CoreEvent.VgpuNotice it ->
                table.at(it.vfIndex()).ifPresent(vgpu -> tell(new VgpuEvent.Notice(vgpu, it.index())));
            // The core waits for clients to detach, but not in here.
            case CoreEvent.DriverUnbind it ->
                Thread.ofPlatform().name("vgpu-manager-unbind").start(this::close);
            default -> {}
        }
    }

    /** Divides memory, but for what scrubs need; if possible, they take it of what is too little for anybody else. */
    private static BoardSplit divide(Core core, Attachment attachment, Scrubber scrubber, VgpuManagerOptions options) {
        PlacementMode mode = options.heterogeneous() ? PlacementMode.HETEROGENEOUS : PlacementMode.HOMOGENEOUS;
        BoardSplit whole = BoardSplit.of(core.board(), attachment, mode);
        try (FbMemory divided = attachment.allocFbMemory(whole.request())) {
            scrubber.attach(attachment);
            return whole;
        } catch (CoreException e) {
            if (e.error() != CoreError.NO_SPACE) {
                throw e;
            }
        }
        scrubber.attach(attachment);
        return BoardSplit.of(core.board(), attachment, mode);
    }

    private static void attempt(String what, Runnable action) {
        try {
            action.run();
        } catch (CoreException e) {
            LOG.log(Level.WARNING, () -> "Could not " + what + ": " + e.getMessage());
        }
    }
}
