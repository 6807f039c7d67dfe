package dev.nacre.coretck;

import dev.nacre.core.Core;
import dev.nacre.core.spi.CoreConfig;
import dev.nacre.core.spi.VgpuScheduling;
import java.util.Optional;

/**
 * A core on a board of its own.
 *
 * @param underTest what it is of
 * @param board the board
 * @param core the core
 */
record Rig(CoreUnderTest underTest, BoardUnderTest board, Core core) implements AutoCloseable {
    static Rig start(CoreUnderTest underTest) {
        BoardUnderTest board = underTest.board();
        return start(underTest, board, CoreConfig.of(board.firmware()));
    }

    static Rig start(CoreUnderTest underTest, boolean vgpu, int vgpuChannels) {
        BoardUnderTest board = underTest.board();
        return start(underTest, board, new CoreConfig(board.firmware(), vgpu, vgpuChannels, VgpuScheduling.DEFAULT));
    }

    /** On a board with virtual functions; empty if there are none. */
    static Optional<Rig> startWithVfs(CoreUnderTest underTest, int count) {
        return underTest.boardWithVfs(count).map(board -> start(underTest, board, CoreConfig.of(board.firmware())));
    }

    private static Rig start(CoreUnderTest underTest, BoardUnderTest board, CoreConfig config) {
        try {
            return new Rig(underTest, board, underTest.provider().open(board.function(), config));
        } catch (RuntimeException e) {
            board.close();
            throw e;
        }
    }

    /** Boots another core on the same board, after this one's was closed. */
    Core bootAgain() {
        return underTest.provider().open(board.function(), CoreConfig.of(board.firmware()));
    }

    @Override
    public void close() {
        try {
            core.close();
        } finally {
            board.close();
        }
    }
}
