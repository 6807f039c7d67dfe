package dev.nacre.cli;

import dev.nacre.board.BoardConfig;
import dev.nacre.cli.client.ApiTarget;
import dev.nacre.daemon.Daemon;
import dev.nacre.daemon.config.ConfigReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/** A daemon with one board in this process, with a folder that goes with it. */
final class DemoDaemon implements AutoCloseable {
    private static final String BOARD = "gpu0";

    private final Path folder;
    private final Daemon daemon;
    private final Optional<String> page;

    private DemoDaemon(Path folder, Daemon daemon, Optional<String> page) {
        this.folder = folder;
        this.daemon = daemon;
        this.page = page;
    }

    /**
     * Starts it.
     *
     * @param board its board, with as many virtual functions as are wanted
     * @param core the implementation of the core that drives it
     * @param firmware folder with the distribution's firmware; empty for the synthetic one
     */
    static DemoDaemon start(BoardConfig board, String core, Optional<Path> firmware)
            throws IOException, InterruptedException {
        return start(true, config -> {
            line(config, "chip", board.chip().id());
            line(config, "fb", (board.fbBytes() >> 20) + "MiB");
            line(config, "core", core);
            firmware.ifPresent(files -> line(config, "firmware", files.toAbsolutePath()));
            config.append("virtual-functions = ").append(board.vfs()).append('\n');
        });
    }

    /**
     * Starts one whose board is there for programs of this host.
     *
     * @param driver the DRM driver's name
     */
    static DemoDaemon startForPrograms(String driver) throws IOException, InterruptedException {
        return start(false, config -> {
            line(config, "chip", "ad102");
            line(config, "client", "drm");
            line(config, "drm", driver);
        });
    }

    private static DemoDaemon start(boolean withPage, Consumer<StringBuilder> board)
            throws IOException, InterruptedException {
        // Short, because a socket's path has at most 107 bytes; for its owner only.
        Path folder = Files.createTempDirectory("nacre");
        try {
            StringBuilder config = new StringBuilder();
            line(config, "runtime", folder.resolve("run"));
            line(config, "state", folder.resolve("state"));
            config.append("[api]\n");
            line(config, "socket-mode", "0600");
            Optional<String> page = withPage ? page(folder, config) : Optional.empty();
            config.append("[[board]]\n");
            line(config, "name", BOARD);
            board.accept(config);
            Path file = folder.resolve("nacre.toml");
            OwnFiles.write(file, config.toString(), StandardCharsets.UTF_8);
            return new DemoDaemon(folder, new Daemon(ConfigReader.read(file)), page);
        } catch (IOException | RuntimeException e) {
            OwnFiles.remove(folder);
            throw e;
        }
    }

    /** Has it show its page; gives its address, empty if that is not possible here. */
    private static Optional<String> page(Path folder, StringBuilder config) throws IOException, InterruptedException {
        Path certificate = folder.resolve("certificate.pem");
        Path key = folder.resolve("key.pem");
        if (!DemoCertificate.make(folder, certificate, key)) {
            return Optional.empty();
        }
        Path token = folder.resolve("token");
        String word = DemoCertificate.word();
        OwnFiles.write(token, word + "\n", StandardCharsets.US_ASCII);
        int port = freePort();
        config.append("[api.tcp]\n");
        line(config, "listen", "127.0.0.1:" + port);
        line(config, "certificate", certificate);
        line(config, "key", key);
        line(config, "token-file", token);
        return Optional.of("https://127.0.0.1:" + port + "/#token=" + word);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void line(StringBuilder config, String key, Object value) {
        String text = value.toString().replace("\\", "\\\\").replace("\"", "\\\"");
        config.append(key).append(" = \"").append(text).append("\"\n");
    }

    /** Where its token ({@code token}) and certificate ({@code certificate.pem}) are. */
    Path folder() {
        return folder;
    }

    /** Where it answers. */
    ApiTarget target() {
        return new ApiTarget.Unix(folder.resolve("run").resolve("nacred.sock"));
    }

    /** The address of its page, with the token in it; empty if this Java cannot make a certificate. */
    Optional<String> page() {
        return page;
    }

    @Override
    public void close() throws IOException {
        daemon.close();
        OwnFiles.remove(folder);
    }
}
