package dev.nacre.coretck;

import dev.nacre.corec.NativeCoreProvider;
import dev.nacre.hw.chip.Chip;

/** The core in C, on a board in its process. */
class CCoreInProcessTest extends CoreTck {
    @Override
    protected CoreUnderTest underTest() {
        return new TestBoards(new NativeCoreProvider(), TestBoards.Way.IN_PROCESS, Chip.AD102);
    }
}
