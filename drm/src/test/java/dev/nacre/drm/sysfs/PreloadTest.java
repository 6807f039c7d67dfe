package dev.nacre.drm.sysfs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.drm.DriverFeature;
import dev.nacre.drm.DriverFile;
import dev.nacre.drm.DriverInfo;
import dev.nacre.drm.DrmDevice;
import dev.nacre.drm.DrmDriver;
import dev.nacre.drm.DrmException;
import dev.nacre.drm.DrmFile;
import dev.nacre.drm.DrmNode;
import dev.nacre.drm.Ioctl;
import dev.nacre.drm.Kms;
import dev.nacre.drm.gem.GemObject;
import dev.nacre.drm.server.DrmServer;
import dev.nacre.linux.Errno;
import dev.nacre.linux.SocketOwner;
import dev.nacre.pci.bus.PciAddress;
import dev.nacre.pci.bus.PciIds;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The preloaded library, in the program {@code preload_test.c}, which knows what it has to find. */
class PreloadTest {
    private static final Path PROGRAM =
            Path.of("target", "native", "preload_test").toAbsolutePath();

    // TIMEOUT: the longest test takes a second; a busy machine many times that.
    private static final long BOUND_SECONDS = 60;
    private static final long POLL_NS = 1_000_000;

    @TempDir
    Path temp;

    private ClientFolder folder;
    private DrmDevice device;
    private DrmServer server;

    /** A driver of no hardware, with both nodes and sync objects. */
    private static final class NoHardware implements DrmDriver {
        @Override
        public DriverInfo info() {
            return new DriverInfo("test", "0", "no hardware", 1, 2, 3);
        }

        @Override
        public Set<DriverFeature> features() {
            return Set.of(DriverFeature.GEM, DriverFeature.RENDER, DriverFeature.SYNCOBJ);
        }

        @Override
        public List<Ioctl> ioctls() {
            return List.of();
        }

        @Override
        public DriverFile open(DrmFile file) {
            return () -> {};
        }

        @Override
        public GemObject createDumb(DrmFile file, long bytes) {
            throw new DrmException(Errno.ENOSYS, "no hardware");
        }

        @Override
        public Optional<Kms> kms() {
            return Optional.empty();
        }

        @Override
        public void close() {}
    }

    @BeforeEach
    void start() throws IOException {
        folder = new ClientFolder(temp.toAbsolutePath());
        folder.write(
                "test",
                new PciAddress(0, 1, 0, 0),
                new PciIds(0x10de, 0x26b5, 0x10de, 0x169d, 0x030000, 0xa1),
                EnumSet.allOf(DrmNode.class));
        device = new DrmDevice(new NoHardware(), "pci:0000:01:00.0");
        server = DrmServer.start(folder.socket(), 0600, new SocketOwner(SocketOwner.UNCHANGED, SocketOwner.UNCHANGED));
        server.add(0, device);
    }

    @AfterEach
    void stop() {
        server.close();
        device.close();
    }

    private Process start(String test) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(PROGRAM.toString(), test).redirectError(ProcessBuilder.Redirect.INHERIT);
        folder.addTo(builder.environment());
        return builder.start();
    }

    /** The same, until it says that it is ready. */
    private Process startAndAwait(String test) throws IOException {
        Process process = start(test);
        BufferedReader said = process.inputReader();
        assertThat(said.readLine()).isEqualTo("ready");
        return process;
    }

    private static void assertEndsWell(Process process) throws InterruptedException {
        try {
            assertThat(process.waitFor(BOUND_SECONDS, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isZero();
        } finally {
            process.destroyForcibly();
        }
    }

    private void awaitNoFile() {
        long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(BOUND_SECONDS);
        while (!device.files().isEmpty()) {
            assertThat(System.nanoTime() - endNs).as("files are open").isNegative();
            LockSupport.parkNanos(POLL_NS);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"files", "arguments", "descriptors", "forks", "passed", "threads", "closed", "interrupted"})
    void programFindsWhatItShould(String test) throws IOException, InterruptedException {
        assertEndsWell(start(test));
        awaitNoFile();
    }

    @Test
    void programIsToldWhenTheServerGoes() throws IOException, InterruptedException {
        Process program = startAndAwait("abandoned");

        server.close();

        assertEndsWell(program);
    }

    @Test
    void killedProgramLeavesNoFile() throws IOException, InterruptedException {
        Process program = startAndAwait("waiting");
        assertThat(device.files()).hasSize(1);

        program.destroyForcibly().waitFor();

        awaitNoFile();
    }
}
