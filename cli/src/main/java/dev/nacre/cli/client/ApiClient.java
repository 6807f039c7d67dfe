package dev.nacre.cli.client;

import dev.nacre.daemon.api.json.ProblemJson;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.NoHttpResponseException;
import org.apache.hc.core5.http.impl.DefaultConnectionReuseStrategy;
import org.apache.hc.core5.http.impl.io.DefaultBHttpClientConnection;
import org.apache.hc.core5.http.impl.io.HttpRequestExecutor;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.apache.hc.core5.http.protocol.HttpProcessor;
import org.apache.hc.core5.http.protocol.HttpProcessorBuilder;
import org.apache.hc.core5.http.protocol.RequestConnControl;
import org.apache.hc.core5.http.protocol.RequestContent;
import org.apache.hc.core5.http.protocol.RequestTargetHost;
import org.apache.hc.core5.http.protocol.RequestUserAgent;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * Requests to one daemon, one after the other on a connection that is kept. For one thread at a time.
 *
 * <p>Every method throws {@link UnreachableException} if no daemon answers and {@link ProblemException} if it refuses.
 */
public final class ApiClient implements AutoCloseable {
    // TIMEOUT: creating, resetting and deleting a virtual GPU take seconds; the daemon itself gives up before this.
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** The largest answer: a picture of 7680x4320 that cannot be compressed. */
    private static final int MAX_ANSWER_BYTES = 160 << 20;

    private final ApiTarget target;
    private final Json json = new Json();
    private final HttpRequestExecutor executor = new HttpRequestExecutor();
    private final HttpProcessor processor;
    private @Nullable DefaultBHttpClientConnection connection;

    /** For a daemon; connects with the first request. */
    public ApiClient(ApiTarget target) {
        this.target = target;
        this.processor = HttpProcessorBuilder.create()
                .addAll(
                        RequestTargetHost.INSTANCE,
                        RequestContent.INSTANCE,
                        RequestConnControl.INSTANCE,
                        new RequestUserAgent("nacre"))
                .build();
    }

    /**
     * Has the JVM make ready what a client needs, a third of what a short command takes: for a thread of its own, while the
     * words of the command are read. Nothing is sent.
     */
    public static void prepare() {
        try (ApiClient client = new ApiClient(new ApiTarget.Unix(Path.of("/")));
                SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
                Selector selector = channel.provider().openSelector()) {
            client.request("GET", "/");
            // Even a UNIX socket of the JDK's asks for these when it is first read.
            boolean _ = selector.isOpen() && InetAddress.getLoopbackAddress().isLoopbackAddress();
        } catch (IOException e) {
            // Whoever really connects says what is wrong.
        }
    }

    /** Where it sends to. */
    public ApiTarget target() {
        return target;
    }

    /** For what answers say. */
    public Json json() {
        return json;
    }

    /** What is at a path, as text. */
    public String get(String path) throws IOException {
        return text(bytes(request("GET", path)));
    }

    /** What is at a path, as a record. */
    public <T> T get(Class<T> type, String path) throws IOException {
        return parsed(type, get(path));
    }

    /** What is at a path, as it is. */
    public byte[] bytes(String path) throws IOException {
        return bytes(request("GET", path));
    }

    /**
     * Does something; gives what it answers, which is empty if it has nothing to say.
     *
     * @param body a record
     */
    public String post(String path, Optional<Object> body) throws IOException {
        ClassicHttpRequest request = request("POST", path);
        body.ifPresent(it -> request.setEntity(new StringEntity(json.write(it), ContentType.APPLICATION_JSON)));
        return text(bytes(request));
    }

    /** Ends what is at a path. */
    public void delete(String path) throws IOException {
        bytes(request("DELETE", path));
    }

    /** An answer as a record. */
    public <T> T parsed(Class<T> type, String answer) throws IOException {
        try {
            return json.read(type, answer);
        } catch (IOException e) {
            throw unreachable(e);
        }
    }

    /**
     * The stream of events. It has this client's connection until it is closed.
     *
     * @param path with what to choose them by
     * @param after the last that was seen, or {@code 0} for all that the daemon keeps; empty for what comes from now on
     */
    public EventStream events(String path, Optional<String> after) throws IOException {
        ClassicHttpRequest request = request("GET", path);
        after.ifPresent(id -> request.setHeader("Last-Event-ID", id));
        ClassicHttpResponse response = exchange(request);
        requireOk(response);
        live().setSocketTimeout(Timeout.of(EventStream.PATIENCE));
        return new EventStream(response.getEntity().getContent(), json, this);
    }

    private ClassicHttpRequest request(String method, String path) throws IOException {
        ClassicHttpRequest request = new BasicClassicHttpRequest(method, path);
        request.setAuthority(target.authority());
        target.token().ifPresent(token -> request.setHeader(HttpHeaders.AUTHORIZATION, "Bearer " + token));
        return request;
    }

    private byte[] bytes(ClassicHttpRequest request) throws IOException {
        ClassicHttpResponse response = exchange(request);
        byte[] body = content(response);
        if (!DefaultConnectionReuseStrategy.INSTANCE.keepAlive(request, response, HttpCoreContext.create())) {
            close();
        }
        requireGood(response, body);
        return body;
    }

    private byte[] content(ClassicHttpResponse response) throws IOException {
        try {
            byte[] body = response.getEntity() == null
                    ? new byte[0]
                    : EntityUtils.toByteArray(response.getEntity(), MAX_ANSWER_BYTES);
            return body == null ? new byte[0] : body;
        } catch (IOException e) {
            close();
            throw unreachable(e);
        }
    }

    private void requireOk(ClassicHttpResponse response) throws IOException {
        if (response.getCode() != 200) {
            requireGood(response, content(response));
            throw unreachable(new IOException("it answers with status " + response.getCode()));
        }
    }

    private void requireGood(ClassicHttpResponse response, byte[] body) throws IOException {
        if (response.getCode() / 100 == 2) {
            return;
        }
        ProblemJson problem;
        try {
            problem = json.read(ProblemJson.class, text(body));
        } catch (IOException e) {
            throw unreachable(new IOException("it answers with status " + response.getCode() + " and no reason", e));
        }
        throw new ProblemException(problem);
    }

    /**
     * Sends a request; once more if the connection was kept and the daemon had closed it meanwhile. What changes something is
     * sent on a connection of its own, because nobody could say whether it was done.
     */
    private ClassicHttpResponse exchange(ClassicHttpRequest request) throws IOException {
        if (!request.getMethod().equals("GET")) {
            close();
        }
        boolean kept = connection != null;
        try {
            return send(request);
        } catch (NoHttpResponseException | SocketException e) {
            close();
            if (!kept) {
                throw unreachable(e);
            }
        } catch (IOException e) {
            close();
            throw unreachable(e);
        }
        try {
            return send(request);
        } catch (IOException e) {
            close();
            throw unreachable(e);
        }
    }

    private ClassicHttpResponse send(ClassicHttpRequest request) throws IOException {
        DefaultBHttpClientConnection live = live();
        live.setSocketTimeout(Timeout.of(PATIENCE));
        HttpCoreContext context = HttpCoreContext.create();
        try {
            executor.preProcess(request, processor, context);
            ClassicHttpResponse response = executor.execute(request, live, context);
            executor.postProcess(response, processor, context);
            return response;
        } catch (HttpException e) {
            throw new IOException("it does not speak HTTP: " + e.getMessage(), e);
        }
    }

    private DefaultBHttpClientConnection live() throws IOException {
        if (connection == null) {
            DefaultBHttpClientConnection made = new DefaultBHttpClientConnection(null);
            made.bind(target.open());
            connection = made;
        }
        return connection;
    }

    /** What a failure means to a user. */
    UnreachableException unreachable(IOException e) {
        return e instanceof UnreachableException known ? known : new UnreachableException(reason(e), isForbidden(e), e);
    }

    private static String reason(IOException e) {
        return switch (e) {
            case SocketTimeoutException timeout -> "it does not answer";
            case InterruptedIOException interrupted -> "interrupted";
            case SSLException tls -> "TLS: " + tls.getMessage();
            case NoHttpResponseException gone -> "it closed the connection";
            default -> e.getMessage() == null ? e.toString() : e.getMessage();
        };
    }

    private static boolean isForbidden(IOException e) {
        return e instanceof AccessDeniedException
                || String.valueOf(e.getMessage()).contains("Permission denied");
    }

    private static String text(byte[] body) {
        return new String(body, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        if (connection != null) {
            connection.close(CloseMode.IMMEDIATE);
            connection = null;
        }
    }
}
