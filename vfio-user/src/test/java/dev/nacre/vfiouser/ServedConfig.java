package dev.nacre.vfiouser;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.linux.Fd;
import dev.nacre.linux.UnixSocket;
import dev.nacre.pci.PciFunction;
import dev.nacre.vfiouser.RawClient.Reply;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A function with a real configuration space, its server, and a raw client that calls it and expects no error. */
final class ServedConfig implements AutoCloseable {
    final ConfigFunction function = new ConfigFunction();
    final RawClient client;
    final List<String> warnings = new CopyOnWriteArrayList<>();
    private final VfioUserServer server;

    /**
     * Starts.
     *
     * @param minor that the client proposes
     * @param json that it offers, with its terminating zero; empty for none
     */
    ServedConfig(int minor, String json) {
        UnixSocket.Pair pair = UnixSocket.pair();
        client = new RawClient(pair.first());
        server = VfioUserServer.builder(function)
                .connectedFd(pair.second())
                .listener(new ServerListener() {
                    @Override
                    public void warning(String text) {
                        warnings.add(text);
                    }
                })
                .build();
        server.start();
        call(RawClient.VERSION, Bytes.of().u16(0).u16(minor).text(json).get());
        function.calls.clear();
    }

    Reply call(int command, byte[] body, Fd... fds) {
        Reply reply = client.call(command, body, fds);
        assertThat(reply.errno()).isZero();
        return reply;
    }

    byte[] read(int region, long offset, int count) {
        byte[] reply = call(
                        RawClient.REGION_READ,
                        Bytes.of().u64(offset).u32(region, count).get())
                .body();
        assertThat(reply).hasSize(16 + count);
        return Arrays.copyOfRange(reply, 16, reply.length);
    }

    void write(int region, long offset, int count, long value) {
        byte[] data = Arrays.copyOf(Bytes.of().u64(value).get(), count);
        byte[] request = Bytes.of().u64(offset).u32(region, count).get();
        byte[] reply = call(
                        RawClient.REGION_WRITE,
                        Bytes.of().raw(request).raw(data).get())
                .body();
        assertThat(reply).isEqualTo(request);
    }

    /** Reads up to four bytes of configuration space. */
    long config(int offset, int count) {
        byte[] bytes = Arrays.copyOf(read(PciFunction.CONFIG_REGION, offset, count), 8);
        return Bytes.little(bytes).getLong();
    }

    /** Writes up to four bytes of configuration space. */
    void config(int offset, int count, long value) {
        write(PciFunction.CONFIG_REGION, offset, count, value);
    }

    void setIrqs(int flags, int index, int start, int count, Fd... fds) {
        call(RawClient.SET_IRQS, Bytes.of().u32(20, flags, index, start, count).get(), fds);
    }

    @Override
    public void close() {
        client.close();
        server.close();
    }
}
