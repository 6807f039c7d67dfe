package dev.nacre.display.rfb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nacre.display.Frame;
import dev.nacre.testsupport.rfb.RfbViewer;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RfbServerTest {
    private static final Frame FRAME = Looked.noise(100, 70, 1, 9);

    @TempDir
    Path folder;

    @Test
    void unixSocketServesAndVanishes() throws Exception {
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of(folder.resolve("head0.sock"));
        try (Looked looked = new Looked()) {
            looked.show(FRAME);
            try (RfbServer _ = new RfbServer(looked.screen, address);
                    SocketChannel channel = SocketChannel.open(address);
                    RfbViewer viewer =
                            new RfbViewer(Channels.newInputStream(channel), Channels.newOutputStream(channel))) {
                viewer.connect(8);
                viewer.request(false);
                viewer.update();

                assertThat(viewer.rgb()).isEqualTo(Looked.rgb(FRAME));
            }
        }
        assertThat(Files.exists(address.getPath())).isFalse();
    }

    @Test
    void portIsOfTheLoopbackInterface() throws Exception {
        try (Looked looked = new Looked()) {
            assertThat(((InetSocketAddress) looked.server.address())
                            .getAddress()
                            .isLoopbackAddress())
                    .isTrue();
        }
    }

    @Test
    void addressThatIsTakenIsRefused() throws Exception {
        try (Looked looked = new Looked()) {
            assertThatThrownBy(() -> new RfbServer(looked.screen, looked.server.address()))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageStartingWith("Cannot listen for viewers at ");
        }
    }

    @Test
    void serverThatClosesKeepsItsViewers() throws Exception {
        try (Looked looked = new Looked()) {
            looked.show(FRAME);
            RfbViewer viewer = looked.connected();

            looked.server.close();
            viewer.request(false);
            viewer.update();

            assertThat(viewer.rgb()).isEqualTo(Looked.rgb(FRAME));
            assertThatThrownBy(looked::socket).isInstanceOf(java.io.IOException.class);
        }
    }
}
