package dev.nacre.daemon.api;

import dev.nacre.linux.SocketOwner;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;

/** A server on a UNIX socket, with a service in memory. */
final class ApiFixture implements AutoCloseable {
    static final String CREATE = "{\"name\":\"desk1\",\"type\":\"L40-2Q\"}";
    static final SocketOwner UNCHANGED = new SocketOwner(SocketOwner.UNCHANGED, SocketOwner.UNCHANGED);

    final FakeService service;
    final ApiServer server;
    final Path socket;

    ApiFixture(Path folder) {
        this(folder, new FakeService());
    }

    ApiFixture(Path folder, FakeService service) {
        this(folder, service, Optional.empty(), new ConnectionWatch());
    }

    ApiFixture(Path folder, FakeService service, Optional<ApiOptions.Tcp> tcp, ConnectionWatch watch) {
        this(folder, service, tcp, watch, Optional::empty);
    }

    ApiFixture(
            Path folder,
            FakeService service,
            Optional<ApiOptions.Tcp> tcp,
            ConnectionWatch watch,
            Supplier<Optional<String>> unready) {
        this.service = service;
        this.socket = folder.resolve("api.sock");
        this.server = new ApiServer(
                new ApiOptions(new ApiOptions.Unix(socket, 0600, UNCHANGED), tcp),
                parts(service, unready),
                watch,
                new Workers());
        server.start();
    }

    static ApiParts parts(FakeService service, Supplier<Optional<String>> unready) {
        return new ApiParts(service, Optional.of(() -> "# TYPE nacre_vgpus gauge\n"), unready, "0.1.0");
    }

    HttpLine line() throws IOException {
        return HttpLine.to(socket);
    }

    /** Asks over a connection of its own. */
    HttpAnswer get(String path) throws IOException {
        try (HttpLine line = line()) {
            return line.get(path);
        }
    }

    /** Asks over a connection of its own. */
    HttpAnswer post(String path, String body) throws IOException {
        try (HttpLine line = line()) {
            return line.post(path, body);
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
