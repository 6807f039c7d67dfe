package dev.nacre.corejava.boot;

import dev.nacre.board.Board;
import dev.nacre.board.BoardConfig;
import dev.nacre.core.spi.CoreConfig;
import dev.nacre.core.spi.FirmwareSource;
import dev.nacre.corejava.gpu.BootedGpu;
import dev.nacre.hw.chip.Chip;
import dev.nacre.hw.firmware.SyntheticFirmware;
import dev.nacre.hw.gsp.GspVersion;
import dev.nacre.linux.UnixSocket;
import dev.nacre.pci.bus.FunctionAccess;
import dev.nacre.pci.bus.LocalFunction;
import dev.nacre.vfiouser.VfioUserClient;
import dev.nacre.vfiouser.VfioUserFunction;
import dev.nacre.vfiouser.VfioUserServer;
import org.jspecify.annotations.Nullable;

/** A board, and a way to it: in this process, or through a socket. */
public final class BoardUnderTest implements AutoCloseable {
    /** How a board is reached. */
    public enum Transport {
        /** In this process. */
        LOCAL,
        /** By vfio-user. */
        SOCKET
    }

    private final Board board;
    private final FunctionAccess function;
    private final @Nullable VfioUserServer server;

    /** A board as after power-on. */
    public BoardUnderTest(Chip chip, Transport transport) {
        this.board = new Board(BoardConfig.of(chip));
        if (transport == Transport.LOCAL) {
            server = null;
            function = new LocalFunction(board);
        } else {
            UnixSocket.Pair pair = UnixSocket.pair();
            VfioUserServer made =
                    VfioUserServer.builder(board).connectedFd(pair.second()).build();
            made.start();
            server = made;
            function = new VfioUserFunction(VfioUserClient.over(pair.first()));
        }
    }

    /** The board. */
    public Board board() {
        return board;
    }

    /** The way to it. */
    public FunctionAccess function() {
        return function;
    }

    /** Boots it with stand-ins for firmware of a version. */
    public BootedGpu boot(GspVersion version) {
        return GpuBoot.boot(function, CoreConfig.of(firmware(board.config().chip(), version)));
    }

    /** Stand-ins for the firmware of a chip. */
    public static FirmwareSource firmware(Chip chip, GspVersion version) {
        return FirmwareSource.of(SyntheticFirmware.files(chip.id(), version.id()));
    }

    @Override
    public void close() {
        function.close();
        if (server != null) {
            server.close();
        }
        board.close();
    }
}
