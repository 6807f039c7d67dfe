package dev.nacre.vfiouser;

import static dev.nacre.vfiouser.DmaPeer.RAM;
import static dev.nacre.vfiouser.DmaPeer.faultOf;
import static dev.nacre.vfiouser.RawClient.VERSION;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.linux.Errno;
import dev.nacre.linux.Fd;
import dev.nacre.linux.UnixSocket;
import dev.nacre.vfiouser.RawClient.Reply;
import dev.nacre.vfiouser.RawClient.Request;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The second socket, which VERSION agrees on. */
@ExtendWith(LeavesNothing.class)
class TwinSocketTest {
    private static final String OFFER = "\"twin_socket\":{\"supported\":true}";

    private static Reply negotiate(Served served, int minor, String capabilities, List<Fd> passed) {
        String json = "{\"capabilities\":{" + capabilities + "}}\0";
        return served.client.callTaking(
                passed, VERSION, Bytes.of().u16(0).u16(minor).text(json).get());
    }

    private static String json(Reply reply) {
        return new String(reply.body(), 4, reply.body().length - 4, StandardCharsets.UTF_8);
    }

    @Test
    void offerIsTakenWithOneDescriptorOfIndexZero() {
        List<Fd> passed = new ArrayList<>();
        try (Served served = Served.silent(new FakeFunction(), builder -> builder.messageDma(true))) {
            Reply reply = negotiate(served, 0, OFFER, passed);

            assertThat(json(reply)).contains("\"twin_socket\":{\"supported\":true,\"fd_index\":0}");
            assertThat(passed).hasSize(1);
        }
        passed.forEach(Fd::close);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "true|0|\"max_msg_fds\":16",
                "true|0|\"twin_socket\":{\"supported\":false}",
                "true|0|\"twin_socket\":{}",
                "true|0|\"twin_socket\":{\"supported\":true},\"max_msg_fds\":0",
                "false|0|\"twin_socket\":{\"supported\":true}",
            })
    void otherwiseThereIsNone(boolean messageDma, int minor, String capabilities) {
        List<Fd> passed = new ArrayList<>();
        try (Served served = Served.silent(new FakeFunction(), builder -> builder.messageDma(messageDma))) {
            Reply reply = negotiate(served, minor, capabilities, passed);

            assertThat(reply.errno()).isZero();
            assertThat(json(reply)).doesNotContain("twin_socket");
            assertThat(passed).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"twin_socket\":{\"supported\":1}",
                "\"twin_socket\":{\"supported\":\"yes\"}",
                "\"twin_socket\":{\"fd_index\":-1}",
                "\"twin_socket\":[]"
            })
    void malformedOfferIsRefused(String capabilities) {
        try (Served served = Served.silent(new FakeFunction(), builder -> builder.messageDma(true))) {
            assertThat(negotiate(served, 0, capabilities, new ArrayList<>()).errno())
                    .isEqualTo(RawClient.EINVAL);
        }
    }

    @Test
    void messagesComeThereAndNotOnTheFirstSocket() throws Exception {
        try (DmaPeer peer = DmaPeer.withMemory(true, 4096)) {
            CompletableFuture<byte[]> read = peer.read(RAM, 4);
            Request request = peer.dma().receiveRequest();
            peer.main.assertUsable();
            peer.give(request, Bytes.of().u32(1).get());

            assertThat(read.get(20, TimeUnit.SECONDS))
                    .isEqualTo(Bytes.of().u32(1).get());
        }
    }

    @Test
    void twinThatIsClosedFaultsTransfersAndLeavesTheConnection() throws Exception {
        try (DmaPeer peer = DmaPeer.withMemory(true, 4096)) {
            CompletableFuture<byte[]> waiting = peer.read(RAM, 4);
            peer.dma().receiveRequest();
            peer.dma().hangUp();

            assertThat(faultOf(waiting).errno()).isEqualTo(Errno.ECONNRESET.number());
            assertThat(faultOf(peer.read(RAM, 4)).errno()).isEqualTo(Errno.ECONNRESET.number());
            peer.main.assertUsable();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void whateverElseComesThereEndsIt(int type) throws Exception {
        try (DmaPeer peer = DmaPeer.withMemory(true, 4096)) {
            CompletableFuture<byte[]> waiting = peer.read(RAM, 4);
            Request request = peer.dma().receiveRequest();
            peer.dma().send(Bytes.message(request.id() + 1, RawClient.GET_INFO, type, new byte[16]));

            assertThat(faultOf(waiting).errno()).isEqualTo(Errno.ECONNRESET.number());
            peer.main.assertUsable();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"twin_socket\":{\"supported\":true}",
                "\"twin_socket\":{\"supported\":true,\"fd_index\":1}",
                "\"twin_socket\":{\"supported\":true,\"fd_index\":1000}"
            })
    void clientLeavesAServerWithoutTheDescriptor(String capabilities) throws Exception {
        UnixSocket.Pair pair = UnixSocket.pair();
        UnixSocket.Pair other = UnixSocket.pair();
        long before = OpenFds.count();
        try (RawClient server = new RawClient(pair.second())) {
            CompletableFuture<Integer> failure = CompletableFuture.supplyAsync(() -> errnoOf(pair.first()));
            Request version = server.receiveRequest();
            byte[] answer = Bytes.of()
                    .u32(0)
                    .text("{\"capabilities\":{" + capabilities + "}}\0")
                    .get();
            server.answer(version, answer, other.first());

            assertThat(failure.get(20, TimeUnit.SECONDS)).isEqualTo(Errno.EPROTO.number());
            server.awaitEnd();
        }
        assertThat(OpenFds.count()).isEqualTo(before - 2);
        other.first().close();
        other.second().close();
    }

    @Test
    void twinThatWasNotOfferedMeansNothing() throws Exception {
        UnixSocket.Pair pair = UnixSocket.pair();
        try (RawClient server = new RawClient(pair.second())) {
            CompletableFuture<VfioUserClient> connected =
                    CompletableFuture.supplyAsync(() -> VfioUserClient.over(pair.first()));
            server.answer(
                    server.receiveRequest(),
                    Bytes.of()
                            .u32(0)
                            .text("{\"capabilities\":{\"twin_socket\":{\"supported\":true}}}\0")
                            .get());

            try (VfioUserClient client = connected.get(20, TimeUnit.SECONDS)) {
                assertThat(client.hasTwinSocket()).isFalse();
            }
        }
    }

    private static int errnoOf(Fd connected) {
        try {
            VfioUserClient.over(connected, ClientOptions.DEFAULT.withTwinSocket(true))
                    .close();
            return 0;
        } catch (VfioUserException e) {
            return e.errno();
        }
    }
}
