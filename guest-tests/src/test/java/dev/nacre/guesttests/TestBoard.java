package dev.nacre.guesttests;

import dev.nacre.board.Board;
import dev.nacre.board.BoardConfig;
import dev.nacre.testsupport.guest.qemu.GpuSlot;
import dev.nacre.vfiouser.ReconnectPolicy;
import java.io.IOException;
import java.nio.file.Path;

/** A board in this process, served. */
final class TestBoard implements AutoCloseable {
    private final Board board;
    private final ServedDevice served;

    TestBoard(BoardConfig config) throws IOException {
        this(config, ReconnectPolicy.RESET);
    }

    /** With what the next client finds. */
    TestBoard(BoardConfig config, ReconnectPolicy policy) throws IOException {
        board = new Board(config);
        served = new ServedDevice(board, policy);
    }

    Path socket() {
        return served.socket();
    }

    /** Waits until no client is connected. */
    void awaitFree() {
        served.awaitFree();
    }

    Board board() {
        return board;
    }

    GpuSlot slot(String address) {
        return served.slot(address);
    }

    @Override
    public void close() throws IOException {
        served.close();
        board.close();
    }
}
