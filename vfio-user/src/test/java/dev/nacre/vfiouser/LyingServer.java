package dev.nacre.vfiouser;

import dev.nacre.linux.Fd;
import dev.nacre.linux.UnixSocket;
import dev.nacre.vfiouser.RawClient.Request;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;

/** A server that answers a client as a test says, and the client. */
final class LyingServer implements AutoCloseable {
    private static final Executor THREADS = call -> Thread.ofPlatform().daemon().start(call);

    final RawClient server;
    final VfioUserClient client;

    private LyingServer(RawClient server, VfioUserClient client) {
        this.server = server;
        this.client = client;
    }

    /** Connects a client of little patience, whose VERSION is answered with these capabilities. */
    static LyingServer connect(ClientOptions options, String capabilities) {
        UnixSocket.Pair pair = UnixSocket.pair();
        RawClient server = new RawClient(pair.second());
        CompletableFuture<VfioUserClient> client = connecting(pair.first(), options);
        String json = "{\"capabilities\":{" + capabilities + "}}\0";
        server.answer(server.receiveRequest(), Bytes.of().u32(0).text(json).get());
        return new LyingServer(server, client.join());
    }

    /** Connects a client that waits long. */
    static LyingServer connect() {
        return connect(patient(), "\"max_msg_fds\":16");
    }

    /** Options of a client that fails rather late than because the machine is busy. */
    static ClientOptions patient() {
        return ClientOptions.DEFAULT.withPatience(Duration.ofSeconds(60));
    }

    /** Makes a client on another thread. */
    static CompletableFuture<VfioUserClient> connecting(Fd socket, ClientOptions options) {
        return CompletableFuture.supplyAsync(() -> VfioUserClient.over(socket, options), THREADS);
    }

    /** Makes a call on another thread. */
    <T> CompletableFuture<T> call(Function<VfioUserClient, T> call) {
        return CompletableFuture.supplyAsync(() -> call.apply(client), THREADS);
    }

    /** Makes a call on another thread that returns nothing. */
    CompletableFuture<Void> run(Consumer<VfioUserClient> call) {
        return CompletableFuture.runAsync(() -> call.accept(client), THREADS);
    }

    /** The exception that a call ended with. */
    static VfioUserException failureOf(CompletableFuture<?> call) {
        try {
            Object result = call.get(60, TimeUnit.SECONDS);
            throw new AssertionError("The client believed the server: " + result);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof VfioUserException failure) {
                return failure;
            }
            throw new AssertionError("Another exception than the client's own", e.getCause());
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError("The client does not end", e);
        }
    }

    /** Answers the next command with these bytes. */
    Request answer(byte[] body, Fd... fds) {
        Request request = server.receiveRequest();
        server.answer(request, body, fds);
        return request;
    }

    /** Answers the next command with nothing, closes its descriptors, and returns its body. */
    byte[] answerTakingFds() {
        List<Fd> fds = new ArrayList<>();
        Request request = server.receiveRequestTaking(fds);
        fds.forEach(Fd::close);
        server.answer(request, Bytes.none());
        return request.body();
    }

    @Override
    public void close() {
        client.close();
        server.close();
    }
}
