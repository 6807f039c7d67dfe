package dev.nacre.vfiouser;

import static dev.nacre.vfiouser.LyingServer.failureOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nacre.linux.Errno;
import dev.nacre.linux.EventFd;
import dev.nacre.linux.Fd;
import dev.nacre.linux.Memfd;
import dev.nacre.linux.UnixSocket;
import dev.nacre.pci.InterruptKind;
import dev.nacre.vfiouser.RawClient.Request;
import java.lang.foreign.Arena;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client makes of replies that no honest server sends. */
@ExtendWith(LeavesNothing.class)
class ClientRepliesTest {
    private static byte[] read(int count) {
        return Bytes.of().u64(0).u32(0, count).raw(new byte[count]).get();
    }

    @ParameterizedTest
    @CsvSource({"1, 9, 1", "0, 10, 1", "0, 9, 2", "0, 9, 0xf"})
    void replyOfAnotherIdCommandOrTypeEndsTheConnection(int id, int command, String flags) {
        try (LyingServer lying = LyingServer.connect()) {
            CompletableFuture<Integer> call = lying.call(client -> client.readInt(0, 0));
            Request request = lying.server.receiveRequest();
            lying.server.send(Bytes.message(request.id() + id, command, Integer.decode(flags), read(4)));

            assertThat(failureOf(call).errno()).isEqualTo(Errno.EPROTO.number());
            lying.server.awaitEnd();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3, 5, 4096})
    void replyOfAnotherSizeEndsTheConnection(int count) {
        try (LyingServer lying = LyingServer.connect()) {
            CompletableFuture<Integer> call = lying.call(client -> client.readInt(0, 0));
            lying.answer(read(count));

            assertThat(failureOf(call))
                    .hasMessage("REGION_READ failed: EPROTO (reply of " + (16 + count) + " bytes instead of 20)");
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 15, 1 << 21, 0xffff_ffffL})
    void impossibleSizeEndsTheConnection(long size) {
        try (LyingServer lying = LyingServer.connect()) {
            CompletableFuture<Integer> call = lying.call(client -> client.readInt(0, 0));
            Request request = lying.server.receiveRequest();
            lying.server.send(
                    Bytes.header(request.id(), request.command(), size, 1).get());

            assertThat(failureOf(call)).hasMessageContaining("impossible message size");
        }
    }

    @Test
    void truncatedReplyIsAServerThatHasGone() {
        try (LyingServer lying = LyingServer.connect()) {
            CompletableFuture<Integer> call = lying.call(client -> client.readInt(0, 0));
            Request request = lying.server.receiveRequest();
            byte[] reply = Bytes.message(request.id(), request.command(), 1, read(4));
            lying.server.send(Arrays.copyOf(reply, 30));
            lying.server.hangUp();

            assertThat(failureOf(call).errno()).isEqualTo(Errno.ECONNRESET.number());
        }
    }

    @Test
    void errorReplyLeavesTheConnectionUsable() {
        try (LyingServer lying = LyingServer.connect()) {
            CompletableFuture<Integer> refused = lying.call(client -> client.readInt(0, 0));
            lying.server.refuse(lying.server.receiveRequest(), 9999);
            VfioUserException failure = failureOf(refused);
            CompletableFuture<Integer> good = lying.call(client -> client.readInt(0, 0));
            lying.answer(read(4));

            assertThat(failure.errno()).isEqualTo(9999);
            assertThat(failure).hasMessageContaining("the server refused");
            assertThat(good.join()).isZero();
        }
    }

    @Test
    void serverThatNeverAnswersIsLeft() {
        ClientOptions options = ClientOptions.DEFAULT.withPatience(Duration.ofMillis(20));
        UnixSocket.Pair pair = UnixSocket.pair();
        try (RawClient server = new RawClient(pair.second())) {
            VfioUserException failure = failureOf(LyingServer.connecting(pair.first(), options));

            assertThat(failure.errno()).isEqualTo(Errno.ETIMEDOUT.number());
            assertThat(failure).hasMessageContaining("VERSION").hasMessageContaining("20 ms");
            server.receiveRequest();
            server.awaitEnd();
        }
    }

    @Test
    void serverThatAsksForEverInsteadOfAnsweringIsLeft() {
        ClientOptions options = ClientOptions.DEFAULT.withPatience(Duration.ofSeconds(3));
        try (LyingServer lying = LyingServer.connect(options, "")) {
            CompletableFuture<Integer> call = lying.call(client -> client.readInt(0, 0));
            lying.server.receiveRequest();
            byte[] ask = Bytes.message(
                    1,
                    RawClient.DMA_READ,
                    RawClient.NO_REPLY,
                    Bytes.of().u64(0).u64(4).get());
            while (!call.isDone()) {
                lying.server.sendToWhomever(ask);
            }

            assertThat(failureOf(call).errno()).isEqualTo(Errno.ETIMEDOUT.number());
        }
    }

    @Test
    void closingEndsACallThatWaits() {
        try (LyingServer lying = LyingServer.connect()) {
            CompletableFuture<Integer> call = lying.call(client -> client.readInt(0, 0));
            lying.server.receiveRequest();

            lying.client.close();

            assertThat(failureOf(call).errno()).isEqualTo(Errno.ECONNRESET.number());
            assertThatThrownBy(lying.client::describe).hasMessageContaining("the client is closed");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"max_msg_fds\":-1",
                "\"max_data_xfer_size\":0",
                "\"max_data_xfer_size\":\"x\"",
                "\"pgsizes\":1",
                "\"twin_socket\":7"
            })
    void senselessCapabilitiesAreRefused(String capabilities) {
        UnixSocket.Pair pair = UnixSocket.pair();
        try (RawClient server = new RawClient(pair.second())) {
            CompletableFuture<VfioUserClient> call = LyingServer.connecting(pair.first(), LyingServer.patient());
            String json = "{\"capabilities\":{" + capabilities + "}}\0";
            server.answer(server.receiveRequest(), Bytes.of().u32(0).text(json).get());

            assertThat(failureOf(call).errno()).isEqualTo(Errno.EPROTO.number());
        }
    }

    @Test
    void limitsOfTheServerAreKept() {
        String capabilities = "\"max_msg_fds\":2,\"max_data_xfer_size\":100";
        try (LyingServer lying = LyingServer.connect(LyingServer.patient(), capabilities);
                Arena arena = Arena.ofShared()) {
            CompletableFuture<Void> write = lying.run(client -> client.write(0, 0, arena.allocate(250), 0, 250));
            int[] sizes = new int[3];
            for (int i = 0; i < 3; i++) {
                Request request = lying.server.receiveRequest();
                sizes[i] = request.body().length - 16;
                lying.server.answer(request, Arrays.copyOf(request.body(), 16));
            }
            write.join();
            assertThat(sizes).containsExactly(100, 100, 50);
            assertThat(lying.client.maxDataBytes()).isEqualTo(100);
        }
    }

    @Test
    void eventfdsAreSentInBatchesThatTheServerTakes() {
        try (LyingServer lying = LyingServer.connect(LyingServer.patient(), "\"max_msg_fds\":2");
                EventFd event = EventFd.create()) {
            CompletableFuture<Void> bind =
                    lying.run(client -> client.bindInterrupts(InterruptKind.MSI, 5, List.of(event, event, event)));

            assertThat(lying.answerTakingFds())
                    .isEqualTo(Bytes.of().u32(20, 0x24, 1, 5, 2).get());
            assertThat(lying.answerTakingFds())
                    .isEqualTo(Bytes.of().u32(20, 0x24, 1, 7, 1).get());
            bind.join();
        }
    }

    @Test
    void serverThatTakesNoDescriptorsGetsNone() {
        try (LyingServer lying = LyingServer.connect(LyingServer.patient(), "\"max_msg_fds\":0");
                EventFd event = EventFd.create()) {
            assertThatThrownBy(() -> lying.client.bindInterrupts(InterruptKind.MSI, 0, List.of(event)))
                    .isInstanceOf(VfioUserException.class)
                    .hasMessageContaining("takes no descriptors");
        }
    }

    @Test
    void descriptorsThatComeUnaskedAreClosed() throws Exception {
        try (LyingServer lying = LyingServer.connect();
                Fd file = Memfd.ofFixedSize("unasked", 4096)) {
            long before = OpenFds.count();
            for (int i = 0; i < 20; i++) {
                CompletableFuture<Integer> call = lying.call(client -> client.readInt(0, 0));
                lying.answer(read(4), file);
                assertThat(call.join()).isZero();
            }

            // Those of the last reply are closed with the next one.
            assertThat(OpenFds.count()).isLessThanOrEqualTo(before + 1);
        }
    }
}
