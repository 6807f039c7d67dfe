package dev.nacre.coretck;

import dev.nacre.corec.NativeCoreProvider;
import dev.nacre.hw.chip.Chip;

/** The core in C, on a board behind a socket. */
class CCoreSocketTest extends CoreTck {
    @Override
    protected CoreUnderTest underTest() {
        return new TestBoards(new NativeCoreProvider(), TestBoards.Way.SOCKET, Chip.AD102);
    }
}
