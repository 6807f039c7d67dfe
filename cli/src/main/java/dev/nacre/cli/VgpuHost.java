package dev.nacre.cli;

import dev.nacre.board.Board;
import dev.nacre.board.BoardConfig;
import dev.nacre.core.Core;
import dev.nacre.core.CoreException;
import dev.nacre.core.spi.CoreConfig;
import dev.nacre.core.spi.CoreDriver;
import dev.nacre.core.spi.CoreProvider;
import dev.nacre.linux.NativeException;
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
import dev.nacre.vfio.type.CatalogType;
import java.nio.file.Path;
import java.util.List;

/** A board that is shared by virtual GPUs, and all that shares it. Closing it ends every virtual GPU. */
final class VgpuHost implements AutoCloseable {
    /** Where the board is on its bus. */
    static final PciAddress ADDRESS = new PciAddress(0, 1, 0, 0);

    /**
     * What it is made of.
     *
     * @param board the board, with as many virtual functions as are wanted
     * @param provider the core's implementation
     * @param core how the core boots it
     * @param types the types that its virtual GPUs can have
     * @param manager how they are managed
     */
    record Plan(
            BoardConfig board,
            CoreProvider provider,
            CoreConfig core,
            List<CatalogType> types,
            VgpuManagerOptions manager) {}

    private final Plan plan;
    private final Board board;
    private final PciBus bus = new PciBus();
    private final VfioVgpuDriver driver;
    private final PciDevice physical;
    private final VgpuManager manager;

    /** Makes it. @throws CommandException if the board cannot be shared, with the reason */
    VgpuHost(Plan plan) {
        this.plan = plan;
        this.driver = new VfioVgpuDriver(info -> plan.types, plan.manager);
        this.board = new Board(plan.board);
        try {
            bus.register(new CoreDriver(plan.provider, plan.core));
            bus.register(driver);
            this.physical = bus.add(ADDRESS, new LocalFunction(board));
            requireBound(physical);
            bus.setVirtualFunctions(physical, plan.board.vfs());
            physical.virtualFunctions().forEach(VgpuHost::requireBound);
            this.manager = driver.manager(physical).orElseThrow();
        } catch (RuntimeException e) {
            bus.close();
            board.close();
            throw e instanceof IllegalStateException
                    ? new CommandException(ExitCode.FAILED, "The board cannot be shared: " + e.getMessage())
                    : e;
        }
    }

    private static void requireBound(PciDevice device) {
        if (device.state() instanceof DriverState.Failed(String name, String reason)) {
            throw new CommandException(ExitCode.FAILED, name + " cannot drive " + device.address() + ": " + reason);
        }
    }

    Plan plan() {
        return plan;
    }

    Board board() {
        return board;
    }

    /** The core that drives the board. */
    Core core() {
        return physical.service(Core.class).orElseThrow();
    }

    VgpuManager manager() {
        return manager;
    }

    /** Where a virtual GPU's function is. */
    PciAddress address(Vgpu vgpu) {
        return physical.virtualFunctions().get(vgpu.vfIndex()).address();
    }

    /**
     * Creates a virtual GPU, starts it, and serves it; nothing of it is left if that fails.
     *
     * @param socket where it listens
     * @throws CommandException if it cannot be, with the reason
     */
    Vgpu create(VgpuSpec spec, Path socket) {
        try {
            Vgpu vgpu = manager.create(spec);
            try {
                ServedVgpu served = driver.serve(vgpu, server -> server.socketPath(socket));
                return served.vgpu();
            } catch (RuntimeException e) {
                vgpu.close();
                throw e;
            }
        } catch (CoreException e) {
            throw refused("Cannot create " + spec.name(), e);
        } catch (NativeException | IllegalArgumentException e) {
            throw new CommandException(ExitCode.ENVIRONMENT, "Cannot listen at " + socket + ": " + e.getMessage());
        }
    }

    /** Says that something about virtual GPUs was refused. */
    static CommandException refused(String what, CoreException cause) {
        int code = switch (cause.error()) {
            case INVALID_ARGUMENT -> ExitCode.USAGE;
            default -> ExitCode.FAILED;
        };
        return new CommandException(code, what + ": " + cause.getMessage());
    }

    @Override
    public void close() {
        bus.close();
        board.close();
    }
}
