package dev.nacre.corec;

import dev.nacre.board.Board;
import dev.nacre.board.BoardConfig;
import dev.nacre.core.spi.CoreConfig;
import dev.nacre.core.spi.FirmwareSource;
import dev.nacre.hw.chip.Chip;
import dev.nacre.hw.firmware.SyntheticFirmware;
import dev.nacre.pci.bus.LocalFunction;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** A board of this tree, and the C core on it. */
final class BootedBoard implements AutoCloseable {
    private static final String FIRMWARE = "570.144";

    final Board board;
    final LocalFunction function;
    final NativeCore core;

    BootedBoard(Chip chip) {
        board = new Board(BoardConfig.of(chip));
        function = new LocalFunction(board);
        core = CoreLibrary.bundled().open(function, config(chip));
    }

    static CoreConfig config(Chip chip) {
        Map<String, byte[]> files =
                new HashMap<>(SyntheticFirmware.files(chip.name().toLowerCase(Locale.ROOT), FIRMWARE));
        return CoreConfig.of(FirmwareSource.of(files));
    }

    @Override
    public void close() {
        core.close();
        function.close();
        board.close();
    }
}
