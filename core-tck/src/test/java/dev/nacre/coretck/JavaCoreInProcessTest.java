package dev.nacre.coretck;

import dev.nacre.corejava.JavaCoreProvider;
import dev.nacre.hw.chip.Chip;

/** The core in Java, on a board in its process. */
class JavaCoreInProcessTest extends CoreTck {
    @Override
    protected CoreUnderTest underTest() {
        return new TestBoards(new JavaCoreProvider(), TestBoards.Way.IN_PROCESS, Chip.AD102);
    }
}
