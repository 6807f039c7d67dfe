package dev.nacre.cli;

import dev.nacre.board.Board;
import dev.nacre.board.BoardConfig;
import dev.nacre.linux.NativeException;
import dev.nacre.pci.PciFunction;
import dev.nacre.vfiouser.ServerListener;
import dev.nacre.vfiouser.VfioUserServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/** A board and the server that shows it to a VMM. Closing it ends both. */
final class ServedBoard implements AutoCloseable {
    private final Board board;
    private final VfioUserServer server;
    private final Path socket;
    private final Optional<Path> folder;

    private ServedBoard(Board board, VfioUserServer server, Path socket, Optional<Path> folder) {
        this.board = board;
        this.server = server;
        this.socket = socket;
        this.folder = folder;
    }

    /** Makes a board and listens, for this process's own use, in a folder that goes with it. */
    static ServedBoard startInOwnFolder(BoardConfig config) throws IOException {
        // Short, because a socket's path has at most 107 bytes.
        Path folder = Files.createTempDirectory("nacre");
        try {
            Path path = folder.resolve("gpu.sock");
            ServedBoard served =
                    start(config, path, server -> server.socketPath(path), new ServerListener() {}, made -> made);
            return new ServedBoard(served.board, served.server, served.socket, Optional.of(folder));
        } catch (NativeException | IllegalArgumentException e) {
            Files.deleteIfExists(folder);
            throw new CommandException(ExitCode.ENVIRONMENT, "Cannot listen in " + folder + ": " + e.getMessage());
        }
    }

    /**
     * Makes a board and listens.
     *
     * @param config the board
     * @param socket where it listens
     * @param endpoint makes a server listen there
     * @param listener told of clients
     * @param wrapper what to put between the server and the board; the board itself for nothing
     * @throws NativeException if the socket cannot be made or used
     * @throws IllegalArgumentException if its path is too long
     */
    static ServedBoard start(
            BoardConfig config,
            Path socket,
            Consumer<VfioUserServer.Builder> endpoint,
            ServerListener listener,
            Function<Board, PciFunction> wrapper) {
        Board board = new Board(config);
        try {
            VfioUserServer.Builder builder = VfioUserServer.builder(wrapper.apply(board))
                    .name(config.chip().id())
                    .listener(listener);
            endpoint.accept(builder);
            VfioUserServer server = builder.build();
            server.start();
            return new ServedBoard(board, server, socket, Optional.empty());
        } catch (RuntimeException e) {
            board.close();
            throw e;
        }
    }

    Board board() {
        return board;
    }

    VfioUserServer server() {
        return server;
    }

    /** Where it listens. */
    Path socket() {
        return socket;
    }

    @Override
    public void close() throws IOException {
        server.close();
        board.close();
        if (folder.isPresent()) {
            Files.deleteIfExists(folder.get());
        }
    }
}
