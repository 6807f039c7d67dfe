package dev.nacre.cli.client;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.apache.hc.core5.net.URIAuthority;

/** Where a daemon is, and what it wants to be shown. */
public sealed interface ApiTarget {
    /** The port of {@code https} when none is named: that of the configuration's example. */
    int DEFAULT_PORT = 8443;

    /** The socket of the system's daemon. */
    Path SYSTEM_SOCKET = Path.of("/run/nacre/nacred.sock");

    /** A UNIX socket of this host. */
    record Unix(Path socket) implements ApiTarget {
        @Override
        public Socket open() throws IOException {
            return UnixSocket.connect(socket);
        }

        @Override
        public URIAuthority authority() {
            return new URIAuthority("localhost");
        }

        @Override
        public Optional<String> token() {
            return Optional.empty();
        }

        @Override
        public String toString() {
            return "unix:" + socket;
        }
    }

    /**
     * A TCP port with TLS.
     *
     * @param host name or address
     * @param port 1 to 65535
     * @param tokenFile file whose first line is the bearer token; none is shown without one
     * @param caFile file of PEM certificates that are trusted instead of those that the JDK trusts
     */
    record Https(String host, int port, Optional<Path> tokenFile, Optional<Path> caFile) implements ApiTarget {
        @Override
        public Socket open() throws IOException {
            return TlsSocket.connect(host, port, caFile);
        }

        @Override
        public URIAuthority authority() {
            return new URIAuthority(host, port);
        }

        @Override
        public Optional<String> token() throws IOException {
            if (tokenFile.isEmpty()) {
                return Optional.empty();
            }
            Path file = tokenFile.get();
            try {
                return Files.readString(file, StandardCharsets.UTF_8)
                        .lines()
                        .map(String::strip)
                        .filter(line -> !line.isEmpty())
                        .findFirst();
            } catch (IOException e) {
                throw UnreachableException.ofFile("The token in " + file + " cannot be read: " + e, e);
            }
        }

        @Override
        public String toString() {
            return "https://" + authority();
        }
    }

    /** Connects to it. */
    Socket open() throws IOException;

    /** What a request names as its host. */
    URIAuthority authority();

    /** The token that it wants; read anew each time, because it may change. */
    Optional<String> token() throws IOException;

    /**
     * One as people write it: {@code unix:PATH} or {@code https://HOST:PORT}.
     *
     * @throws IllegalArgumentException if it is neither, with what it must be
     */
    static ApiTarget parse(String text, Optional<Path> tokenFile, Optional<Path> caFile) {
        if (text.startsWith("unix:") && text.length() > "unix:".length()) {
            return new Unix(Path.of(text.substring("unix:".length())));
        }
        try {
            URI uri = new URI(text);
            if ("https".equals(uri.getScheme()) && uri.getHost() != null && isBare(uri)) {
                String host = uri.getHost().replaceAll("[\\[\\]]", "");
                int port = uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort();
                if (port > 0 && port <= 0xffff) {
                    return new Https(host, port, tokenFile, caFile);
                }
            }
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(wrong(text), e);
        }
        throw new IllegalArgumentException(wrong(text));
    }

    private static boolean isBare(URI uri) {
        boolean hasNoPath = uri.getPath().isEmpty() || uri.getPath().equals("/");
        return hasNoPath && uri.getQuery() == null && uri.getFragment() == null && uri.getUserInfo() == null;
    }

    private static String wrong(String text) {
        return "'" + text + "' is no daemon: write unix:PATH or https://HOST:PORT";
    }

    /** The socket of a user's own daemon if there is one, else the system's. */
    static Path defaultSocket(Map<String, String> environment) {
        String runtime = environment.getOrDefault("XDG_RUNTIME_DIR", "");
        Path own = Path.of(runtime, "nacre", "nacred.sock");
        return !runtime.isEmpty() && Files.exists(own) ? own : SYSTEM_SOCKET;
    }
}
