package dev.nacre.daemon.host;

import dev.nacre.core.CoreException;
import dev.nacre.daemon.state.DefinitionStore;
import dev.nacre.daemon.state.StateException;
import dev.nacre.daemon.state.VgpuDefinition;
import dev.nacre.display.Frame;
import dev.nacre.vfio.manager.Vgpu;
import dev.nacre.vfio.manager.VgpuManager;
import dev.nacre.vfio.manager.VgpuSpec;
import dev.nacre.vfio.type.CatalogType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What operators do with boards and virtual GPUs. Any number of threads may call; changes take up to some seconds, those of
 * one virtual GPU happen one after the other, and questions are answered meanwhile. Call from platform threads: a core may
 * wait in native code.
 *
 * <p>A virtual GPU that was created is kept by the {@link DefinitionStore} before {@link #create} returns, and one that was
 * deleted is forgotten before {@link #delete} does. What is refused is a {@link ServiceException}.
 */
public final class VgpuService implements VgpuOperations {
    /** What can be a file's name and stand in a line without quotes. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,31}");

    private final List<BoardHost> hosts;
    private final EventLog events;
    private final VgpuEntries entries;
    private final VgpuRestore restore;
    private volatile boolean restoring;

    /**
     * Makes it, without virtual GPUs.
     *
     * @param hosts the boards, each with a name of its own; they stay the caller's
     * @param events what the boards tell of what happens
     * @param store keeps virtual GPUs
     */
    public VgpuService(List<BoardHost> hosts, EventLog events, DefinitionStore store) {
        this(hosts, events, store, List.of());
    }

    /**
     * Makes it, with virtual GPUs that were kept: they are listed, and nothing can be changed until {@link #restore} has
     * brought them back.
     */
    public VgpuService(
            List<BoardHost> hosts, EventLog events, DefinitionStore store, List<VgpuDefinition> definitions) {
        this.hosts = List.copyOf(hosts);
        this.events = events;
        this.entries = new VgpuEntries(store);
        this.restore = new VgpuRestore(events);
        this.restoring = !definitions.isEmpty();
        for (VgpuDefinition definition : definitions) {
            entries.addKept(new VgpuEntry(
                    definition,
                    hosts.stream()
                            .filter(it -> it.name().equals(definition.board()))
                            .findFirst()));
        }
    }

    /**
     * Brings back virtual GPUs that were kept. Those that cannot be brought back are listed as failed, with the reason, until
     * they are reset with success or deleted.
     */
    public void restore() {
        entries.all().forEach(restore::bringBackOrFail);
        restoring = false;
    }

    private void requireRestored() {
        if (restoring) {
            throw new ServiceException(ServiceError.BUSY, "The daemon is starting");
        }
    }

    /** What happened. */
    @Override
    public EventLog events() {
        return events;
    }

    /** The boards themselves, in the configuration's order, for who counts and measures. */
    public List<BoardHost> hosts() {
        return hosts;
    }

    /** All boards, in the configuration's order. */
    @Override
    public List<BoardView> boards() {
        return hosts.stream().map(BoardViews::board).toList();
    }

    /** One. @throws ServiceException with {@link ServiceError#NOT_FOUND} */
    @Override
    public BoardView board(String name) {
        return BoardViews.board(host(name, ServiceError.NOT_FOUND));
    }

    /** What drivers asked of a board and nobody models. @throws ServiceException if there is no such board */
    @Override
    public UnknownView unknown(String board) {
        BoardHost host = host(board, ServiceError.NOT_FOUND);
        return new UnknownView(
                host.board().unknownRegisters(),
                host.board().unknownCalls(),
                host.board().guestUnknowns());
    }

    /** A board's PCI functions; none if it is lost. @throws ServiceException if there is no such board */
    @Override
    public List<FunctionView> functions(String board) {
        return BoardViews.functions(host(board, ServiceError.NOT_FOUND));
    }

    /** All types that any board can have, by id. */
    @Override
    public List<TypeView> types() {
        Map<Integer, CatalogType> types = new TreeMap<>();
        Map<Integer, TreeMap<String, Integer>> left = new TreeMap<>();
        for (BoardHost host : hosts) {
            Map<Integer, Integer> creatable = creatable(host);
            for (CatalogType type : host.plan().types()) {
                types.putIfAbsent(type.id(), type);
                left.computeIfAbsent(type.id(), id -> new TreeMap<>())
                        .put(host.name(), creatable.getOrDefault(type.id(), 0));
            }
        }
        List<TypeView> views = new ArrayList<>();
        types.forEach((id, type) -> views.add(new TypeView(type, left.getOrDefault(id, new TreeMap<>()))));
        return views;
    }

    private static Map<Integer, Integer> creatable(BoardHost host) {
        return host.isLost()
                ? Map.of()
                : host.manager().stream()
                        .flatMap(it -> it.creatable().stream())
                        .collect(Collectors.toMap(it -> it.type().id(), it -> it.instancesLeft()));
    }

    /** All virtual GPUs, by name. */
    @Override
    public List<VgpuView> vgpus() {
        return entries.all().stream().map(VgpuViews::of).toList();
    }

    /** One by its name or its id. @throws ServiceException with {@link ServiceError#NOT_FOUND} */
    @Override
    public VgpuView vgpu(String nameOrUuid) {
        return VgpuViews.of(entries.find(nameOrUuid));
    }

    /**
     * Creates one, starts it and serves it.
     *
     * @throws ServiceException with {@link ServiceError#INVALID}; with {@link ServiceError#BUSY} if its name, id or place is
     *     taken, or its board has another type now; with {@link ServiceError#EXHAUSTED} if there is no room; with
     *     {@link ServiceError#FAILED} if it does not start or cannot be kept
     */
    @Override
    public VgpuView create(CreateVgpu wanted) {
        requireRestored();
        if (!NAME.matcher(wanted.name()).matches()) {
            throw new ServiceException(
                    ServiceError.INVALID,
                    "Name is not possible: name=" + wanted.name()
                            + " allowed=up to 32 letters, digits, '.', '_' and '-', the first a letter or a digit");
        }
        List<BoardHost> candidates = candidates(wanted);
        UUID uuid = wanted.uuid().orElseGet(UUID::randomUUID);
        entries.reserve(wanted.name(), uuid);
        try {
            return VgpuViews.of(createOnFirst(candidates, wanted, uuid));
        } finally {
            entries.endReservation(wanted.name());
        }
    }

    /** The boards that may have room, the best first; at least one. */
    private List<BoardHost> candidates(CreateVgpu wanted) {
        if (wanted.board().isPresent()) {
            BoardHost host = host(wanted.board().get(), ServiceError.INVALID);
            VgpuManager _ = host.requireManager();
            requireType(wanted, List.of(host));
            return List.of(host);
        }
        if (hosts.stream().allMatch(host -> host.drm().isPresent())) {
            hosts.forEach(BoardHost::requireManager);
        }
        requireType(wanted, hosts);
        return Boards.byRoom(hosts, wanted.type());
    }

    private static void requireType(CreateVgpu wanted, List<BoardHost> among) {
        if (among.stream()
                .noneMatch(host ->
                        BoardTypes.find(host.plan().types(), wanted.type()).isPresent())) {
            throw new ServiceException(
                    ServiceError.INVALID,
                    "There is no such type: type=" + wanted.type() + " allowed="
                            + among.stream()
                                    .flatMap(host -> host.plan().types().stream())
                                    .map(CatalogType::name)
                                    .distinct()
                                    .collect(Collectors.joining(" ")));
        }
    }

    private VgpuEntry createOnFirst(List<BoardHost> candidates, CreateVgpu wanted, UUID uuid) {
        ServiceException refusal = null;
        for (BoardHost host : candidates) {
            try {
                return createAndKeep(host, wanted, uuid);
            } catch (ServiceException e) {
                boolean elsewhere = e.error() == ServiceError.EXHAUSTED || e.error() == ServiceError.BUSY;
                if (!elsewhere) {
                    throw e;
                }
                refusal = refusal == null ? e : refusal;
            }
        }
        throw refusal == null ? new ServiceException(ServiceError.EXHAUSTED, "There is no board") : refusal;
    }

    private VgpuEntry createAndKeep(BoardHost host, CreateVgpu wanted, UUID uuid) {
        host.use.readLock().lock();
        try {
            VgpuEntry entry = createOn(host, wanted, uuid);
            try {
                entries.add(entry);
            } catch (StateException e) {
                entry.vgpu().ifPresent(Vgpu::close);
                throw new ServiceException(
                        ServiceError.FAILED, "Cannot create " + wanted.name() + ": " + e.getMessage(), e);
            }
            return entry;
        } finally {
            host.use.readLock().unlock();
        }
    }

    private static VgpuEntry createOn(BoardHost host, CreateVgpu wanted, UUID uuid) {
        CatalogType type = BoardTypes.find(host.plan().types(), wanted.type()).orElseThrow();
        try {
            Vgpu vgpu = host.create(
                    new VgpuSpec(wanted.name(), type.id(), Optional.of(uuid), OptionalInt.empty(), wanted.placement()));
            VgpuDefinition definition = new VgpuDefinition(
                    wanted.name(), uuid, host.name(), type.name(), vgpu.place().id());
            return new VgpuEntry(definition, host, vgpu);
        } catch (ServiceException e) {
            // Of what the manager takes for impossible, only that the board has another type now is left.
            if (e.error() == ServiceError.INVALID && wanted.placement().isEmpty()) {
                throw new ServiceException(ServiceError.BUSY, String.valueOf(e.getMessage()), e);
            }
            throw e;
        }
    }

    /**
     * Ends one for good. Its guest, if there is one, sees a device that has gone.
     *
     * @throws ServiceException with {@link ServiceError#NOT_FOUND}; with {@link ServiceError#FAILED} if that cannot be
     *     kept, so that it still exists
     */
    @Override
    public void delete(String nameOrUuid) {
        change(nameOrUuid, entry -> {
            try {
                entries.forget(entry);
            } catch (StateException e) {
                throw new ServiceException(
                        ServiceError.FAILED, "Cannot delete " + entry.name() + ": " + e.getMessage(), e);
            }
            try {
                entry.vgpu().ifPresent(Vgpu::close);
            } finally {
                entries.remove(entry);
            }
            return entry;
        });
    }

    /**
     * Makes one as it was when it was created; one that has failed is tried again, and injected faults end.
     *
     * @throws ServiceException with {@link ServiceError#NOT_FOUND}, or as {@link #create}; it has failed then
     */
    @Override
    public VgpuView reset(String nameOrUuid) {
        return change(nameOrUuid, entry -> {
            Optional<Vgpu> vgpu = entry.vgpu();
            if (vgpu.isPresent()) {
                entry.host().orElseThrow().reset(vgpu.get());
            } else {
                restore.bringBack(entry);
            }
            return VgpuViews.of(entry);
        });
    }

    /** Changes one, while nobody else does. */
    private <T> T change(String nameOrUuid, Function<VgpuEntry, T> action) {
        requireRestored();
        VgpuEntry entry = entries.find(nameOrUuid);
        entry.operation.lock();
        try {
            if (entry.forgotten) {
                throw new ServiceException(ServiceError.NOT_FOUND, "There is no virtual GPU " + nameOrUuid);
            }
            return action.apply(entry);
        } finally {
            entry.operation.unlock();
        }
    }

    /** How one is attached to a virtual machine. @throws ServiceException if there is no such virtual GPU */
    @Override
    public AttachView attach(String nameOrUuid, Vmm vmm) {
        VgpuView vgpu = vgpu(nameOrUuid);
        return AttachText.of(vmm, vgpu.heads().size(), vgpu.socket());
    }

    /**
     * The logs of its firmware, as lines of text; empty if it does not run.
     *
     * @throws ServiceException if there is no such virtual GPU, or its firmware does not answer
     */
    @Override
    public String gspLog(String nameOrUuid) {
        VgpuEntry entry = entries.find(nameOrUuid);
        try {
            return entry.vgpu().map(VgpuViews::log).orElse("");
        } catch (CoreException e) {
            throw ServiceException.of("Cannot read the logs of " + entry.name(), e);
        }
    }

    /**
     * What a head of one shows now, its pointer apart; takes some milliseconds.
     *
     * @param head from 0
     * @return empty if the head is off
     * @throws ServiceException if there is no such virtual GPU, or it has no such head
     */
    @Override
    public Optional<Frame> screenshot(String nameOrUuid, int head) {
        VgpuEntry entry = entries.find(nameOrUuid);
        requireHead(entry.name(), head, VgpuViews.heads(entry));
        return entry.vgpu()
                .flatMap(vgpu -> entry.host().orElseThrow().board().guestScanout(vgpu.vfIndex(), head))
                .map(VgpuViews::frame);
    }

    /**
     * The same of a head of a board that programs of this host use.
     *
     * @param head from 0
     * @return empty if the head is off, or the board is lost
     * @throws ServiceException if there is no such board, or it has no such head for programs
     */
    @Override
    public Optional<Frame> boardScreenshot(String board, int head) {
        BoardHost host = host(board, ServiceError.NOT_FOUND);
        requireHead(host.name(), head, host.heads());
        return host.isLost()
                ? Optional.empty()
                : host.board().scanoutAndPointer(head).map(VgpuViews::frame);
    }

    private static void requireHead(String whose, int head, int heads) {
        if (head < 0 || head >= heads) {
            throw new ServiceException(
                    ServiceError.NOT_FOUND, whose + " has no such head: head=" + head + " heads=" + heads);
        }
    }

    /**
     * Makes a fault happen to one.
     *
     * @throws ServiceException if there is no such virtual GPU, or it does not run
     */
    @Override
    public void inject(String nameOrUuid, InjectedFault fault) {
        change(nameOrUuid, entry -> {
            Vgpu vgpu = entry.vgpu()
                    .orElseThrow(() -> new ServiceException(ServiceError.BUSY, entry.name() + " does not run"));
            entry.host().orElseThrow().inject(vgpu, fault);
            return entry;
        });
    }

    /**
     * Makes a fault happen to a board: it can be lost, {@link InjectedFault.GpuLost}.
     *
     * @throws ServiceException if there is no such board; with {@link ServiceError#UNSUPPORTED} for another fault
     */
    @Override
    public void injectBoard(String board, InjectedFault fault) {
        host(board, ServiceError.NOT_FOUND).inject(fault);
    }

    /**
     * Boots a board again, a lost one too; its virtual GPUs come back as at {@link #restore}.
     *
     * @throws ServiceException with {@link ServiceError#NOT_FOUND}; with {@link ServiceError#BUSY} if it runs and is used by
     *     virtual GPUs that run, or by programs; with another if it does not boot; it is lost then
     */
    @Override
    public BoardView resetBoard(String board) {
        requireRestored();
        BoardHost host = host(board, ServiceError.NOT_FOUND);
        host.use.writeLock().lock();
        try {
            restore.restart(
                    host,
                    entries.all().stream()
                            .filter(entry -> entry.host().filter(host::equals).isPresent())
                            .toList());
        } finally {
            host.use.writeLock().unlock();
        }
        return BoardViews.board(host);
    }

    private BoardHost host(String name, ServiceError otherwise) {
        return hosts.stream()
                .filter(host -> host.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new ServiceException(
                        otherwise,
                        "There is no such board: board=" + name + " allowed="
                                + hosts.stream().map(BoardHost::name).collect(Collectors.joining(" "))));
    }
}
