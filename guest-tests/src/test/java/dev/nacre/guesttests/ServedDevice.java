package dev.nacre.guesttests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.pci.PciFunction;
import dev.nacre.testsupport.guest.qemu.GpuSlot;
import dev.nacre.vfiouser.ClientInfo;
import dev.nacre.vfiouser.ConnectionCounts;
import dev.nacre.vfiouser.ReconnectPolicy;
import dev.nacre.vfiouser.ServerListener;
import dev.nacre.vfiouser.VfioUserServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** A device of this process, served on a socket in a folder of its own. */
final class ServedDevice implements AutoCloseable {
    // TIMEOUT: some milliseconds, on a busy host more.
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Path folder;
    private final Path socket;
    private final VfioUserServer server;
    private final Presence client = new Presence();

    /** Whether a client is connected. */
    private static final class Presence implements ServerListener {
        private final ReentrantLock lock = new ReentrantLock();
        private final Condition gone = lock.newCondition();
        private boolean here;

        @Override
        public void connected(ClientInfo client) {
            set(true);
        }

        @Override
        public void disconnected(ConnectionCounts counts) {
            set(false);
        }

        private void set(boolean value) {
            lock.lock();
            try {
                here = value;
                gone.signalAll();
            } finally {
                lock.unlock();
            }
        }

        boolean awaitGone(Duration bound) {
            lock.lock();
            try {
                long leftNs = bound.toNanos();
                while (here && leftNs > 0) {
                    leftNs = gone.awaitNanos(leftNs);
                }
                return !here;
            } catch (InterruptedException e) {
                throw new AssertionError("Interrupted", e);
            } finally {
                lock.unlock();
            }
        }
    }

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
                .listener(client)
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

    /**
     * Waits until no client is connected. A QEMU whose process has ended may still be, for some milliseconds: its io_uring
     * holds the socket, and the kernel takes that down later.
     */
    void awaitFree() {
        assertThat(client.awaitGone(PATIENCE)).as("the former client has gone").isTrue();
    }

    @Override
    public void close() throws IOException {
        server.close();
        Files.deleteIfExists(socket);
        Files.deleteIfExists(folder);
    }
}
