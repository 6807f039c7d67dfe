package dev.nacre.bench;

import dev.nacre.board.Board;
import dev.nacre.board.BoardConfig;
import dev.nacre.core.Core;
import dev.nacre.core.spi.CoreConfig;
import dev.nacre.core.spi.CoreProvider;
import dev.nacre.core.spi.FirmwareSource;
import dev.nacre.hw.chip.Chip;
import dev.nacre.hw.firmware.SyntheticFirmware;
import dev.nacre.pci.bus.LocalFunction;
import dev.nacre.testsupport.guest.image.GuestFirmware;

/** A core on a board of its own in this process. */
final class BootedBoard implements AutoCloseable {
    private static final Chip CHIP = Chip.AD102;

    private final Board board;
    private final LocalFunction function;
    private final Core core;

    BootedBoard(CoreProvider provider) {
        FirmwareSource firmware =
                FirmwareSource.of(SyntheticFirmware.files(CHIP.id(), GuestFirmware.VERSIONS.getFirst()));
        board = new Board(BoardConfig.of(CHIP));
        function = new LocalFunction(board);
        try {
            core = provider.open(function, CoreConfig.of(firmware));
        } catch (RuntimeException e) {
            board.close();
            throw e;
        }
    }

    Core core() {
        return core;
    }

    /** The implementation's name. */
    String name() {
        return core.implementation();
    }

    @Override
    public void close() {
        core.close();
        function.close();
        board.close();
    }
}
