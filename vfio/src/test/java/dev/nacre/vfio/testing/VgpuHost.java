package dev.nacre.vfio.testing;

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
import dev.nacre.pci.PciFunction;
import dev.nacre.pci.bus.FunctionAccess;
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
import dev.nacre.vfio.type.TypeCatalog;
import dev.nacre.vfiouser.ClientOptions;
import dev.nacre.vfiouser.VfioUserClient;
import dev.nacre.vfiouser.VfioUserFunction;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** A host with one board of this tree that is shared by virtual functions, and a core that drives it. */
public final class VgpuHost implements AutoCloseable {
    private static final String FIRMWARE = "570.144";
    private static final long GIB = 1L << 30;

    // TIMEOUT: longer than anything takes here, also on a machine that is busy with something else.
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** The board. */
    public final Board board;

    /** The bus that it is on. */
    public final PciBus bus = new PciBus();

    /** Its physical function. */
    public final PciDevice physical;

    /** What binds its virtual functions. */
    public final VfioVgpuDriver driver;

    private final Path folder;
    private final FirmwareSource firmware;

    /**
     * Boots one.
     *
     * @param core the implementation's name
     * @param functions virtual functions
     * @param wrapper what the driver of virtual functions sees as the core
     */
    public VgpuHost(String core, int fbGib, int functions, UnaryOperator<Core> wrapper) {
        this(core, new BoardConfig(Chip.AD102, fbGib * GIB, 1, functions), VgpuManagerOptions.DEFAULT, wrapper);
    }

    /**
     * Boots one.
     *
     * @param core the implementation's name
     * @param config the board
     * @param options how its virtual GPUs are managed
     * @param wrapper what the driver of virtual functions sees as the core
     */
    public VgpuHost(String core, BoardConfig config, VgpuManagerOptions options, UnaryOperator<Core> wrapper) {
        try {
            // Short, because a socket's path has at most 107 bytes.
            folder = Files.createTempDirectory("nacre-vgpu");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        board = new Board(config);
        firmware = FirmwareSource.of(SyntheticFirmware.files(config.chip().id(), FIRMWARE));
        driver = new VfioVgpuDriver(
                info -> TypeCatalog.shipped().forChip(info.chip()),
                new VgpuManagerOptions(options.heterogeneous(), options.maxVgpus(), PATIENCE));
        bus.register(new CoreDriver(CoreProvider.named(core), CoreConfig.of(firmware)));
        bus.register(driver);
        physical = bus.add(new PciAddress(0, 1, 0, 0), new LocalFunction(board));
        physical.service(Core.class).ifPresent(plain -> physical.offer(Core.class, wrapper.apply(plain)));
        bus.setVirtualFunctions(physical, config.vfs());
    }

    /** Who manages its virtual GPUs. */
    public VgpuManager manager() {
        return driver.manager(physical)
                .orElseThrow(() -> new AssertionError("Unmanaged: "
                        + bus.devices().stream()
                                .map(device -> device + " " + device.state())
                                .toList()));
    }

    /** The core. */
    public Core core() {
        return physical.service(Core.class).orElseThrow();
    }

    /** Creates a virtual GPU of a type and shows it at a socket of its name. */
    public ServedVgpu serve(String name, String type) {
        int id = TypeCatalog.shipped().find(type).orElseThrow().id();
        Vgpu vgpu = manager().create(VgpuSpec.of(name, id));
        return driver.serve(vgpu, server -> server.socketPath(socket(name)));
    }

    /** Connects to a virtual GPU as a VMM does, and waits until what the former one left is cleared. */
    public VfioUserFunction connect(String name) {
        ClientOptions options = ClientOptions.DEFAULT.withPatience(PATIENCE);
        VfioUserFunction function = new VfioUserFunction(VfioUserClient.connect(socket(name), options));
        awaitReset(function);
        return function;
    }

    /** Waits until a virtual GPU is there again: while it is reset, it reads as all-ones. */
    public static void awaitReset(FunctionAccess function) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (function.readInt(PciFunction.CONFIG_REGION, 0) == -1) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("The reset does not end within " + PATIENCE);
            }
            LockSupport.parkNanos(1_000_000);
        }
    }

    /** Connects to a virtual GPU with a hand in the memory of who drives it. */
    public TappedFunction tap(String name) {
        return new TappedFunction(connect(name));
    }

    /** Boots a core on a virtual GPU, as a guest does. */
    public Core boot(String core, FunctionAccess function) {
        return CoreProvider.named(core).open(function, new CoreConfig(firmware, false, 0, VgpuScheduling.DEFAULT));
    }

    /** Where a virtual GPU listens. */
    public Path socket(String name) {
        return folder.resolve(name + ".sock");
    }

    /** Sockets that are there now. */
    public long sockets() {
        try (Stream<Path> files = Files.list(folder)) {
            return files.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        bus.close();
        board.close();
        try {
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
