package dev.nacre.daemon.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A console over a WebSocket, as noVNC opens it. */
@Timeout(120)
class ConsoleSocketTest {
    // HW: RFC 6455, 5.2: the last of a message, and kinds of frames
    private static final int LAST = 0x80;
    private static final int CONTINUATION = 0;
    private static final int TEXT = 1;
    private static final int BINARY = 2;
    private static final int CLOSE = 8;
    private static final int PING = 9;
    private static final int PONG = 10;
    private static final int MASKED = 0x80;

    // HW: RFC 6455, 7.4.1: data that the other does not take
    private static final int BAD_KIND = 1003;

    @TempDir
    private Path folder;

    private ApiFixture api;
    private HttpLine line;
    private HttpAnswer upgraded;

    @BeforeEach
    void open() throws IOException {
        api = new ApiFixture(folder);
        api.post("/v1/vgpus", ApiFixture.CREATE);
        line = api.line();
        upgraded = upgrade("/v1/vgpus/desk1");
    }

    private HttpAnswer upgrade(String path) throws IOException {
        return line.ask(
                "GET",
                path + "/heads/0/console",
                HttpLine.headers(
                        "Connection: keep-alive, Upgrade",
                        "Upgrade: websocket",
                        "Sec-WebSocket-Version: 13",
                        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                        "Sec-WebSocket-Protocol: binary",
                        "Sec-WebSocket-Extensions: permessage-deflate"),
                "");
    }

    @AfterEach
    void close() throws IOException {
        line.close();
        api.close();
    }

    private void send(int head, byte[] payload) throws IOException {
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.write(head);
        frame.write(MASKED | payload.length);
        // A mask of zeros.
        frame.write(new byte[4]);
        frame.write(payload);
        line.out().write(frame.toByteArray());
        line.out().flush();
    }

    private void send(String text) throws IOException {
        send(LAST | BINARY, text.getBytes(StandardCharsets.US_ASCII));
    }

    /** Payload of the next frame, which is of a kind. */
    private byte[] receive(int kind) throws IOException {
        DataInputStream in = new DataInputStream(line.in());
        assertThat(in.readUnsignedByte()).isEqualTo(LAST | kind);
        int length = in.readUnsignedByte();
        return in.readNBytes(length == 126 ? in.readUnsignedShort() : length);
    }

    /** So many bytes of the stream of binary frames. */
    private byte[] receiveBytes(int count) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        while (bytes.size() < count) {
            bytes.write(receive(BINARY));
        }
        return bytes.toByteArray();
    }

    private String receiveText() throws IOException {
        return new String(receiveBytes(12), StandardCharsets.US_ASCII);
    }

    @Test
    void console_opened_takesBinaryAndNoCompression() {
        assertThat(upgraded.status()).isEqualTo(101);
        assertThat(upgraded.header("Sec-WebSocket-Protocol")).hasValue("binary");
        // HW: RFC 6455, 1.3: the example of an accepted key
        assertThat(upgraded.header("Sec-WebSocket-Accept")).hasValue("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
        assertThat(upgraded.header("Sec-WebSocket-Extensions")).isEmpty();
    }

    @Test
    void console_spokenTo_speaksRfb() throws IOException {
        assertThat(receiveText()).isEqualTo("RFB 003.008\n");
        send("RFB 003.008\n");
        // HW: RFB 3.8, 7.1.2 and 7.3: one kind of security, none; then the size of the picture
        assertThat(receiveBytes(2)).containsExactly(1, 1);
        send(LAST | BINARY, new byte[] {1});
        assertThat(receiveBytes(4)).containsExactly(0, 0, 0, 0);
        send(LAST | BINARY, new byte[] {1});

        assertThat(receiveBytes(24)).startsWith(0, 64, 0, 48);
    }

    @Test
    void console_ofABoard_speaksRfbAndNamesTheBoard() throws IOException {
        line.close();
        line = api.line();
        assertThat(upgrade("/v1/boards/gpu1").status()).isEqualTo(101);
        receiveText();
        send("RFB 003.008\n");
        receiveBytes(2);
        send(LAST | BINARY, new byte[] {1});
        receiveBytes(4);
        send(LAST | BINARY, new byte[] {1});

        // HW: RFB 3.8, 7.3.2: size, 16 bytes of format, the name with its length
        byte[] init = receiveBytes(24 + "gpu1, head 0".length());
        assertThat(init).startsWith(0, 64, 0, 48);
        assertThat(new String(init, 24, init.length - 24, StandardCharsets.US_ASCII))
                .isEqualTo("gpu1, head 0");
    }

    @Test
    void message_inPieces_isOneStream() throws IOException {
        receiveText();
        send(BINARY, "RFB 00".getBytes(StandardCharsets.US_ASCII));
        send(LAST | PING, new byte[] {7});
        send(CONTINUATION, new byte[0]);
        send(LAST | CONTINUATION, "3.008\n".getBytes(StandardCharsets.US_ASCII));

        assertThat(receive(PONG)).containsExactly(7);
        assertThat(receiveBytes(2)).containsExactly(1, 1);
    }

    @Test
    void text_sent_closesTheConsole() throws IOException {
        receiveText();
        send(LAST | TEXT, new byte[] {'a'});

        byte[] status = receive(CLOSE);
        assertThat(((status[0] & 0xff) << 8) | (status[1] & 0xff)).isEqualTo(BAD_KIND);
    }

    @Test
    void vgpu_deleted_endsTheConsole() throws IOException {
        receiveText();
        send("RFB 003.008\n");
        receiveBytes(2);
        send(LAST | BINARY, new byte[] {1});
        receiveBytes(4);
        send(LAST | BINARY, new byte[] {1});
        receiveBytes(24);
        try (HttpLine other = api.line()) {
            assertThat(other.delete("/v1/vgpus/desk1").status()).isEqualTo(204);
        }
        // HW: RFB 3.8, 7.5.3: asks for a whole picture of 64x48, and then for what changes, as viewers do
        send(LAST | BINARY, new byte[] {3, 0, 0, 0, 0, 0, 0, 64, 0, 48});
        send(LAST | BINARY, new byte[] {3, 1, 0, 0, 0, 0, 0, 64, 0, 48});

        assertThat(line.in().readAllBytes()).isNotNull();
    }

    @Test
    void server_closed_endsTheConsole() throws IOException {
        receiveText();
        api.close();

        assertThat(line.in().readAllBytes()).isNotNull();
    }
}
