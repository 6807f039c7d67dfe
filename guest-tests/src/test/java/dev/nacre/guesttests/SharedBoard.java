package dev.nacre.guesttests;

import dev.nacre.board.Board;
import dev.nacre.board.BoardConfig;
import dev.nacre.core.spi.CoreConfig;
import dev.nacre.core.spi.CoreDriver;
import dev.nacre.core.spi.CoreProvider;
import dev.nacre.core.spi.FirmwareSource;
import dev.nacre.corec.NativeCoreProvider;
import dev.nacre.corejava.JavaCoreProvider;
import dev.nacre.hw.chip.Chip;
import dev.nacre.hw.firmware.SyntheticFirmware;
import dev.nacre.pci.bus.LocalFunction;
import dev.nacre.pci.bus.PciAddress;
import dev.nacre.pci.bus.PciBus;
import dev.nacre.pci.bus.PciDevice;
import dev.nacre.testsupport.guest.image.GuestFirmware;
import dev.nacre.vfio.driver.VfioVgpuDriver;
import dev.nacre.vfio.manager.Vgpu;
import dev.nacre.vfio.manager.VgpuManager;
import dev.nacre.vfio.manager.VgpuManagerOptions;
import dev.nacre.vfio.manager.VgpuSpec;
import dev.nacre.vfio.type.TypeCatalog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** A board in this process that virtual GPUs share, each served on a socket. */
final class SharedBoard implements AutoCloseable {
    private static final Chip CHIP = Chip.AD102;
    private static final String TYPE = "L40-2Q";

    // TIMEOUT: guests beside it leave the copy engine little of a small machine's time.
    private static final VgpuManagerOptions OPTIONS =
            new VgpuManagerOptions(false, Integer.MAX_VALUE, Duration.ofMinutes(1));

    private final Path folder;
    private final Board board;
    private final PciBus bus = new PciBus();
    private final VfioVgpuDriver driver;
    private final VgpuManager manager;

    /**
     * Makes an L40, with a virtual GPU for each of its functions: {@code a}, {@code b}.
     *
     * @param core the implementation that drives the board
     */
    SharedBoard(String core, int vgpus) throws IOException {
        this(core, CHIP, TYPE, vgpus);
    }

    /**
     * The same of another chip.
     *
     * @param type of the virtual GPUs
     */
    SharedBoard(String core, Chip chip, String type, int vgpus) throws IOException {
        TypeCatalog catalog = TypeCatalog.shipped();
        // Short, because a socket's path has at most 107 bytes.
        folder = Files.createTempDirectory("nacre-test");
        board = new Board(new BoardConfig(chip, BoardConfig.maxFbBytes(chip), 1).withVfs(vgpus));
        driver = new VfioVgpuDriver(info -> catalog.forChip(info.chip()), OPTIONS);
        bus.register(new CoreDriver(provider(core), coreConfig(chip)));
        bus.register(driver);
        PciDevice physical = bus.add(new PciAddress(0, 1, 0, 0), new LocalFunction(board));
        bus.setVirtualFunctions(physical, vgpus);
        manager = driver.manager(physical).orElseThrow();
        for (int i = 0; i < vgpus; i++) {
            String name = Character.toString('a' + i);
            Vgpu vgpu = manager.create(
                    VgpuSpec.of(name, catalog.find(type).orElseThrow().id()));
            driver.serve(vgpu, server -> server.socketPath(socket(name)));
        }
    }

    private static CoreProvider provider(String core) {
        return switch (core) {
            case "c" -> new NativeCoreProvider();
            case "java" -> new JavaCoreProvider();
            default -> throw new IllegalArgumentException(core);
        };
    }

    /** How a core boots an L40 or a virtual GPU of it. */
    static CoreConfig coreConfig() {
        return coreConfig(CHIP);
    }

    private static CoreConfig coreConfig(Chip chip) {
        return CoreConfig.of(FirmwareSource.of(SyntheticFirmware.files(chip.id(), GuestFirmware.VERSIONS.getFirst())));
    }

    /** Where a virtual GPU is served. */
    Path socket(String name) {
        return folder.resolve(name);
    }

    Vgpu vgpu(String name) {
        return manager.find(name).orElseThrow();
    }

    VgpuManager manager() {
        return manager;
    }

    /** How often the board failed by itself, by what it was. */
    Map<String, Long> faults() {
        return board.faults();
    }

    @Override
    public void close() throws IOException {
        bus.close();
        board.close();
        Files.deleteIfExists(folder);
    }
}
