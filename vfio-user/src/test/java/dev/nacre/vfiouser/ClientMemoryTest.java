package dev.nacre.vfiouser;

import static dev.nacre.vfiouser.RawClient.DMA_READ;
import static dev.nacre.vfiouser.RawClient.DMA_WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.nacre.linux.Errno;
import dev.nacre.linux.UnixSocket;
import dev.nacre.pci.DmaFault;
import dev.nacre.pci.GuestMemory;
import dev.nacre.pci.RemoteMemory;
import dev.nacre.vfiouser.RawClient.Reply;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Memory of a client's that the server asks for: our client and our server, and our client alone. */
@ExtendWith(LeavesNothing.class)
class ClientMemoryTest {
    private static final long RAM = 0x2_0000_0000L;

    /** A server that asks for memory, and a client that answers. */
    private static final class Pair implements AutoCloseable {
        final FakeFunction function = new FakeFunction();
        final VfioUserServer server;
        final VfioUserClient client;
        final Arena arena = Arena.ofShared();
        final MemorySegment ram = arena.allocate(1 << 20);

        Pair(boolean twin, int maxDataBytes) {
            UnixSocket.Pair sockets = UnixSocket.pair();
            server = VfioUserServer.builder(function)
                    .connectedFd(sockets.second())
                    .messageDma(true)
                    .build();
            server.start();
            ClientOptions options = LyingServer.patient().withTwinSocket(twin).withMaxDataBytes(maxDataBytes);
            client = VfioUserClient.over(sockets.first(), options);
        }

        static void thread(Runnable work) {
            Thread.ofPlatform().daemon().start(work);
        }

        GuestMemory memory() {
            return function.memory();
        }

        @Override
        public void close() {
            client.close();
            server.close();
            function.close();
            arena.close();
        }
    }

    @ParameterizedTest
    @CsvSource({"false, 1048576", "true, 1048576", "false, 4096", "true, 4096"})
    void whatTheDeviceWritesItReadsBack(boolean twin, int maxDataBytes) {
        try (Pair pair = new Pair(twin, maxDataBytes)) {
            pair.client.mapByMessage(RAM, pair.ram, true);
            byte[] data = new byte[2 * 4096 + 42];
            new Random(1).nextBytes(data);
            byte[] back = new byte[data.length];

            pair.memory().write(RAM + 5, MemorySegment.ofArray(data), 0, data.length);
            pair.memory().read(RAM + 5, MemorySegment.ofArray(back), 0, back.length);

            assertThat(pair.client.hasTwinSocket()).isEqualTo(twin);
            assertThat(back).isEqualTo(data);
            assertThat(pair.ram.asSlice(5, data.length).toArray(ValueLayout.JAVA_BYTE))
                    .isEqualTo(data);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void clientAnswersWhileItWaitsForARegister(boolean twin) {
        try (Pair pair = new Pair(twin, 1 << 20)) {
            pair.client.mapByMessage(RAM, pair.ram, true);
            pair.function.onRead =
                    () -> pair.memory().writeInt(RAM, pair.memory().readInt(RAM) + 1);

            for (int i = 0; i < 50; i++) {
                pair.client.readInt(0, 0);
            }

            assertThat(pair.ram.get(ValueLayout.JAVA_INT, 0)).isEqualTo(50);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void deviceAndSeveralThreadsOfTheClientDoNotDisturbEachOther(boolean twin) {
        try (Pair pair = new Pair(twin, 1 << 20)) {
            pair.client.mapByMessage(RAM, pair.ram, true);
            CompletableFuture<?>[] all = new CompletableFuture<?>[4];
            for (int i = 0; i < 2; i++) {
                int offset = 8 * i;
                all[i] = CompletableFuture.runAsync(() -> count(pair, offset), Pair::thread);
                all[2 + i] = CompletableFuture.runAsync(
                        () -> {
                            for (int n = 0; n < 200; n++) {
                                pair.client.writeInt(0, offset, n);
                                assertThat(pair.client.readInt(0, offset)).isEqualTo(n);
                            }
                        },
                        Pair::thread);
            }
            CompletableFuture.allOf(all).join();

            assertThat(pair.ram.get(ValueLayout.JAVA_INT, 0)).isEqualTo(200);
            assertThat(pair.ram.get(ValueLayout.JAVA_INT, 8)).isEqualTo(200);
        }
    }

    private static void count(Pair pair, int offset) {
        for (int n = 0; n < 200; n++) {
            pair.memory().writeInt(RAM + offset, pair.memory().readInt(RAM + offset) + 1);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void callbackAnswersAndItsFaultKeepsItsErrno(boolean twin) {
        try (Pair pair = new Pair(twin, 1 << 20)) {
            pair.client.mapByMessage(
                    RAM,
                    4096,
                    new RemoteMemory() {
                        @Override
                        public void read(long iova, MemorySegment dst, long dstOffset, long length) {
                            dst.asSlice(dstOffset, length).fill((byte) (iova - RAM));
                        }

                        @Override
                        public void write(long iova, MemorySegment src, long srcOffset, long length) {
                            throw new DmaFault(iova, length, true, Errno.ENXIO.number());
                        }
                    },
                    true);

            assertThat(pair.memory().readInt(RAM + 1)).isEqualTo(0x01010101);
            assertThat(catchThrowableOfType(DmaFault.class, () -> pair.memory().writeInt(RAM, 1))
                            .errno())
                    .isEqualTo(Errno.ENXIO.number());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void unmappedMemoryIsNotReachedAnyMore(boolean twin) {
        try (Pair pair = new Pair(twin, 1 << 20)) {
            pair.client.mapByMessage(RAM, pair.ram, true);
            pair.memory().writeInt(RAM, 1);
            pair.client.unmap(RAM, pair.ram.byteSize());
            assertThatThrownBy(() -> pair.memory().readInt(RAM)).isInstanceOf(DmaFault.class);

            pair.client.mapByMessage(RAM, pair.ram, false);
            assertThat(pair.memory().readInt(RAM)).isEqualTo(1);
            assertThatThrownBy(() -> pair.memory().writeInt(RAM, 2)).isInstanceOf(DmaFault.class);
        }
    }

    @Test
    void mappingThatTheServerOrWeRefuseIsForgotten() {
        try (Pair pair = new Pair(false, 1 << 20)) {
            pair.client.mapUnreachable(RAM, 4096);
            assertThatThrownBy(() -> pair.client.mapByMessage(RAM, pair.ram, true))
                    .hasMessageContaining("EEXIST");
            pair.client.unmap(RAM, 4096);

            pair.client.mapByMessage(RAM, pair.ram, true);

            assertThatIllegalArgumentException().isThrownBy(() -> pair.client.mapByMessage(RAM, pair.ram, true));
            assertThat(pair.memory().readInt(RAM)).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void nothingIsLeftBehind(boolean twin) throws Exception {
        long before = OpenFds.count();
        for (int i = 0; i < 5; i++) {
            try (Pair pair = new Pair(twin, 1 << 20)) {
                pair.client.mapByMessage(RAM, pair.ram, true);
                pair.memory().writeInt(RAM, 1);
            }
        }

        assertThat(OpenFds.count()).isEqualTo(before);
    }

    /** Asks a client that has mapped a page for reading and writing and one for reading, while it waits for nothing. */
    private static Reply ask(int command, byte[] body) {
        try (LyingServer lying = LyingServer.connect(LyingServer.patient().withMaxDataBytes(4096), "");
                Arena arena = Arena.ofShared()) {
            CompletableFuture<Void> map = lying.run(client -> {
                client.mapByMessage(RAM, arena.allocate(4096), true);
                client.mapByMessage(RAM + 4096, arena.allocate(8192), false);
            });
            lying.answer(Bytes.none());
            lying.answer(Bytes.none());
            map.join();
            Reply reply = lying.server.call(command, body);
            // Let the client go before its memory does.
            lying.client.close();
            return reply;
        }
    }

    private static byte[] access(long address, long count, int data) {
        return Bytes.of().u64(address).u64(count).raw(new byte[data]).get();
    }

    @ParameterizedTest
    @CsvSource({
        "11, 0, 16, 0, 0",
        "11, 0, 0, 0, 0",
        "11, 4088, 16, 0, 0",
        "12, 0, 16, 16, 0",
        "12, 4088, 16, 16, 1",
        "12, 4096, 4, 4, 1",
        "11, 12286, 4, 0, 14",
        "11, -4, 4, 0, 14",
        "11, 0, 4097, 0, 7",
        "11, 0, -1, 0, 7",
        "12, 0, 16, 15, 22",
        "12, 0, 16, 17, 22",
        "11, 0, 16, 1, 22",
        "9, 0, 16, 0, 22",
        "999, 0, 16, 0, 22"
    })
    void eachRequestHasItsAnswer(int command, long offset, long count, int data, int errno) {
        Reply reply = ask(command, access(RAM + offset, count, data));

        assertThat(reply.errno()).isEqualTo(errno);
    }

    @Test
    void answersHaveTheirSize() {
        assertThat(ask(DMA_READ, access(RAM, 16, 0)).body()).isEqualTo(access(RAM, 16, 16));
        assertThat(ask(DMA_WRITE, access(RAM, 16, 16)).body()).isEqualTo(access(RAM, 16, 0));
    }

    @Test
    void shortRequestIsRefused() {
        assertThat(ask(DMA_WRITE, new byte[15]).errno()).isEqualTo(RawClient.EINVAL);
    }
}
