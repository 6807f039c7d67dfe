package dev.nacre.corec;

import dev.nacre.board.Board;
import dev.nacre.board.BoardConfig;
import dev.nacre.core.spi.CoreConfig;
import dev.nacre.core.spi.FirmwareSource;
import dev.nacre.hw.chip.Chip;
import dev.nacre.hw.firmware.SyntheticFirmware;
import dev.nacre.pci.PciFunction;
import dev.nacre.pci.bus.LocalFunction;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** A board of this tree, and the C core on it. */
final class BootedBoard implements AutoCloseable {
    private static final String FIRMWARE = "570.144";
    private static final int VFS = 4;

    // HW: where the board's SR-IOV capability is; PCI Express Base Specification 5.0, 9.3.3
    private static final int SRIOV = 0xbcc;
    private static final int SRIOV_CTRL = SRIOV + 0x08;
    private static final int SRIOV_CTRL_VFE_MSE = 0x09;
    private static final int SRIOV_NUM_VF = SRIOV + 0x10;

    final Board board;
    final LocalFunction function;
    final NativeCore core;

    BootedBoard(Chip chip) {
        this(new Board(BoardConfig.of(chip)), config(chip, FIRMWARE));
    }

    private BootedBoard(Board board, CoreConfig config) {
        this.board = board;
        function = new LocalFunction(board);
        core = CoreLibrary.bundled().open(function, config);
    }

    /** One that virtual functions share, with a release of the firmware. */
    static BootedBoard shared(String firmware) {
        BootedBoard booted = new BootedBoard(sharedBoard(), config(Chip.AD102, firmware));
        enableVfs(booted.function);
        return booted;
    }

    /** Has a board that was booted show its virtual functions, as a PCI bus does. */
    static void enableVfs(LocalFunction function) {
        function.writeInt(PciFunction.CONFIG_REGION, SRIOV_NUM_VF, VFS);
        function.writeInt(PciFunction.CONFIG_REGION, SRIOV_CTRL, SRIOV_CTRL_VFE_MSE);
    }

    /** A board that virtual functions share. */
    static Board sharedBoard() {
        return new Board(BoardConfig.of(Chip.AD102).withVfs(VFS));
    }

    static CoreConfig config(Chip chip) {
        return config(chip, FIRMWARE);
    }

    static CoreConfig config(Chip chip, String firmware) {
        Map<String, byte[]> files =
                new HashMap<>(SyntheticFirmware.files(chip.name().toLowerCase(Locale.ROOT), firmware));
        return CoreConfig.of(FirmwareSource.of(files));
    }

    @Override
    public void close() {
        core.close();
        function.close();
        board.close();
    }
}
