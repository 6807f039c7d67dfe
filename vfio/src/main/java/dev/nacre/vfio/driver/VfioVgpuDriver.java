package dev.nacre.vfio.driver;

import dev.nacre.core.BoardInfo;
import dev.nacre.core.Core;
import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;
import dev.nacre.pci.PciFunction;
import dev.nacre.pci.bus.PciDevice;
import dev.nacre.pci.bus.PciDriver;
import dev.nacre.pci.bus.PciIds;
import dev.nacre.vfio.manager.Vgpu;
import dev.nacre.vfio.manager.VgpuEvent;
import dev.nacre.vfio.manager.VgpuManager;
import dev.nacre.vfio.manager.VgpuManagerOptions;
import dev.nacre.vfio.manager.VgpuState;
import dev.nacre.vfio.type.CatalogType;
import dev.nacre.vfiouser.VfioUserServer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Binds the virtual functions of boards that a core has, and shows their virtual GPUs to VMMs. A board has a
 * {@link VgpuManager} as long as it has virtual functions.
 *
 * <p>When a virtual function goes, its virtual GPU is closed, with a guest in it or not; others do not notice.
 */
public final class VfioVgpuDriver implements PciDriver {
    /** The name that a device's override uses. */
    public static final String NAME = "nvidia-vgpu-vfio";

    // HW: what NVIDIA's proposed VFIO driver binds: 3D controllers
    private static final int NVIDIA = 0x10de;
    private static final int CLASS_3D = 0x030200;

    /** The virtual functions of a board, and who manages them. */
    private record Board(VgpuManager manager, Map<PciDevice, Integer> functions) {}

    private final Function<BoardInfo, List<CatalogType>> types;
    private final VgpuManagerOptions options;

    // Guarded by this, by physical function.
    private final Map<PciDevice, Board> boards = new HashMap<>();

    private final Map<Vgpu, ServedVgpu> served = new ConcurrentHashMap<>();

    /**
     * Makes one.
     *
     * @param types which types a board can have
     */
    public VfioVgpuDriver(Function<BoardInfo, List<CatalogType>> types, VgpuManagerOptions options) {
        this.types = types;
        this.options = options;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public boolean matches(PciIds ids) {
        return ids.vendor() == NVIDIA && ids.classCode() == CLASS_3D;
    }

    @Override
    public void probe(PciDevice device) {
        PciDevice physical = device.physicalFunction()
                .orElseThrow(() -> new IllegalStateException("Not a virtual function: " + device));
        Core core = physical.service(Core.class)
                .orElseThrow(() -> new IllegalStateException("No core drives the physical function: " + physical));
        if (device.access().local().isEmpty()) {
            throw new IllegalStateException("Not a function of this process: " + device);
        }
        int index = physical.virtualFunctions().indexOf(device);
        synchronized (this) {
            Board board = boards.get(physical);
            if (board == null) {
                VgpuManager manager = VgpuManager.open(core, types.apply(core.board()), options);
                manager.listen(this::accept);
                board = new Board(manager, new HashMap<>());
                boards.put(physical, board);
            }
            board.functions.put(device, index);
            board.manager.addFunction(index, device.address());
        }
    }

    @Override
    public void remove(PciDevice device, RemoveCause cause) {
        PciDevice physical = device.physicalFunction().orElseThrow();
        Board board;
        Integer index;
        boolean last;
        synchronized (this) {
            board = boards.get(physical);
            index = board == null ? null : board.functions.remove(device);
            last = board != null && board.functions.isEmpty();
            if (last) {
                boards.remove(physical);
            }
        }
        if (board != null && index != null) {
            board.manager.removeFunction(index);
            if (last) {
                board.manager.close();
            }
        }
    }

    /** Who manages a board's virtual GPUs; empty while it has no virtual functions that are bound to this driver. */
    public synchronized Optional<VgpuManager> manager(PciDevice physical) {
        return Optional.ofNullable(boards.get(physical)).map(Board::manager);
    }

    /**
     * Shows a virtual GPU to VMMs, and starts it, on behalf of this process, if it does not run.
     *
     * @param vgpu one of a manager of this driver
     * @param endpoint says how its server is reached
     * @return when clients can connect
     * @throws CoreException with {@link CoreError#BUSY} if it is shown already; with {@link CoreError#GONE} if its virtual
     *     function has gone; and as {@link Vgpu#start}
     * @throws IllegalArgumentException as {@link VfioUserServer#start}
     * @throws dev.nacre.linux.NativeException likewise
     */
    public ServedVgpu serve(Vgpu vgpu, Consumer<VfioUserServer.Builder> endpoint) {
        PciFunction function = function(vgpu);
        if (served.containsKey(vgpu)) {
            throw new CoreException(CoreError.BUSY, "The virtual GPU is shown already: " + vgpu);
        }
        if (!(vgpu.state() instanceof VgpuState.Running)) {
            // CAST: process ids of Linux have 22 bits
            vgpu.start((int) ProcessHandle.current().pid());
        }
        VariantFunction variant = new VariantFunction(vgpu, function, new SerialWorker("vgpu-" + vgpu.name()));
        VfioUserServer.Builder builder = VfioUserServer.builder(variant).name(vgpu.name());
        endpoint.accept(builder);
        VfioUserServer server = builder.build();
        ServedVgpu shown = new ServedVgpu(vgpu, variant, server);
        if (served.putIfAbsent(vgpu, shown) != null) {
            throw new CoreException(CoreError.BUSY, "The virtual GPU is shown already: " + vgpu);
        }
        boolean listens = false;
        try {
            server.start();
            listens = vgpu.state() instanceof VgpuState.Running;
        } finally {
            if (!listens) {
                served.remove(vgpu, shown);
                shown.close();
            }
        }
        if (!listens) {
            throw new CoreException(CoreError.GONE, "The virtual GPU ended meanwhile: " + vgpu);
        }
        return shown;
    }

    /** What shows a virtual GPU now. */
    public Optional<ServedVgpu> served(Vgpu vgpu) {
        return Optional.ofNullable(served.get(vgpu));
    }

    private synchronized PciFunction function(Vgpu vgpu) {
        for (Board board : boards.values()) {
            if (board.manager.vgpus().contains(vgpu)) {
                for (Map.Entry<PciDevice, Integer> entry : board.functions.entrySet()) {
                    if (entry.getValue() == vgpu.vfIndex()) {
                        return entry.getKey().access().local().orElseThrow();
                    }
                }
            }
        }
        throw new CoreException(CoreError.GONE, "Its virtual function has gone: " + vgpu);
    }

    private void accept(VgpuEvent event) {
        if (event instanceof VgpuEvent.StateChanged changed) {
            switch (changed.to()) {
                case VgpuState.Stopping it -> end(event.vgpu());
                case VgpuState.Failed it -> end(event.vgpu());
                case VgpuState.Defined it -> {}
                case VgpuState.Starting it -> {}
                case VgpuState.Running it -> {}
            }
        }
    }

    /** Ends what shows it, before anything of it is taken down. */
    private void end(Vgpu vgpu) {
        ServedVgpu shown = served.remove(vgpu);
        if (shown != null) {
            shown.end();
        }
    }
}
