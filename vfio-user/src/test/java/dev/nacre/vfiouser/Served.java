package dev.nacre.vfiouser;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.linux.UnixSocket;
import dev.nacre.pci.Migratable;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/** A fake function, its server, and a raw client at the other end of a socket pair. */
final class Served implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    final FakeFunction function;
    final RawClient client;
    final List<String> warnings = new CopyOnWriteArrayList<>();
    final List<ConnectionCounts> ended = new CopyOnWriteArrayList<>();
    final List<ClientInfo> connected = new CopyOnWriteArrayList<>();
    private final VfioUserServer server;

    private Served(FakeFunction served, UnaryOperator<VfioUserServer.Builder> options) {
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
        server = options.apply(builder).build();
        server.start();
    }

    /** A client that has not yet said anything. */
    static Served silent() {
        return new Served(new FakeFunction(), builder -> builder);
    }

    /** A client of a device that can migrate, which has not yet said anything. */
    static Served silent(Migratable migration) {
        return new Served(new FakeFunction(migration), builder -> builder);
    }

    /** A silent client of this function, and of a server with options. */
    static Served silent(FakeFunction function, UnaryOperator<VfioUserServer.Builder> options) {
        return new Served(function, options);
    }

    /** A client of this function that takes 16 descriptors per message. */
    static Served negotiated(FakeFunction function) {
        Served served = new Served(function, builder -> builder);
        byte[] version = Bytes.of()
                .u16(0)
                .u16(0)
                .text("{\"capabilities\":{\"max_msg_fds\":16}}\0")
                .get();
        assertThat(served.client.call(RawClient.VERSION, version).errno()).isZero();
        return served;
    }

    /** A client that has agreed on a version, and offered nothing. */
    static Served negotiated() {
        return negotiated(builder -> builder);
    }

    /** The same, of a server with other options. */
    static Served negotiated(UnaryOperator<VfioUserServer.Builder> options) {
        return negotiated(new Served(new FakeFunction(), options), "");
    }

    /** A client of a device that can migrate, which has agreed on a version. */
    static Served negotiated(Migratable migration) {
        return negotiated(silent(migration), "");
    }

    /**
     * A client of a device that can migrate, which has agreed on a version.
     *
     * @param maxDataBytes the most data bytes per message that it takes
     */
    static Served negotiated(Migratable migration, int maxDataBytes) {
        String json = "{\"capabilities\":{\"max_data_xfer_size\":" + maxDataBytes + "}}\0";
        return negotiated(silent(migration), json);
    }

    private static Served negotiated(Served served, String json) {
        byte[] version = Bytes.of().u16(0).u16(0).text(json).get();
        assertThat(served.client.call(RawClient.VERSION, version).errno()).isZero();
        served.function.calls.clear();
        return served;
    }

    /** A client that looks like the one of rust-vmm. */
    static Served negotiatedWithRustVmm() {
        Served served = silent();
        String json = "{\"capabilities\":{\"max_msg_fds\":1,\"max_data_xfer_size\":1048576,"
                + "\"migration\":{\"pgsize\":4096}}}\0";
        byte[] version = Bytes.of().u16(0).u16(1).text(json).get();
        assertThat(served.client.call(RawClient.VERSION, version).errno()).isZero();
        served.function.calls.clear();
        return served;
    }

    /** What the server has counted. */
    ServerStatistics statistics() {
        return server.statistics();
    }

    /** Leaves, and waits until the server has taken note of it. */
    ConnectionCounts leave() throws InterruptedException {
        client.close();
        assertThat(server.awaitEnd(PATIENCE)).isTrue();
        assertThat(ended).hasSize(1);
        return ended.getFirst();
    }

    /** Waits until the server has ended by itself, or by being closed. */
    void awaitEnd() throws InterruptedException {
        assertThat(server.awaitEnd(PATIENCE)).isTrue();
    }

    /** Ends the server, while the client is still there. */
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
