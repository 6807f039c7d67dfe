package dev.nacre.daemon.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nacre.daemon.config.NacreConfig.SocketSettings;
import dev.nacre.linux.SocketOwner;
import dev.nacre.testsupport.rfb.RfbViewer;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ConsoleSocketsTest {
    // TIMEOUT: what is waited for takes milliseconds; a busy machine many times that.
    private static final long PATIENCE_S = 20;

    @TempDir
    Path folder;

    private final HeadsService service = new HeadsService();

    @Test
    void headOfAVirtualGpuThatIsThereIsShown() throws IOException {
        service.add("gpu0", "a", 2);
        try (ConsoleSockets _ = sockets()) {
            await("its sockets", () -> exists("a-0.rfb") && exists("a-1.rfb"));

            assertThat(seen("a-1.rfb")).containsOnly(HeadsService.colour("a", 1));
        }
    }

    @Test
    void socketComesAndGoesWithItsVirtualGpu() throws IOException {
        try (ConsoleSockets _ = sockets()) {
            service.add("gpu0", "b", 1);
            await("it comes", () -> exists("b-0.rfb"));
            try (SocketChannel channel = connect("b-0.rfb");
                    RfbViewer viewer =
                            new RfbViewer(Channels.newInputStream(channel), Channels.newOutputStream(channel))) {
                viewer.connect(8);

                service.remove("b");
                await("it goes", () -> !exists("b-0.rfb"));

                assertThatThrownBy(() -> {
                            viewer.request(false);
                            viewer.update();
                        })
                        .isInstanceOf(IOException.class);
            }
        }
    }

    @Test
    void virtualGpuThatIsListedAfterItsEventGetsItsSocket() {
        try (ConsoleSockets _ = sockets()) {
            service.announce("gpu0", "late");
            await("the event is seen", () -> service.lists.get() > 2);
            service.addSilently("gpu0", "late", 1);

            await("it comes", () -> exists("late-0.rfb"));
        }
    }

    @Test
    void socketHasItsModeAndTheLastCloseRemovesIt() throws IOException {
        service.add("gpu0", "c", 1);
        try (ConsoleSockets _ = sockets()) {
            await("it comes", () -> exists("c-0.rfb") && mode("c-0.rfb").equals("rw-rw----"));
        }

        assertThat(exists("c-0.rfb")).isFalse();
    }

    @Test
    void boardWithoutAFolderHasNone() {
        service.add("gpu1", "d", 1);
        service.add("gpu0", "e", 1);
        try (ConsoleSockets _ = sockets()) {
            await("the other's comes", () -> exists("e-0.rfb"));

            assertThat(exists("d-0.rfb")).isFalse();
        }
    }

    private ConsoleSockets sockets() {
        SocketOwner same = new SocketOwner(SocketOwner.UNCHANGED, SocketOwner.UNCHANGED);
        return new ConsoleSockets(
                service, new HeadScreens(service), Map.of("gpu0", new SocketSettings(folder, 0660, same)));
    }

    private boolean exists(String name) {
        return Files.exists(folder.resolve(name));
    }

    private String mode(String name) {
        try {
            return PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(name)));
        } catch (IOException notYet) {
            return "";
        }
    }

    private SocketChannel connect(String name) throws IOException {
        return SocketChannel.open(UnixDomainSocketAddress.of(folder.resolve(name)));
    }

    private int[] seen(String name) throws IOException {
        try (SocketChannel channel = connect(name);
                RfbViewer viewer = new RfbViewer(Channels.newInputStream(channel), Channels.newOutputStream(channel))) {
            viewer.connect(8);
            viewer.request(false);
            viewer.update();
            return Arrays.copyOf(viewer.rgb(), viewer.width() * viewer.height());
        }
    }

    private static void await(String what, BooleanSupplier holds) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_S);
        while (!holds.getAsBoolean()) {
            assertThat(System.nanoTime()).as("never: " + what).isLessThan(end);
            LockSupport.parkNanos(1_000_000);
        }
    }
}
