package dev.nacre.drm.testing;

import dev.nacre.board.Board;
import dev.nacre.board.BoardConfig;
import dev.nacre.core.Core;
import dev.nacre.core.spi.CoreConfig;
import dev.nacre.core.spi.CoreProvider;
import dev.nacre.core.spi.FirmwareSource;
import dev.nacre.hw.chip.Chip;
import dev.nacre.hw.firmware.SyntheticFirmware;
import dev.nacre.pci.bus.LocalFunction;

/** A board of this tree and a core that drives it. */
public final class RealBoard implements AutoCloseable {
    private static final String FIRMWARE = "570.144";

    private final Board board = new Board(BoardConfig.of(Chip.AD102));
    private final LocalFunction function = new LocalFunction(board);

    /** The core. */
    public final Core core;

    /** Boots it. */
    public RealBoard(String implementation) {
        FirmwareSource firmware =
                FirmwareSource.of(SyntheticFirmware.files(board.config().chip().id(), FIRMWARE));
        core = CoreProvider.named(implementation).open(function, CoreConfig.of(firmware));
    }

    @Override
    public void close() {
        core.close();
        function.close();
        board.close();
    }
}
