package dev.nacre.daemon.api;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.AbstractConnector;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.websocket.core.WebSocketComponents;
import org.eclipse.jetty.websocket.core.server.WebSocketMappings;
import org.eclipse.jetty.websocket.core.server.WebSocketServerComponents;

/**
 * The HTTP API. It is reachable from {@link #start} to {@link #close}, on a UNIX socket, and on TCP only if that was asked
 * for. Each request has a virtual thread; what the service does has platform threads.
 */
public final class ApiServer implements AutoCloseable {
    /** Connections to each listener at a time; more wait to be accepted. */
    private static final int MAX_CONNECTIONS = 512;

    private static final int MAX_HEADER_BYTES = 16 << 10;
    static final int MAX_EVENT_STREAMS = 64;
    private static final int MAX_VIEWERS = 64;

    // TIMEOUT: how long a connection may stand still in the middle of something.
    private static final long IDLE_MS = 30_000;

    // TIMEOUT: requests that are being answered may end; then the daemon has other things to stop.
    private static final long STOP_MS = 5_000;

    private final Server server;
    private final Workers workers;
    private final Streams eventStreams = new Streams(MAX_EVENT_STREAMS);
    private final Consoles consoles;
    private final ConnectionWatch watch;
    private final UnixListener unix;
    private final Optional<TcpListener> tcp;
    private final RouteTable routes;

    /**
     * Makes it; nobody can reach it yet.
     *
     * @param options where it listens
     * @param parts what it shows; they stay the caller's
     * @throws ApiException if it cannot listen so
     */
    public ApiServer(ApiOptions options, ApiParts parts) {
        this(options, parts, new ConnectionWatch(), new Workers());
    }

    /** With a watch and workers of one's own; the workers become its. */
    ApiServer(ApiOptions options, ApiParts parts, ConnectionWatch watch, Workers workers) {
        this.watch = watch;
        this.workers = workers;
        this.server = new Server(threads());
        this.consoles = new Consoles(parts.screens());
        HttpConnectionFactory http = new HttpConnectionFactory(http());
        this.tcp = options.tcp().map(it -> new TcpListener(server, http, it));
        this.unix = new UnixListener(server, http, options.unix());
        add(unix.connector());
        tcp.ifPresent(listener -> add(listener.connector()));
        this.routes = new RouteTable(List.of(
                new ServiceRoutes(parts, workers),
                new BoardRoutes(parts.service(), workers),
                new VgpuRoutes(parts.service(), workers),
                new FaultRoutes(parts.service(), workers),
                new ScreenRoutes(
                        parts.service(),
                        workers,
                        consoles,
                        new Streams(MAX_VIEWERS),
                        new WebSocketMappings(webSockets())),
                new EventRoutes(parts.service().events(), eventStreams),
                new PageRoutes()));
        server.setHandler(new ApiHandler(routes, this::guard, watch, parts.meter()));
        server.setErrorHandler(new ProblemErrorHandler());
        server.setStopTimeout(STOP_MS);
    }

    private static QueuedThreadPool threads() {
        // For those that select and accept; requests have virtual ones.
        QueuedThreadPool threads = new QueuedThreadPool(16, 4);
        threads.setName("nacre-api");
        threads.setDaemon(true);
        threads.setVirtualThreadsExecutor(Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("nacre-api-request-", 0).factory()));
        return threads;
    }

    private static HttpConfiguration http() {
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setSendDateHeader(true);
        http.setRequestHeaderSize(MAX_HEADER_BYTES);
        http.setUriCompliance(UriCompliance.DEFAULT);
        http.setIdleTimeout(IDLE_MS);
        http.addCustomizer(new SecureRequestCustomizer(false));
        return http;
    }

    private WebSocketComponents webSockets() {
        return WebSocketServerComponents.ensureWebSocketComponents(server);
    }

    private void add(AbstractConnector connector) {
        connector.setIdleTimeout(IDLE_MS);
        connector.addEventListener(watch);
        connector.addBean(new NetworkConnectionLimit(MAX_CONNECTIONS, connector));
        server.addConnector(connector);
    }

    private Guard guard(Connector connector) {
        return connector.equals(unix.connector())
                ? Guard.NONE
                : tcp.map(TcpListener::guard).orElseThrow(() -> new IllegalStateException("No such listener"));
    }

    /**
     * Begins to listen. The UNIX socket appears last, when everything answers.
     *
     * @throws ApiException if it cannot; nothing listens then
     */
    public void start() {
        try {
            server.start();
            watch.start(server.getScheduler());
            tcp.ifPresent(listener -> listener.watch(server.getScheduler()));
            unix.publish();
        } catch (ApiException e) {
            close();
            throw e;
        } catch (Exception e) {
            close();
            throw new ApiException(
                    (e instanceof IOException ? "The API cannot listen: " : "The API cannot start: ") + e.getMessage(),
                    e);
        }
    }

    /** Where it listens on TCP; empty if it does not. */
    public Optional<InetSocketAddress> tcpAddress() {
        return tcp.map(TcpListener::address);
    }

    /** Reads the files of the TCP listener again if they have changed; it does so by itself within some seconds. */
    void refresh() {
        tcp.ifPresent(TcpListener::refresh);
    }

    /** All routes, as methods and paths of {@code openapi.yaml}. */
    RouteTable routes() {
        return routes;
    }

    /** Ends all connections and removes the socket. Idempotent. */
    @Override
    public void close() {
        unix.remove();
        eventStreams.close();
        consoles.close();
        workers.close();
        try {
            server.stop();
        } catch (Exception e) {
            throw new ApiException("The API did not stop: " + e.getMessage(), e);
        }
    }
}
