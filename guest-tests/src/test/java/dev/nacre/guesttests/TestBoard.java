package dev.nacre.guesttests;

import dev.nacre.board.Board;
import dev.nacre.board.BoardConfig;
import dev.nacre.testsupport.guest.qemu.GpuSlot;
import java.io.IOException;

/** A board in this process, served. */
final class TestBoard implements AutoCloseable {
    private final Board board;
    private final ServedDevice served;

    TestBoard(BoardConfig config) throws IOException {
        board = new Board(config);
        served = new ServedDevice(board);
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
