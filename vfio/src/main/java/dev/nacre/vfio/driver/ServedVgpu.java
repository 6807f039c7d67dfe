package dev.nacre.vfio.driver;

import dev.nacre.vfio.manager.Vgpu;
import dev.nacre.vfiouser.VfioUserServer;

/**
 * A virtual GPU that a socket shows. It ends when the virtual GPU stops or fails: its guest then sees a device that has
 * gone, and its VMM a closed connection.
 */
public final class ServedVgpu implements AutoCloseable {
    private final Vgpu vgpu;
    private final VariantFunction function;
    private final VfioUserServer server;

    ServedVgpu(Vgpu vgpu, VariantFunction function, VfioUserServer server) {
        this.vgpu = vgpu;
        this.function = function;
        this.server = server;
    }

    /** Which one. */
    public Vgpu vgpu() {
        return vgpu;
    }

    /** The server behind the socket. */
    public VfioUserServer server() {
        return server;
    }

    /**
     * Has the guest see a device that has gone, all-ones everywhere, while its VMM stays connected; for good. Any thread;
     * does not wait.
     */
    public void lose() {
        function.lose();
    }

    /** Whether the guest sees a device that has gone. */
    public boolean isLost() {
        return function.isLost();
    }

    /**
     * Ends the client's connection, stops listening, and stops the virtual GPU, so that nothing of its guest is left.
     * Idempotent.
     */
    @Override
    public void close() {
        vgpu.stop();
        end();
    }

    /** Ends what shows the virtual GPU. */
    void end() {
        function.lose();
        server.close();
    }
}
