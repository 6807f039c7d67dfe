package dev.nacre.guesttests;

import dev.nacre.pci.PciFunction;
import dev.nacre.testsupport.guest.qemu.GpuSlot;
import dev.nacre.vfiouser.ReconnectPolicy;
import dev.nacre.vfiouser.VfioUserServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A device of this process, served on a socket in a folder of its own. */
final class ServedDevice implements AutoCloseable {
    private final Path folder;
    private final Path socket;
    private final VfioUserServer server;

    ServedDevice(PciFunction device) throws IOException {
        this(device, ReconnectPolicy.RESET);
    }

    /** With what the next client finds. */
    ServedDevice(PciFunction device, ReconnectPolicy policy) throws IOException {
        // Short, because a socket's path has at most 107 bytes.
        folder = Files.createTempDirectory("nacre-test");
        socket = folder.resolve("device.sock");
        server = VfioUserServer.builder(device)
                .socketPath(socket)
                .onReconnect(policy)
                .build();
        server.start();
    }

    Path socket() {
        return socket;
    }

    /** On the root bus. */
    GpuSlot slot(String address) {
        return GpuSlot.at(socket, address);
    }

    @Override
    public void close() throws IOException {
        server.close();
        Files.deleteIfExists(socket);
        Files.deleteIfExists(folder);
    }
}
