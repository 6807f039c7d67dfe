package dev.nacre.drm.sysfs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.drm.DrmDevice;
import dev.nacre.drm.DrmNode;
import dev.nacre.drm.server.DrmServer;
import dev.nacre.drm.testing.TestDriver;
import dev.nacre.linux.SocketOwner;
import dev.nacre.pci.bus.PciAddress;
import dev.nacre.pci.bus.PciIds;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The preloaded library, in the programs of {@code src/test/c}, which know what they have to find. */
class PreloadTest {
    private static final Path PROGRAMS = Path.of("target", "native").toAbsolutePath();

    // TIMEOUT: the longest test takes a second; a busy machine many times that.
    private static final long BOUND_SECONDS = 60;
    private static final long POLL_NS = 1_000_000;

    @TempDir
    Path temp;

    private ClientFolder folder;
    private DrmDevice device;
    private DrmServer server;

    @BeforeEach
    void start() throws IOException {
        folder = new ClientFolder(temp.toAbsolutePath());
        folder.write(
                "test",
                new PciAddress(0, 1, 0, 0),
                new PciIds(0x10de, 0x26b5, 0x10de, 0x169d, 0x030000, 0xa1),
                EnumSet.allOf(DrmNode.class));
        device = new DrmDevice(TestDriver.withAll(), "pci:0000:01:00.0");
        server = DrmServer.start(folder.socket(), 0600, new SocketOwner(SocketOwner.UNCHANGED, SocketOwner.UNCHANGED));
        server.add(0, device);
    }

    @AfterEach
    void stop() {
        server.close();
        device.close();
    }

    private Process start(String test) throws IOException {
        return start("preload_test", test);
    }

    private Process start(String program, String test) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(PROGRAMS.resolve(program).toString(), test)
                .redirectError(ProcessBuilder.Redirect.INHERIT);
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
    @ValueSource(
            strings = {
                "files",
                "arguments",
                "descriptors",
                "filtered",
                "forks",
                "passed",
                "threads",
                "closed",
                "interrupted"
            })
    void programFindsWhatItShould(String test) throws IOException, InterruptedException {
        assertEndsWell(start(test));
        awaitNoFile();
    }

    @ParameterizedTest
    @ValueSource(strings = {"memory", "fences", "merging", "strangers"})
    void programFindsDescriptorsOfMemoryAndFences(String test) throws IOException, InterruptedException {
        assertEndsWell(start("sync_test", test));
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
