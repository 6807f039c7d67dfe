package dev.nacre.coretck;

import dev.nacre.core.spi.FirmwareSource;
import dev.nacre.pci.bus.FunctionAccess;

/** A board that a core is booted on, several times in a row maybe. */
public interface BoardUnderTest extends AutoCloseable {
    /** The way to its GPU: always the same one, which stays the board's. */
    FunctionAccess function();

    /** The firmware that its GPU takes. */
    FirmwareSource firmware();

    /** Has the GPU be gone from now on, as one that is pulled out. */
    void pull();

    /** Ends it. After the cores that were booted on it. */
    @Override
    void close();
}
