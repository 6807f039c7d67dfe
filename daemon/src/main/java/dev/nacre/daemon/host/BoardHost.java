package dev.nacre.daemon.host;

import dev.nacre.board.Board;
import dev.nacre.board.BoardConfig;
import dev.nacre.core.Core;
import dev.nacre.core.CoreException;
import dev.nacre.core.spi.CoreConfig;
import dev.nacre.core.spi.CoreDriver;
import dev.nacre.core.spi.CoreProvider;
import dev.nacre.linux.NativeException;
import dev.nacre.linux.SocketOwner;
import dev.nacre.pci.bus.DriverState;
import dev.nacre.pci.bus.LocalFunction;
import dev.nacre.pci.bus.PciAddress;
import dev.nacre.pci.bus.PciBus;
import dev.nacre.pci.bus.PciDevice;
import dev.nacre.vfio.driver.ServedVgpu;
import dev.nacre.vfio.driver.VfioVgpuDriver;
import dev.nacre.vfio.manager.Vgpu;
import dev.nacre.vfio.manager.VgpuManager;
import dev.nacre.vfio.manager.VgpuManagerOptions;
import dev.nacre.vfio.manager.VgpuSpec;
import dev.nacre.vfio.manager.VgpuState;
import dev.nacre.vfio.type.CatalogType;
import dev.nacre.vfiouser.VfioUserServer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/**
 * A board that is shared by virtual GPUs or by programs of this host, and all that shares it. Any thread may call; what
 * changes a virtual GPU may take seconds. Closing it ends every virtual GPU, and every file that a program has open.
 */
public final class BoardHost implements AutoCloseable {
    /** Where a board is on its bus. */
    public static final PciAddress ADDRESS = new PciAddress(0, 1, 0, 0);

    /**
     * What it is made of.
     *
     * @param name of the board, for people
     * @param board the board, with as many virtual functions as are wanted
     * @param provider the core's implementation
     * @param core how the core boots it
     * @param types the types that its virtual GPUs can have
     * @param manager how they are managed
     * @param sockets where VMMs find them; for programs, the folder in which the board has one of its own
     * @param drm the driver by which programs use it; empty if it is there for virtual GPUs
     */
    public record Plan(
            String name,
            BoardConfig board,
            CoreProvider provider,
            CoreConfig core,
            List<CatalogType> types,
            VgpuManagerOptions manager,
            Sockets sockets,
            Optional<DrmDriverName> drm) {
        /** Takes the values. */
        public Plan {
            types = List.copyOf(types);
        }
    }

    /**
     * Where VMMs find virtual GPUs.
     *
     * @param folder has a socket {@code NAME.sock} for each
     * @param mode permission bits of the sockets
     * @param owner of the sockets
     */
    public record Sockets(Path folder, int mode, SocketOwner owner) {
        private static final int OWNER_ONLY = 0600;

        /** Sockets that only this process's user can connect to. */
        public static Sockets ownerOnly(Path folder) {
            return new Sockets(folder, OWNER_ONLY, new SocketOwner(SocketOwner.UNCHANGED, SocketOwner.UNCHANGED));
        }

        /** The same in a folder below. */
        public Sockets inFolder(String name) {
            return new Sockets(folder.toAbsolutePath().normalize().resolve(name), mode, owner);
        }

        /** The socket of a virtual GPU. */
        public Path of(String name) {
            return folder.toAbsolutePath().normalize().resolve(name + ".sock");
        }
    }

    private final Plan plan;
    private final BoardEvents events;
    private final Board board;
    private final PciBus bus = new PciBus();
    private final VfioVgpuDriver driver;
    private final Set<String> connected = ConcurrentHashMap.newKeySet();

    /** Shared by who creates a virtual GPU until it is listed, and had alone by who resets the board. */
    final ReentrantReadWriteLock use = new ReentrantReadWriteLock();

    // Changed under this object's lock; the life is there before the board is lost no more.
    private volatile Life life;
    private volatile @Nullable String lossReason;
    private boolean closed;

    /** What there is of the board from a boot to its loss or its next reset. */
    private record Life(
            LocalFunction function,
            PciDevice physical,
            Core core,
            Optional<VgpuManager> manager,
            Optional<DrmBoard> drm) {}

    /**
     * Makes it.
     *
     * @param log is told what happens
     * @throws ServiceException if the board cannot be shared, with the reason
     */
    public BoardHost(Plan plan, EventLog log) {
        this.plan = plan;
        this.events = new BoardEvents(plan.name, log, connected);
        this.driver = new VfioVgpuDriver(info -> plan.types, plan.manager);
        this.board = new Board(plan.board);
        bus.register(new CoreDriver(plan.provider, plan.core));
        try {
            this.life = boot();
        } catch (RuntimeException e) {
            bus.close();
            board.close();
            throw e;
        }
        events.running();
    }

    private Life boot() {
        LocalFunction function = new LocalFunction(board);
        PciDevice physical = bus.add(ADDRESS, function);
        try {
            requireBound(physical);
            Core core = physical.service(Core.class).orElseThrow();
            Optional<DrmBoard> drm = plan.drm.map(name -> forPrograms(core, name));
            Optional<VgpuManager> manager =
                    drm.isPresent() ? Optional.empty() : Optional.of(forVirtualMachines(physical));
            manager.ifPresent(it -> it.listen(events::accept));
            return new Life(function, physical, core, manager, drm);
        } catch (RuntimeException e) {
            remove(physical);
            throw e instanceof IllegalStateException
                    ? new ServiceException(
                            ServiceError.FAILED, "Board " + plan.name + " cannot be shared: " + e.getMessage(), e)
                    : e;
        }
    }

    private VgpuManager forVirtualMachines(PciDevice physical) {
        // Not before: it would take a board that the core cannot boot, and its complaint would hide the core's.
        bus.register(driver);
        bus.setVirtualFunctions(physical, plan.board.vfs());
        physical.virtualFunctions().forEach(this::requireBound);
        return driver.manager(physical).orElseThrow();
    }

    private void remove(PciDevice physical) {
        bus.remove(physical);
        bus.unregister(driver);
    }

    private DrmBoard forPrograms(Core core, DrmDriverName name) {
        try {
            return new DrmBoard(core, name, ADDRESS, plan.sockets.inFolder(plan.name));
        } catch (CoreException e) {
            throw ServiceException.of("Board " + plan.name + " cannot be used by programs", e);
        }
    }

    private void requireBound(PciDevice device) {
        if (device.state() instanceof DriverState.Failed(String name, String reason)) {
            throw new ServiceException(
                    ServiceError.FAILED,
                    "Board " + plan.name + " cannot be shared: " + name + " cannot drive " + device.address() + ": "
                            + reason);
        }
    }

    /** Its name. */
    public String name() {
        return plan.name;
    }

    /** What it is made of. */
    public Plan plan() {
        return plan;
    }

    /** The board. */
    public Board board() {
        return board;
    }

    /** The core that drives the board. */
    public Core core() {
        return life.core;
    }

    /** Who manages its virtual GPUs; empty if programs of this host use it. */
    public Optional<VgpuManager> manager() {
        return life.manager;
    }

    /** Its virtual GPUs; none once the board is lost. */
    public List<Vgpu> vgpus() {
        return isLost() ? List.of() : life.manager.map(VgpuManager::vgpus).orElse(List.of());
    }

    /** How programs of this host use it; empty if virtual GPUs do. */
    public Optional<DrmBoard> drm() {
        return life.drm;
    }

    /** How many heads programs of this host can use; none if virtual GPUs have the board. */
    public int heads() {
        return life.drm.filter(DrmBoard::hasDisplay).isPresent() ? plan.board.heads() : 0;
    }

    /**
     * Checks that the board is there for virtual GPUs.
     *
     * @return who manages them
     * @throws ServiceException with {@link ServiceError#BUSY} that says who has it, if it is not
     */
    VgpuManager requireManager() {
        Life now = life;
        return now.manager.orElseThrow(() -> {
            DrmBoard programs = now.drm.orElseThrow();
            return new ServiceException(
                    ServiceError.BUSY,
                    "Board " + plan.name + " is not there for virtual GPUs: client=drm driver="
                            + programs.driver().label() + " files=" + programs.files());
        });
    }

    /** Its functions, physical ones before their virtual ones. None once the board is lost. */
    public List<PciDevice> functions() {
        return bus.devices();
    }

    /** Where a virtual GPU's function is; empty once the board is lost. */
    public Optional<PciAddress> address(Vgpu vgpu) {
        List<PciDevice> all = life.physical.virtualFunctions();
        return vgpu.vfIndex() < all.size() ? Optional.of(all.get(vgpu.vfIndex()).address()) : Optional.empty();
    }

    /** Where a VMM finds a virtual GPU. */
    public Path socket(String vgpu) {
        return plan.sockets.of(vgpu);
    }

    /** The server behind the socket of a virtual GPU; empty if it does not run. */
    public Optional<VfioUserServer> server(Vgpu vgpu) {
        return driver.served(vgpu).map(ServedVgpu::server);
    }

    /** Whether a VMM is connected to a virtual GPU. */
    public boolean clientConnected(String vgpu) {
        return connected.contains(vgpu);
    }

    /** Whether the board has fallen off its bus. */
    public boolean isLost() {
        return lossReason != null;
    }

    /** Why it is lost; empty while it runs. */
    public Optional<String> lossReason() {
        return Optional.ofNullable(lossReason);
    }

    /**
     * Creates a virtual GPU, starts it, and serves it; nothing of it is left if that fails.
     *
     * @throws ServiceException if it cannot be, with the reason
     */
    public Vgpu create(VgpuSpec spec) {
        if (isLost()) {
            throw new ServiceException(ServiceError.FAILED, "Board " + plan.name + " is lost");
        }
        try {
            Vgpu vgpu = requireManager().create(spec);
            try {
                serve(vgpu);
                return vgpu;
            } catch (RuntimeException e) {
                vgpu.close();
                throw e;
            }
        } catch (CoreException e) {
            throw ServiceException.of("Cannot create " + spec.name(), e);
        }
    }

    /**
     * Makes a virtual GPU as it was when it was created. One whose device works is reset in place; one that has failed, or
     * whose device is gone for its VMM, starts anew, and its VMM has to connect again.
     *
     * @throws ServiceException if it does not come back; it has failed then
     */
    public void reset(Vgpu vgpu) {
        try {
            if (driver.served(vgpu).filter(it -> !it.isLost()).isPresent()) {
                vgpu.reset();
            } else {
                vgpu.stop();
                serve(vgpu);
            }
        } catch (CoreException e) {
            throw ServiceException.of("Cannot reset " + vgpu.name(), e);
        }
    }

    /**
     * Makes a fault happen to a virtual GPU.
     *
     * @throws ServiceException with {@link ServiceError#BUSY} if there is nothing that it could happen to
     */
    public void inject(Vgpu vgpu, InjectedFault fault) {
        ServedVgpu served = driver.served(vgpu)
                .orElseThrow(() -> new ServiceException(ServiceError.BUSY, vgpu.name() + " does not run"));
        int function = vgpu.vfIndex();
        switch (fault) {
            case InjectedFault.Xid(int number, String text) ->
                require(board.injectXid(function, number, text), vgpu, "has no driver that could be told");
            case InjectedFault.PageFault() ->
                require(board.injectPageFault(function), vgpu, "has no channel that could fault");
            case InjectedFault.StalledGsp(boolean stalled) ->
                require(board.stallGsp(function, stalled), vgpu, "does not run");
            case InjectedFault.GpuLost() -> served.lose();
            case InjectedFault.Unplug() -> served.close();
        }
        events.injected(EventLog.Subject.vgpu(plan.name, vgpu.name()), fault);
    }

    private static void require(boolean happened, Vgpu vgpu, String otherwise) {
        if (!happened) {
            throw new ServiceException(ServiceError.BUSY, vgpu.name() + " " + otherwise);
        }
    }

    /**
     * Makes a fault happen to the board.
     *
     * @throws ServiceException with {@link ServiceError#UNSUPPORTED} for others than {@link InjectedFault.GpuLost}
     */
    public synchronized void inject(InjectedFault fault) {
        if (!(fault instanceof InjectedFault.GpuLost)) {
            throw new ServiceException(
                    ServiceError.UNSUPPORTED,
                    "Fault is not possible for a board: kind=" + fault.label() + " allowed=gpu-lost");
        }
        events.injected(EventLog.Subject.board(plan.name), fault);
        if (isLost()) {
            return;
        }
        lossReason = "It has fallen off its bus";
        life.drm.ifPresent(DrmBoard::close);
        life.function.pull();
        remove(life.physical);
        events.lost("it has fallen off its bus");
    }

    /**
     * Resets the board and boots it again, whether it runs or is lost. It has no virtual GPUs then, and programs find it anew.
     *
     * @throws ServiceException with {@link ServiceError#BUSY} if it runs and is used, which says by whom; nothing has changed
     *     then; with the reason if it does not boot; it is lost then
     */
    synchronized void restart() {
        if (closed) {
            throw new ServiceException(ServiceError.FAILED, "Board " + plan.name + " has been closed");
        }
        if (!isLost()) {
            requireUnused();
            lossReason = "It is being reset";
            life.drm.ifPresent(DrmBoard::close);
            remove(life.physical);
        }
        try {
            life = boot();
        } catch (RuntimeException e) {
            lossReason = "It does not boot: " + e.getMessage();
            events.lost("it does not boot: " + e.getMessage());
            throw e;
        }
        lossReason = null;
        events.running();
    }

    private void requireUnused() {
        int files = life.drm.map(DrmBoard::files).orElse(0);
        List<String> running =
                vgpus().stream().filter(BoardHost::runs).map(Vgpu::name).toList();
        if (files > 0 || !running.isEmpty()) {
            throw new ServiceException(
                    ServiceError.BUSY,
                    "Board " + plan.name + " is in use: "
                            + (files > 0 ? "files=" + files : "vgpus=" + String.join(" ", running)));
        }
    }

    private static boolean runs(Vgpu vgpu) {
        return switch (vgpu.state()) {
            case VgpuState.Starting it -> true;
            case VgpuState.Running it -> true;
            case VgpuState.Stopping it -> true;
            case VgpuState.Defined it -> false;
            case VgpuState.Failed it -> false;
        };
    }

    private void serve(Vgpu vgpu) {
        Sockets sockets = plan.sockets;
        Path path = sockets.of(vgpu.name());
        try {
            driver.serve(
                    vgpu,
                    server -> server.socketPath(path)
                            .socketMode(sockets.mode)
                            .socketOwner(sockets.owner)
                            .timed(true)
                            .listener(events.clients(vgpu.name())));
        } catch (NativeException | IllegalArgumentException e) {
            throw new ServiceException(ServiceError.FAILED, "Cannot listen at " + path + ": " + e.getMessage(), e);
        }
    }

    /** Ends every virtual GPU, every open file, and the board. Idempotent. */
    @Override
    public synchronized void close() {
        closed = true;
        life.drm.ifPresent(DrmBoard::close);
        bus.close();
        board.close();
    }
}
