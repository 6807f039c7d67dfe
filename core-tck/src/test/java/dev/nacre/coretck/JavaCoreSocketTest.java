package dev.nacre.coretck;

import dev.nacre.corejava.JavaCoreProvider;
import dev.nacre.hw.chip.Chip;

/** The core in Java, on a board behind a socket. */
class JavaCoreSocketTest extends CoreTck {
    @Override
    protected CoreUnderTest underTest() {
        return new TestBoards(new JavaCoreProvider(), TestBoards.Way.SOCKET, Chip.AD102);
    }
}
