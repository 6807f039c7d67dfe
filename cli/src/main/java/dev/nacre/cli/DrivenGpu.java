package dev.nacre.cli;

import dev.nacre.pci.bus.FunctionAccess;

/**
 * A GPU that this process drives.
 *
 * @param where for messages: a chip or a path
 * @param function the way to it
 * @param end what to do after the function was closed
 */
record DrivenGpu(String where, FunctionAccess function, Runnable end) implements AutoCloseable {
    @Override
    public void close() {
        function.close();
        end.run();
    }
}
