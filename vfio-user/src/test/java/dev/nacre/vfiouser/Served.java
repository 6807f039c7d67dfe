package dev.nacre.vfiouser;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.linux.UnixSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** A fake function, its server, and a raw client at the other end of a socket pair. */
final class Served implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    final FakeFunction function;
    final RawClient client;
    final List<String> warnings = new CopyOnWriteArrayList<>();
    final List<ConnectionCounts> ended = new CopyOnWriteArrayList<>();
    final List<ClientInfo> connected = new CopyOnWriteArrayList<>();
    private final VfioUserServer server;

    private Served() {
        this(new FakeFunction(), builder -> {});
    }

    private Served(FakeFunction served, Consumer<VfioUserServer.Builder> options) {
        function = served;
        UnixSocket.Pair pair = UnixSocket.pair();
        client = new RawClient(pair.first());
        VfioUserServer.Builder builder = VfioUserServer.builder(function)
                .connectedFd(pair.second())
                .listener(new ServerListener() {
                    @Override
                    public void connected(ClientInfo info) {
                        connected.add(info);
                    }

                    @Override
                    public void disconnected(ConnectionCounts counts) {
                        ended.add(counts);
                    }

                    @Override
                    public void warning(String text) {
                        warnings.add(text);
                    }
                });
        options.accept(builder);
        server = builder.build();
        server.start();
    }

    /** A client that has not yet said anything. */
    static Served silent() {
        return new Served();
    }

    /** A silent client of this function, and of a server with options. */
    static Served silent(FakeFunction function, Consumer<VfioUserServer.Builder> options) {
        return new Served(function, options);
    }

    /** A client of this function that takes 16 descriptors per message. */
    static Served negotiated(FakeFunction function) {
        Served served = new Served(function, builder -> {});
        byte[] version = Bytes.of()
                .u16(0)
                .u16(0)
                .text("{\"capabilities\":{\"max_msg_fds\":16}}\0")
                .get();
        assertThat(served.client.call(RawClient.VERSION, version).errno()).isZero();
        return served;
    }

    /** A client that has agreed on a version, as QEMU does. */
    static Served negotiated() {
        Served served = new Served();
        byte[] version = Bytes.of().u16(0).u16(0).get();
        assertThat(served.client.call(RawClient.VERSION, version).errno()).isZero();
        served.function.calls.clear();
        return served;
    }

    /** A client that looks like the one of rust-vmm. */
    static Served negotiatedWithRustVmm() {
        Served served = new Served();
        String json = "{\"capabilities\":{\"max_msg_fds\":1,\"max_data_xfer_size\":1048576,"
                + "\"migration\":{\"pgsize\":4096}}}\0";
        byte[] version = Bytes.of().u16(0).u16(1).text(json).get();
        assertThat(served.client.call(RawClient.VERSION, version).errno()).isZero();
        served.function.calls.clear();
        return served;
    }

    /** Leaves, and waits until the server has taken note of it. */
    ConnectionCounts leave() throws InterruptedException {
        client.close();
        assertThat(server.awaitEnd(PATIENCE)).isTrue();
        assertThat(ended).hasSize(1);
        return ended.getFirst();
    }

    /** Ends the server, whatever it is doing. */
    void stop() {
        server.close();
    }

    @Override
    public void close() {
        client.close();
        server.close();
        function.close();
    }
}
