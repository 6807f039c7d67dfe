package dev.nacre.board;

import dev.nacre.hw.chip.Chip;

/** A board, driven through its PCI function, with a clock that stands still. */
final class BoardRig extends FunctionRig implements AutoCloseable {
    static final long FB_BYTES = 2048L << 20;

    final Board board;

    BoardRig() {
        this(new BoardConfig(Chip.AD102, FB_BYTES, 1));
    }

    BoardRig(BoardConfig config) {
        this(new Board(config, () -> 0));
    }

    BoardRig(Board board) {
        super(board);
        this.board = board;
    }

    @Override
    public void close() {
        board.close();
    }
}
