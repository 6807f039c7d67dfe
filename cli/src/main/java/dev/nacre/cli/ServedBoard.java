package dev.nacre.cli;

import dev.nacre.board.Board;
import dev.nacre.board.BoardConfig;
import dev.nacre.linux.NativeException;
import dev.nacre.pci.PciFunction;
import dev.nacre.vfiouser.ServerListener;
import dev.nacre.vfiouser.VfioUserServer;
import java.nio.file.Path;
import java.util.function.Function;

/** A board and the server that shows it to a VMM. Closing it ends both. */
final class ServedBoard implements AutoCloseable {
    private final Board board;
    private final VfioUserServer server;

    private ServedBoard(Board board, VfioUserServer server) {
        this.board = board;
        this.server = server;
    }

    /**
     * Makes a board and listens.
     *
     * @param config the board
     * @param socket where to listen
     * @param mode permission bits of the socket
     * @param listener told of clients
     * @param wrapper what to put between the server and the board; the board itself for nothing
     */
    static ServedBoard start(
            BoardConfig config, Path socket, int mode, ServerListener listener, Function<Board, PciFunction> wrapper) {
        Board board = new Board(config);
        try {
            VfioUserServer server = VfioUserServer.builder(wrapper.apply(board))
                    .name(config.chip().id())
                    .socketPath(socket)
                    .socketMode(mode)
                    .listener(listener)
                    .build();
            server.start();
            return new ServedBoard(board, server);
        } catch (NativeException | IllegalArgumentException e) {
            board.close();
            throw new CommandException(
                    ExitCode.ENVIRONMENT, "Cannot listen at " + socket + ": " + e.getMessage() + "; try --socket PATH");
        }
    }

    Board board() {
        return board;
    }

    VfioUserServer server() {
        return server;
    }

    @Override
    public void close() {
        server.close();
        board.close();
    }
}
