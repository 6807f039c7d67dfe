package dev.nacre.guesttests;

import dev.nacre.board.Board;
import dev.nacre.board.BoardConfig;
import dev.nacre.testsupport.guest.qemu.GpuSlot;
import dev.nacre.vfiouser.VfioUserServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A board in this process, served on a socket in a folder of its own. */
final class TestBoard implements AutoCloseable {
    private final Board board;
    private final Path folder;
    private final Path socket;
    private final VfioUserServer server;

    TestBoard(BoardConfig config) throws IOException {
        board = new Board(config);
        // Short, because a socket's path has at most 107 bytes.
        folder = Files.createTempDirectory("nacre-test");
        socket = folder.resolve("gpu.sock");
        server = VfioUserServer.builder(board).socketPath(socket).build();
        server.start();
    }

    Board board() {
        return board;
    }

    GpuSlot slot(String address) {
        return GpuSlot.at(socket, address);
    }

    @Override
    public void close() throws IOException {
        server.close();
        board.close();
        Files.deleteIfExists(socket);
        Files.deleteIfExists(folder);
    }
}
