package dev.nacre.drm.nouveau;

import dev.nacre.board.Board;
import dev.nacre.board.BoardConfig;
import dev.nacre.core.Core;
import dev.nacre.core.spi.CoreConfig;
import dev.nacre.core.spi.CoreProvider;
import dev.nacre.core.spi.FirmwareSource;
import dev.nacre.drm.DrmDevice;
import dev.nacre.hw.chip.Chip;
import dev.nacre.hw.firmware.SyntheticFirmware;
import dev.nacre.pci.bus.LocalFunction;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A board with its core, and the driver on it. */
final class Rig implements AutoCloseable {
    private static final String FIRMWARE = "570.144";

    private final Board board;
    private final LocalFunction function;
    private final Core core;
    private final NouveauDriver driver;
    private final DrmDevice device;
    private final List<TestClient> clients = new ArrayList<>();

    Rig() {
        this(Chip.AD102);
    }

    Rig(Chip chip) {
        board = new Board(BoardConfig.of(chip));
        function = new LocalFunction(board);
        core = openCore("java", board, function);
        driver = NouveauDriver.attach(core, _ -> Optional.empty());
        device = new DrmDevice(driver, "pci:0000:01:00.0");
    }

    static Core openCore(String implementation, Board board, LocalFunction function) {
        FirmwareSource firmware =
                FirmwareSource.of(SyntheticFirmware.files(board.config().chip().id(), FIRMWARE));
        return CoreProvider.named(implementation).open(function, CoreConfig.of(firmware));
    }

    Core core() {
        return core;
    }

    NouveauDriver driver() {
        return driver;
    }

    DrmDevice device() {
        return device;
    }

    /** A client that has the render node open. */
    TestClient client() {
        TestClient client = new TestClient(device);
        clients.add(client);
        return client;
    }

    @Override
    public void close() {
        clients.forEach(TestClient::close);
        device.close();
        core.close();
        function.close();
        board.close();
    }
}
