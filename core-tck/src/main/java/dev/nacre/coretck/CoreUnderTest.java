package dev.nacre.coretck;

import dev.nacre.core.spi.CoreProvider;
import java.util.Optional;

/** An implementation of the core, and boards for it. */
public interface CoreUnderTest {
    /** The implementation. */
    CoreProvider provider();

    /** How it reaches its boards, in a word or two, such as {@code in process}. */
    String transport();

    /** The chip of the boards, as {@link dev.nacre.core.BoardInfo#chip} is to name it. */
    String chip();

    /** How often a test repeats what must leave nothing behind. Fewer where a round takes long. */
    default int rounds() {
        return 1000;
    }

    /** Makes a board, as after power-on; the caller closes it. */
    BoardUnderTest board();

    /**
     * As {@link #board}, with virtual functions.
     *
     * @return empty if boards of that chip have none
     */
    Optional<BoardUnderTest> boardWithVfs(int count);
}
