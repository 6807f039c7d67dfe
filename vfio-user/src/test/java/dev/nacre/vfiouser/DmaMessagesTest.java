package dev.nacre.vfiouser;

import static dev.nacre.vfiouser.DmaPeer.RAM;
import static dev.nacre.vfiouser.DmaPeer.RAM_SIZE;
import static dev.nacre.vfiouser.DmaPeer.faultOf;
import static dev.nacre.vfiouser.RawClient.DMA_READ;
import static dev.nacre.vfiouser.RawClient.DMA_UNMAP;
import static dev.nacre.vfiouser.RawClient.DMA_WRITE;
import static dev.nacre.vfiouser.RawClient.EINVAL;
import static dev.nacre.vfiouser.RawClient.GET_INFO;
import static dev.nacre.vfiouser.RawClient.REGION_READ;
import static dev.nacre.vfiouser.RawClient.REGION_WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nacre.linux.Errno;
import dev.nacre.linux.Fd;
import dev.nacre.linux.Memfd;
import dev.nacre.pci.DmaFault;
import dev.nacre.vfiouser.RawClient.Reply;
import dev.nacre.vfiouser.RawClient.Request;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** DMA_READ and DMA_WRITE, from the server to the client: on the client's only socket, and on a second one. */
@ExtendWith(LeavesNothing.class)
class DmaMessagesTest {
    private static final int MAX = 1 << 20;

    private static byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        new Random(count).nextBytes(bytes);
        return bytes;
    }

    private static byte[] access(long address, long count) {
        return Bytes.of().u64(address).u64(count).get();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void writeAndReadAreMessages(boolean twin) throws Exception {
        try (DmaPeer peer = DmaPeer.withMemory(twin, MAX)) {
            byte[] data = bytes(64);
            CompletableFuture<Void> write = peer.write(RAM + 8, data);
            Request written = peer.dma().receiveRequest();
            peer.take(written);
            write.get(20, TimeUnit.SECONDS);
            CompletableFuture<byte[]> read = peer.read(RAM + 8, 64);
            Request asked = peer.dma().receiveRequest();
            peer.give(asked, Arrays.copyOfRange(written.body(), 16, 80));

            assertThat(written.command()).isEqualTo(DMA_WRITE);
            assertThat(written.body())
                    .isEqualTo(Bytes.of().raw(access(RAM + 8, 64)).raw(data).get());
            assertThat(asked.command()).isEqualTo(DMA_READ);
            assertThat(asked.body()).isEqualTo(access(RAM + 8, 64));
            assertThat(read.get(20, TimeUnit.SECONDS)).isEqualTo(data);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void largeTransferIsSplitByTheClientsLimit(boolean twin) throws Exception {
        try (DmaPeer peer = DmaPeer.withMemory(twin, 4096)) {
            byte[] data = bytes(2 * 4096 + 42);
            CompletableFuture<Void> write = peer.write(RAM, data);
            long[] counts = new long[6];
            for (int i = 0; i < 3; i++) {
                Request part = peer.dma().receiveRequest();
                assertThat(Bytes.little(part.body()).getLong(0)).isEqualTo(RAM + 4096L * i);
                counts[i] = part.body().length - 16L;
                peer.take(part);
            }
            write.get(20, TimeUnit.SECONDS);
            CompletableFuture<byte[]> read = peer.read(RAM, data.length);
            for (int i = 0; i < 3; i++) {
                Request part = peer.dma().receiveRequest();
                counts[3 + i] = Bytes.little(part.body()).getLong(8);
                peer.give(part, Arrays.copyOfRange(data, 4096 * i, 4096 * i + (int) counts[3 + i]));
            }

            assertThat(counts).containsExactly(4096, 4096, 42, 4096, 4096, 42);
            assertThat(read.get(20, TimeUnit.SECONDS)).isEqualTo(data);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void errorReplyIsAFaultWithItsErrno(boolean twin) throws Exception {
        try (DmaPeer peer = DmaPeer.withMemory(twin, MAX)) {
            CompletableFuture<byte[]> read = peer.read(RAM, 4);
            peer.dma().refuse(peer.dma().receiveRequest(), Errno.ENODEV.number());
            DmaFault readFault = faultOf(read);
            CompletableFuture<Void> write = peer.write(RAM, bytes(4));
            peer.dma().refuse(peer.dma().receiveRequest(), 0);

            assertThat(readFault.errno()).isEqualTo(Errno.ENODEV.number());
            assertThat(readFault.isWrite()).isFalse();
            assertThat(readFault.iova()).isEqualTo(RAM);
            assertThat(faultOf(write).errno()).isEqualTo(Errno.EIO.number());
            peer.main.assertUsable();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "false, 1, 0, 4, 11",
        "true, 1, 0, 4, 11",
        "false, 0, 1, 4, 11",
        "true, 0, 1, 4, 11",
        "false, 0, 0, 3, 11",
        "true, 0, 0, 5, 11",
        "false, 0, 0, -16, 11",
        "true, 0, 0, 4, 12",
        "false, 0, 0, 4, 12"
    })
    void replyToSomethingElseIsAFault(boolean twin, long address, long count, int data, int command) throws Exception {
        try (DmaPeer peer = DmaPeer.withMemory(twin, MAX)) {
            CompletableFuture<byte[]> read = peer.read(RAM, 4);
            Request request = peer.dma().receiveRequest();
            byte[] body = Arrays.copyOf(access(RAM + address, 4 + count), 16 + data);
            peer.dma().send(Bytes.message(request.id(), command, 1, body));

            assertThat(faultOf(read).errno()).isEqualTo(Errno.EPROTO.number());
            peer.main.assertUsable();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatIsNotPermittedOrNotMappedIsRefusedWithoutAMessage(boolean twin) throws Exception {
        try (DmaPeer peer = DmaPeer.connect(twin, MAX)) {
            peer.map(RAM, 4096, 1);
            peer.map(RAM + 8192, 4096, 2);

            assertThat(faultOf(peer.write(RAM, bytes(4))).errno()).isZero();
            assertThat(faultOf(peer.read(RAM + 8192, 4)).errno()).isZero();
            assertThat(faultOf(peer.read(RAM + 4094, 4)).errno()).isZero();

            // A message would be found here instead of the reply.
            CompletableFuture<byte[]> read = peer.read(RAM, 4);
            Request first = peer.dma().receiveRequest();
            assertThat(first.body()).isEqualTo(access(RAM, 4));
            peer.give(first, bytes(4));
            read.get(20, TimeUnit.SECONDS);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void mappedRangeIsReachedWithoutAMessage(boolean twin) throws Exception {
        try (Fd file = Memfd.ofFixedSize("ram", 8192);
                DmaPeer peer = DmaPeer.withMemory(twin, MAX)) {
            peer.map(0, 8192, 3, file);

            peer.memory.writeInt(0x10, 5);

            assertThat(peer.memory.readInt(0x10)).isEqualTo(5);
            peer.main.assertUsable();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void registerAccessMayWaitForMemory(boolean twin) {
        try (DmaPeer peer = DmaPeer.withMemory(twin, MAX)) {
            int[] seen = new int[1];
            peer.served.function.onRead = () -> seen[0] = peer.memory.readInt(RAM + 4);

            peer.main.send(
                    Bytes.message(7, REGION_READ, 0, Bytes.of().u64(0).u32(0, 4).get()));
            peer.give(peer.dma().receiveRequest(), Bytes.of().u32(77).get());
            Reply reply = peer.main.receive();

            assertThat(reply.id()).isEqualTo(7);
            assertThat(reply.errno()).isZero();
            assertThat(seen[0]).isEqualTo(77);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void commandsThatComeBeforeTheReplyAreServedAfterwardsInOrder(boolean twin) throws Exception {
        try (Fd file = Memfd.ofFixedSize("ram", 8192);
                DmaPeer peer = DmaPeer.withMemory(twin, MAX)) {
            peer.served.function.onRead = () -> peer.memory.readInt(RAM);
            byte[] read = Bytes.of().u64(0).u32(0, 4).get();
            peer.main.send(Bytes.message(1, REGION_READ, 0, read));
            Request asked = peer.dma().receiveRequest();

            // With a second socket nobody looks at the first one meanwhile; more than it holds would block this peer.
            int size = twin ? 4096 : MAX;
            byte[] large = Bytes.of().u64(0).u32(1, size).raw(bytes(size)).get();
            peer.main.send(Bytes.message(2, REGION_WRITE, 0, large));
            byte[] map = Bytes.of().u32(32, 3).u64(0).u64(0x5000).u64(8192).get();
            peer.main.send(Bytes.message(3, RawClient.DMA_MAP, 0, map), file);
            peer.main.send(Bytes.header(4, GET_INFO, 15, 0).get());
            peer.main.send(
                    Bytes.message(5, GET_INFO, 0, Bytes.of().u32(16, 0, 0, 0).get()));
            peer.give(asked, bytes(4));

            for (int id = 1; id <= 5; id++) {
                Reply reply = peer.main.receive();
                assertThat(reply.id()).isEqualTo(id);
                assertThat(reply.errno()).isEqualTo(id == 4 ? EINVAL : 0);
            }
            assertThat(peer.served.function.contents(1).asSlice(0, size).toArray(ValueLayout.JAVA_BYTE))
                    .isEqualTo(bytes(size));
            assertThat(peer.memory.isMapped(0x5000, 8192, true)).isTrue();
        }
    }

    @Test
    void moreCommandsThanAreKeptAreServedToo() {
        try (DmaPeer peer = DmaPeer.withMemory(false, MAX)) {
            byte[] write = Bytes.of().u64(0x20).u32(0, 4).u32(1).get();
            for (int i = 0; i < 5000; i++) {
                peer.main.post(REGION_WRITE, write);
            }
            peer.main.assertUsable();
        }
    }

    @Test
    void moreDescriptorsThanAreKeptAreServedToo() throws Exception {
        try (DmaPeer peer = DmaPeer.withMemory(false, MAX);
                Fd file = Memfd.ofFixedSize("ram", 8192)) {
            Fd[] many = new Fd[16];
            Arrays.fill(many, file);
            long before = OpenFds.count();
            for (int i = 0; i < 100; i++) {
                peer.main.post(GET_INFO, Bytes.of().u32(16, 0, 0, 0).get(), many);
            }
            peer.main.assertUsable();

            assertThat(OpenFds.count()).isEqualTo(before);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void devicesThreadGetsItsReplyWhileTheConnectionWaitsForThatThread(boolean twin) {
        try (DmaPeer peer = DmaPeer.withMemory(twin, MAX)) {
            peer.served.function.onRead = () -> peer.read(RAM, 4).join();

            peer.main.send(
                    Bytes.message(7, REGION_READ, 0, Bytes.of().u64(0).u32(0, 4).get()));
            peer.give(peer.dma().receiveRequest(), bytes(4));

            assertThat(peer.main.receive().errno()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void repliesMayComeInAnyOrder(boolean twin) throws Exception {
        try (DmaPeer peer = DmaPeer.withMemory(twin, MAX)) {
            CompletableFuture<byte[]> one = peer.read(RAM, 4);
            Request first = peer.dma().receiveRequest();
            CompletableFuture<byte[]> two = peer.read(RAM + 0x100, 4);
            Request second = peer.dma().receiveRequest();
            peer.give(second, Bytes.of().u32(2).get());
            peer.give(first, Bytes.of().u32(1).get());

            assertThat(one.get(20, TimeUnit.SECONDS))
                    .isEqualTo(Bytes.of().u32(1).get());
            assertThat(two.get(20, TimeUnit.SECONDS))
                    .isEqualTo(Bytes.of().u32(2).get());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void unmappingEndsTransfersThatWaitAndTheirRepliesAreForgotten(boolean twin) throws Exception {
        try (DmaPeer peer = DmaPeer.withMemory(twin, MAX)) {
            CompletableFuture<byte[]> read = peer.read(RAM, 4);
            Request request = peer.dma().receiveRequest();

            Reply unmapped = peer.main.call(DMA_UNMAP, peer.unmapRequest(RAM, RAM_SIZE));
            DmaFault fault = faultOf(read);
            peer.give(request, bytes(4));

            assertThat(unmapped.errno()).isZero();
            assertThat(fault.errno()).isEqualTo(Errno.ECANCELED.number());
            peer.main.assertUsable();
            assertThatThrownBy(() -> peer.memory.readInt(RAM)).isInstanceOf(DmaFault.class);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void unmappingAllEndsTransfersToo(boolean twin) throws Exception {
        try (DmaPeer peer = DmaPeer.withMemory(twin, MAX)) {
            CompletableFuture<byte[]> read = peer.read(RAM, 4);
            peer.dma().receiveRequest();

            byte[] all = Bytes.of().u32(24, 2).u64(0).u64(0).get();
            assertThat(peer.main.call(DMA_UNMAP, all).errno()).isZero();

            assertThat(faultOf(read).errno()).isEqualTo(Errno.ECANCELED.number());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void peerThatLeavesInTheMiddleIsAFault(boolean twin) throws Exception {
        try (DmaPeer peer = DmaPeer.withMemory(twin, MAX)) {
            CompletableFuture<byte[]> read = peer.read(RAM, 4);
            Request request = peer.dma().receiveRequest();
            byte[] reply = Bytes.message(
                    request.id(),
                    DMA_READ,
                    1,
                    Bytes.of().raw(request.body()).u32(1).get());
            peer.dma().send(Arrays.copyOf(reply, 30));

            peer.dma().hangUp();

            assertThat(faultOf(read).errno()).isEqualTo(Errno.ECONNRESET.number());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void peerThatNeverAnswersIsAFaultAndTheEnd(boolean twin) throws Exception {
        try (DmaPeer peer = DmaPeer.withMemory(twin, MAX)) {
            CompletableFuture<byte[]> read = peer.read(RAM, 4);
            peer.dma().receiveRequest();

            assertThat(faultOf(read).errno()).isEqualTo(Errno.ETIMEDOUT.number());
            peer.main.awaitEnd();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void peerThatReadsNothingIsAFaultAndTheEnd(boolean twin) throws Exception {
        try (DmaPeer peer = DmaPeer.withMemory(twin, MAX)) {
            CompletableFuture<Void> write = peer.write(RAM, bytes(MAX));

            assertThat(faultOf(write).errno()).isEqualTo(Errno.ETIMEDOUT.number());
            assertThat(peer.served.leave().messages()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void endOfTheServerEndsTransfersThatWait(boolean twin) throws Exception {
        try (DmaPeer peer = DmaPeer.withMemory(twin, MAX)) {
            CompletableFuture<byte[]> read = peer.read(RAM, 4);
            peer.dma().receiveRequest();

            peer.served.stop();

            assertThat(faultOf(read).errno()).isEqualTo(Errno.ECONNRESET.number());
        }
    }

    @Test
    void replyThatNobodyWaitsForIsRefused() {
        try (DmaPeer peer = DmaPeer.withMemory(false, MAX)) {
            peer.main.send(Bytes.message(9, DMA_READ, 1, access(RAM, 0)));

            assertThat(peer.main.receive().errno()).isEqualTo(EINVAL);
            peer.main.assertUsable();
        }
    }

    @Test
    void commandsRightBehindVersionAreServed() throws Exception {
        try (Served served = Served.silent(new FakeFunction(), builder -> builder.messageDma(true));
                Fd file = Memfd.ofFixedSize("ram", 8192)) {
            byte[] version = Bytes.message(1, RawClient.VERSION, 0, new byte[4]);
            byte[] info =
                    Bytes.message(2, GET_INFO, 0, Bytes.of().u32(16, 0, 0, 0).get());
            byte[] map = Bytes.of().u32(32, 3).u64(0).u64(0).u64(8192).get();
            served.client.send(Bytes.of().raw(version).raw(info).get());
            served.client.send(Bytes.message(3, RawClient.DMA_MAP, 0, map), file);

            for (int id = 1; id <= 3; id++) {
                Reply reply = served.client.receive();
                assertThat(reply.id()).isEqualTo(id);
                assertThat(reply.errno()).isZero();
            }
        }
    }

    @Test
    void tooManyDescriptorsAreRefusedAlsoInTheQueue() throws Exception {
        try (DmaPeer peer = DmaPeer.withMemory(false, MAX);
                Fd file = Memfd.ofFixedSize("ram", 8192)) {
            Fd[] many = new Fd[17];
            Arrays.fill(many, file);
            long before = OpenFds.count();

            Reply reply = peer.main.call(GET_INFO, Bytes.of().u32(16, 0, 0, 0).get(), many);
            peer.main.assertUsable();

            assertThat(reply.errno()).isEqualTo(EINVAL);
            assertThat(OpenFds.count()).isEqualTo(before);
        }
    }

    static Stream<Arguments> vmmsThatCannotBeAsked() {
        String rustVmm = "{\"capabilities\":{\"max_msg_fds\":1,\"max_data_xfer_size\":1048576,"
                + "\"migration\":{\"pgsize\":4096}}}\0";
        return Stream.of(
                Arguments.of(ClientKind.RUST_VMM, 1, rustVmm),
                Arguments.of(ClientKind.QEMU, 0, QemuSequenceTest.VERSION));
    }

    @ParameterizedTest
    @MethodSource("vmmsThatCannotBeAsked")
    void vmmThatWouldNotAnswerIsNeverAsked(ClientKind kind, int minor, String json) {
        Served served = Served.silent(new FakeFunction(), builder -> builder.messageDma(true));
        try (served) {
            served.client.call(
                    RawClient.VERSION, Bytes.of().u16(0).u16(minor).text(json).get());
            assertThat(served.connected).extracting(ClientInfo::kind).containsExactly(kind);
            byte[] map = Bytes.of().u32(32, 3).u64(0).u64(RAM).u64(4096).get();
            served.client.call(RawClient.DMA_MAP, map);

            assertThatThrownBy(() -> served.function.memory().readInt(RAM)).isInstanceOf(DmaFault.class);
            served.client.assertUsable();
        }
    }

    @Test
    void nobodyIsAskedUnlessTheServerWasToldTo() {
        try (Served served = Served.negotiated()) {
            byte[] map = Bytes.of().u32(32, 3).u64(0).u64(RAM).u64(4096).get();
            served.client.call(RawClient.DMA_MAP, map);

            assertThatThrownBy(() -> served.function.memory().readInt(RAM)).isInstanceOf(DmaFault.class);
            served.client.assertUsable();
            assertThat(served.warnings).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void nothingIsLeftBehind(boolean twin) throws Exception {
        long before = OpenFds.count();
        for (int i = 0; i < 5; i++) {
            try (DmaPeer peer = DmaPeer.withMemory(twin, MAX)) {
                CompletableFuture<byte[]> read = peer.read(RAM, 4);
                peer.give(peer.dma().receiveRequest(), bytes(4));
                read.get(20, TimeUnit.SECONDS);
                assertThat(peer.served.warnings).isEmpty();
            }
        }

        assertThat(OpenFds.count()).isEqualTo(before);
    }
}
