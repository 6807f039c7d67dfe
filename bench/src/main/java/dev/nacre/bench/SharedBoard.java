package dev.nacre.bench;

import dev.nacre.board.Board;
import dev.nacre.board.BoardConfig;
import dev.nacre.core.Core;
import dev.nacre.core.spi.CoreConfig;
import dev.nacre.core.spi.CoreDriver;
import dev.nacre.core.spi.CoreProvider;
import dev.nacre.core.spi.FirmwareSource;
import dev.nacre.core.spi.VgpuScheduling;
import dev.nacre.hw.chip.Chip;
import dev.nacre.hw.firmware.SyntheticFirmware;
import dev.nacre.pci.bus.LocalFunction;
import dev.nacre.pci.bus.PciAddress;
import dev.nacre.pci.bus.PciBus;
import dev.nacre.pci.bus.PciDevice;
import dev.nacre.testsupport.guest.image.GuestFirmware;
import dev.nacre.vfio.driver.ServedVgpu;
import dev.nacre.vfio.driver.VfioVgpuDriver;
import dev.nacre.vfio.manager.Vgpu;
import dev.nacre.vfio.manager.VgpuManager;
import dev.nacre.vfio.manager.VgpuManagerOptions;
import dev.nacre.vfio.manager.VgpuSpec;
import dev.nacre.vfio.type.CatalogType;
import dev.nacre.vfio.type.TypeCatalog;
import dev.nacre.vfiouser.VfioUserClient;
import dev.nacre.vfiouser.VfioUserFunction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** An L40 of this process that virtual GPUs share. */
final class SharedBoard implements AutoCloseable {
    private static final Chip CHIP = Chip.AD102;
    private static final TypeCatalog CATALOG = TypeCatalog.shipped();

    private final CoreProvider provider;
    private final CoreConfig usual =
            CoreConfig.of(FirmwareSource.of(SyntheticFirmware.files(CHIP.id(), GuestFirmware.VERSIONS.getFirst())));
    private final Path folder;
    private final Board board;
    private final PciBus bus = new PciBus();
    private final VfioVgpuDriver driver;
    private final PciDevice physical;
    private final VgpuManager manager;

    /**
     * Makes it, without any yet.
     *
     * @param vfs how many it can have
     */
    SharedBoard(CoreProvider provider, int vfs, VgpuScheduling scheduling) throws IOException {
        this.provider = provider;
        // Short, because a socket's path has at most 107 bytes.
        this.folder = Files.createTempDirectory("nacre-bench");
        this.driver = new VfioVgpuDriver(info -> CATALOG.forChip(info.chip()), VgpuManagerOptions.DEFAULT);
        this.board = new Board(
                new BoardConfig(CHIP, BoardConfig.maxFbBytes(CHIP), BoardConfig.defaultHeads(CHIP)).withVfs(vfs));
        try {
            bus.register(
                    new CoreDriver(provider, new CoreConfig(usual.firmware(), true, usual.vgpuChannels(), scheduling)));
            bus.register(driver);
            this.physical = bus.add(new PciAddress(0, 1, 0, 0), new LocalFunction(board));
            bus.setVirtualFunctions(physical, vfs);
            this.manager = driver.manager(physical)
                    .orElseThrow(() -> new IllegalStateException("No virtual GPUs: " + physical.state() + " "
                            + physical.virtualFunctions().getFirst().state()));
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** A type by its name. */
    CatalogType type(String name) {
        return CATALOG.find(name).orElseThrow();
    }

    /** Over how many runlists the board means a virtual GPU's use of the copy engines. */
    int copyRunlists() {
        return board.copyRunlists();
    }

    /** The core that drives the board. */
    Core core() {
        return physical.service(Core.class).orElseThrow();
    }

    /** Creates a virtual GPU and starts it; nobody drives it. */
    Vgpu start(String name, CatalogType type) {
        Vgpu vgpu = manager.create(VgpuSpec.of(name, type.id()));
        // CAST: process ids of Linux have 22 bits
        vgpu.start((int) ProcessHandle.current().pid());
        return vgpu;
    }

    /** Creates a virtual GPU, and drives it as its guest's driver does, over its socket. */
    Tenant tenant(String name, CatalogType type) {
        Path socket = folder.resolve(name);
        Vgpu vgpu = manager.create(VgpuSpec.of(name, type.id()));
        ServedVgpu served = driver.serve(vgpu, server -> server.socketPath(socket));
        return new Tenant(served, provider, usual, socket);
    }

    /** A virtual GPU with its guest's driver, which copies. */
    static final class Tenant implements AutoCloseable {
        private final ServedVgpu served;
        private final VfioUserFunction function;
        private final Core core;
        private final CoreCopier copier;

        private Tenant(ServedVgpu served, CoreProvider provider, CoreConfig config, Path socket) {
            this.served = served;
            this.function = new VfioUserFunction(VfioUserClient.connect(socket));
            this.core = provider.open(function, config);
            this.copier = new CoreCopier(core);
            copier.addPlace();
        }

        CoreCopier copier() {
            return copier;
        }

        Vgpu vgpu() {
            return served.vgpu();
        }

        @Override
        public void close() {
            copier.close();
            core.close();
            function.close();
            served.vgpu().close();
        }
    }

    @Override
    public void close() throws IOException {
        bus.close();
        board.close();
        Files.deleteIfExists(folder);
    }
}
