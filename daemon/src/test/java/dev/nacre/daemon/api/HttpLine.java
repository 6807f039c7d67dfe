package dev.nacre.daemon.api;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * A connection over which a test says what it likes.
 *
 * @param host what its requests name
 */
public record HttpLine(String host, InputStream in, OutputStream out, Closeable connection) implements AutoCloseable {
    /** To a UNIX socket. */
    public static HttpLine to(Path socket) throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        channel.connect(UnixDomainSocketAddress.of(socket));
        return new HttpLine("localhost", Channels.newInputStream(channel), Channels.newOutputStream(channel), channel);
    }

    /** Lines of a request's head. */
    static String headers(String... lines) {
        return String.join("\r\n", lines) + "\r\n";
    }

    /** A whole head of a request without a body. */
    static String head(String... lines) {
        return headers(lines) + "\r\n";
    }

    /** Sends text as it is. */
    void send(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    /**
     * Sends a request and reads the answer.
     *
     * @param headers lines with their ends
     */
    HttpAnswer ask(String method, String path, String headers, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        boolean typed = headers.contains("Content-Type:") || body.isEmpty();
        send(method + " " + path + " HTTP/1.1\r\nHost: " + host + "\r\n" + headers
                + (typed ? "" : "Content-Type: application/json\r\n")
                + (body.isEmpty() && !method.equals("POST") ? "" : "Content-Length: " + bytes.length + "\r\n") + "\r\n"
                + body);
        return HttpAnswer.read(in, method.equals("HEAD"));
    }

    public HttpAnswer get(String path) throws IOException {
        return ask("GET", path, "", "");
    }

    public HttpAnswer post(String path, String body) throws IOException {
        return ask("POST", path, "", body);
    }

    public HttpAnswer delete(String path) throws IOException {
        return ask("DELETE", path, "", "");
    }

    /** Whether the server has closed the connection; waits until it does. */
    boolean ends() throws IOException {
        try {
            return in.read() < 0;
        } catch (IOException e) {
            // Closed without further ado.
            return true;
        }
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }
}
