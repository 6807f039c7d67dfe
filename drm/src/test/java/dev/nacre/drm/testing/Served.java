package dev.nacre.drm.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.drm.DrmDevice;
import dev.nacre.drm.DrmDriver;
import dev.nacre.drm.server.DrmServer;
import dev.nacre.linux.SocketOwner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** A server with one device. */
public final class Served implements AutoCloseable {
    // TIMEOUT: longer than anything takes here, also on a machine that is busy with something else.
    private static final long PATIENCE_NS = 60_000_000_000L;

    /** Its socket. */
    public final Path path;

    /** The server. */
    public final DrmServer server;

    /** The device, which has index 0. */
    public final DrmDevice device;

    /** Serves a driver's device. */
    public Served(DrmDriver driver) {
        try {
            path = Files.createTempDirectory("nacre-drm").resolve("drm.sock");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server = DrmServer.start(path, 0600, new SocketOwner(SocketOwner.UNCHANGED, SocketOwner.UNCHANGED));
        device = new DrmDevice(driver, "pci:0000:01:00.0");
        server.add(0, device);
    }

    /** A client. */
    public WireClient connect() {
        return WireClient.connect(path);
    }

    /** Waits until something is so. */
    public static void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE_NS;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("Not within a minute: " + what);
            }
            LockSupport.parkNanos(2_000_000);
        }
    }

    /** Waits until no client has anything. */
    public void awaitEmpty() {
        await("all connections have ended", () -> server.connectionCount() == 0);
        await("all files are closed", () -> server.fileCount() == 0);
        await("no descriptor keeps anything", () -> {
            device.sweep();
            return device.gems().exportCount() == 0
                    && device.syncFiles().count() == 0
                    && device.syncobjFiles().count() == 0;
        });
        assertThat(device.files()).isEmpty();
    }

    @Override
    public void close() {
        server.close();
        device.close();
        try {
            assertThat(path).doesNotExist();
            Files.delete(path.getParent());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
