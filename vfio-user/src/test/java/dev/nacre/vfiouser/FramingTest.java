package dev.nacre.vfiouser;

import static dev.nacre.vfiouser.RawClient.DMA_MAP;
import static dev.nacre.vfiouser.RawClient.EINVAL;
import static dev.nacre.vfiouser.RawClient.GET_INFO;
import static dev.nacre.vfiouser.RawClient.NO_REPLY;
import static dev.nacre.vfiouser.RawClient.REGION_READ;
import static dev.nacre.vfiouser.RawClient.REGION_WRITE;
import static dev.nacre.vfiouser.RawClient.RESET;
import static dev.nacre.vfiouser.RawClient.SET_IRQS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.linux.EventFd;
import dev.nacre.linux.Fd;
import dev.nacre.linux.Memfd;
import dev.nacre.vfiouser.RawClient.Reply;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(LeavesNothing.class)
class FramingTest {
    private static final byte[] INFO = Bytes.of().u32(16, 0, 0, 0).get();

    private final Served served = Served.negotiated();

    @AfterEach
    void close() {
        served.close();
    }

    @Test
    void messageDeliveredByteByByteIsServed() {
        byte[] message = Bytes.message(7, REGION_WRITE, 0, write(8, new byte[] {1, 2, 3, 4}));

        for (byte b : message) {
            served.client.send(new byte[] {b});
        }

        assertThat(served.client.receive().id()).isEqualTo(7);
        assertThat(served.function.contents(FakeFunction.BAR0).get(ValueLayout.JAVA_INT, 8))
                .isEqualTo(0x0403_0201);
    }

    @Test
    void twoMessagesInOneSegmentAreBothServed() {
        byte[] both = Bytes.of()
                .raw(Bytes.message(1, GET_INFO, 0, INFO))
                .raw(Bytes.message(2, RESET, 0, Bytes.none()))
                .get();

        served.client.send(both);

        assertThat(served.client.receive().id()).isEqualTo(1);
        assertThat(served.client.receive().id()).isEqualTo(2);
    }

    @Test
    void fiftyPipelinedMessagesAreAnsweredInOrderAndDescriptorsGoWithTheThird() {
        try (Fd file = Memfd.ofFixedSize("third", 4096)) {
            Bytes before = Bytes.of();
            before.raw(Bytes.message(0, GET_INFO, 0, INFO));
            before.raw(Bytes.message(1, GET_INFO, 0, INFO));
            Bytes after = Bytes.of();
            for (int id = 3; id < 50; id++) {
                after.raw(Bytes.message(id, REGION_READ, 0, read(id * 4L, 4)));
            }

            served.client.send(before.get());
            served.client.send(Bytes.message(2, DMA_MAP, 0, map(0x1000, 4096)), file);
            served.client.send(after.get());

            for (int id = 0; id < 50; id++) {
                Reply reply = served.client.receive();
                assertThat(reply.id()).isEqualTo(id);
                assertThat(reply.errno()).isZero();
            }
            assertThat(served.function.memory().readInt(0x1000)).isZero();
        }
    }

    @Test
    void descriptorsOfNeighboursAreNotMixedUp() {
        try (Fd first = Memfd.ofFixedSize("first", 4096);
                Fd second = Memfd.ofFixedSize("second", 8192)) {
            // The second range is too long for the first file: a mix-up would be refused.
            served.client.send(Bytes.message(1, DMA_MAP, 0, map(0x0, 4096)), first);
            served.client.send(Bytes.message(2, GET_INFO, 0, INFO));
            served.client.send(Bytes.message(3, DMA_MAP, 0, map(0x10_0000, 8192)), second);
            served.client.send(Bytes.message(4, DMA_MAP, 0, map(0x20_0000, 1L << 30)));

            Stream.generate(served.client::receive)
                    .limit(4)
                    .forEach(reply -> assertThat(reply.errno()).isZero());
            assertThat(served.function.memory().readInt(0x10_1ffc)).isZero();
        }
    }

    @Test
    void descriptorsWithTheBodyInsteadOfTheHeaderAreAccepted() {
        try (Fd file = Memfd.ofFixedSize("late", 4096)) {
            byte[] message = Bytes.message(9, DMA_MAP, 0, map(0x1000, 4096));

            served.client.send(Arrays.copyOf(message, 16));
            served.client.send(Arrays.copyOfRange(message, 16, message.length), file);

            assertThat(served.client.receive().errno()).isZero();
            assertThat(served.function.memory().readInt(0x1000)).isZero();
        }
    }

    @Test
    void oneMegabyteWriteInSevenPiecesIsServed() {
        byte[] data = new byte[1 << 20];
        new Random(7).nextBytes(data);
        byte[] message = Bytes.message(5, REGION_WRITE, 0, write(FakeFunction.BAR1, 128, data));

        int piece = message.length / 7 + 1;
        for (int at = 0; at < message.length; at += piece) {
            served.client.send(Arrays.copyOfRange(message, at, Math.min(message.length, at + piece)));
        }

        assertThat(served.client.receive().errno()).isZero();
        assertThat(served.function
                        .contents(FakeFunction.BAR1)
                        .asSlice(128, 1 << 20)
                        .mismatch(MemorySegment.ofArray(data)))
                .isEqualTo(-1);
    }

    @Test
    void manyLargeWritesBackToBackStayInStep() {
        byte[] data = new byte[300_001];
        for (int i = 0; i < 40; i++) {
            Arrays.fill(data, (byte) i);
            served.client.post(REGION_WRITE, write(FakeFunction.BAR1, i, data));
        }

        served.client.assertUsable();
        MemorySegment bar = served.function.contents(FakeFunction.BAR1);
        assertThat(bar.get(ValueLayout.JAVA_BYTE, 38)).isEqualTo((byte) 38);
        assertThat(bar.get(ValueLayout.JAVA_BYTE, 300_039)).isEqualTo((byte) 39);
    }

    @Test
    void sameIdMayBeUsedAgainWhileOutstanding() {
        Bytes three = Bytes.of();
        IntStream.range(0, 3).forEach(i -> three.raw(Bytes.message(1234, GET_INFO, 0, INFO)));

        served.client.send(three.get());

        Stream.generate(served.client::receive)
                .limit(3)
                .forEach(reply -> assertThat(reply.id()).isEqualTo(1234));
        served.client.assertUsable();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 15})
    void sizeBelowAHeadersIsRefusedAndTheHeaderSkipped(long size) {
        served.client.send(Bytes.header(3, GET_INFO, size, 0).get());

        Reply reply = served.client.receive();
        assertThat(reply.id()).isEqualTo(3);
        assertThat(reply.errno()).isEqualTo(EINVAL);
        served.client.assertUsable();
    }

    @Test
    void tooLargeMessageIsRefusedAtOnceAndSkipped() throws Exception {
        int size = 3 << 20;
        try (EventFd event = EventFd.create()) {
            long before = OpenFds.count();

            served.client.send(Bytes.header(3, REGION_WRITE, size, 0).get(), event.fd());
            Reply reply = served.client.receive();
            byte[] body = new byte[(size - 16) / 4];
            for (int i = 0; i < 4; i++) {
                served.client.send(body, event.fd());
            }
            served.client.assertUsable();

            assertThat(reply.errno()).isEqualTo(EINVAL);
            assertThat(OpenFds.count()).isEqualTo(before);
        }
    }

    @Test
    void largestMessageIsServedAndOneByteMoreIsNot() {
        byte[] most = Bytes.message(1, REGION_WRITE, 0, new byte[32 + (1 << 20)]);
        byte[] more = Bytes.message(2, REGION_WRITE, 0, new byte[33 + (1 << 20)]);

        served.client.send(most);
        served.client.send(more);

        // Both are refused, but only the second for its size; both are skipped in full.
        assertThat(served.client.receive().errno()).isEqualTo(EINVAL);
        assertThat(served.client.receive().errno()).isEqualTo(EINVAL);
        served.client.assertUsable();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 0xf, 0x20, 0x40, 0x8000_0000})
    void unknownTypesAndFlagsAreRefused(int flags) {
        served.client.send(Bytes.message(4, GET_INFO, flags, INFO));

        assertThat(served.client.receive().errno()).isEqualTo(EINVAL);
        served.client.assertUsable();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 999})
    void noCommandIsAnsweredIfPosted(int command) {
        Random random = new Random(command);
        for (int length : new int[] {0, 4, 8, 16, 20, 24, 32, 40}) {
            byte[] noise = new byte[length];
            random.nextBytes(noise);
            served.client.post(command, noise);
            served.client.post(command, new byte[length]);
            served.client.post(
                    command, Bytes.of().u32(length).raw(new byte[length]).get());
        }

        served.client.assertUsable();
    }

    @Test
    void replyToNothingThatWantsNoReplyIsNotAnswered() {
        served.client.send(Bytes.message(4, GET_INFO, 1 | NO_REPLY, INFO));
        served.client.send(Bytes.header(5, GET_INFO, 3, NO_REPLY).get());

        served.client.assertUsable();
    }

    @Test
    void garbageThenCloseEndsInPeace() throws Exception {
        byte[] garbage = new byte[4096];
        new Random(42).nextBytes(garbage);

        served.client.send(garbage);
        ConnectionCounts counts = served.leave();

        assertThat(counts.rejected()).isPositive();
        assertThat(served.function.calls).contains("disconnected");
    }

    @Test
    void randomBytesNeverBreakTheServer() throws Exception {
        Random random = new Random(4711);
        for (int round = 0; round < 300; round++) {
            byte[] body = new byte[random.nextInt(64)];
            random.nextBytes(body);
            served.client.send(Bytes.message(round, random.nextInt(20), NO_REPLY, body));
        }

        served.client.assertUsable();
        assertThat(served.leave().modelFailures()).isZero();
    }

    @Test
    void closeInTheMiddleOfAMessageLosesOnlyThat() throws Exception {
        served.client.post(REGION_WRITE, write(0, new byte[] {1, 0, 0, 0}));
        served.client.send(Arrays.copyOf(Bytes.message(4, REGION_WRITE, 0, write(4, new byte[4])), 20));

        ConnectionCounts counts = served.leave();

        assertThat(counts.messages()).isEqualTo(2);
        assertThat(counts.posted()).isEqualTo(1);
        assertThat(served.function.contents(FakeFunction.BAR0).get(ValueLayout.JAVA_INT, 0))
                .isEqualTo(1);
    }

    @Test
    void clientThatLeavesBeforeItsReplyIsForgotten() throws Exception {
        for (int i = 0; i < 100; i++) {
            served.client.send(Bytes.message(i, REGION_READ, 0, read(FakeFunction.BAR1, 0, 1 << 20)));
        }

        ConnectionCounts counts = served.leave();

        assertThat(counts.messages()).isBetween(1L, 101L);
    }

    @Test
    void clientThatLeavesWhileTheModelWorksIsForgottenAfterwards() throws Exception {
        CountDownLatch working = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(1);
        served.function.onRead = () -> {
            working.countDown();
            await(done);
        };
        served.client.send(Bytes.message(1, REGION_READ, 0, read(0, 4)));
        await(working);

        served.client.hangUp();
        done.countDown();

        assertThat(served.leave().messages()).isEqualTo(2);
        assertThat(served.function.calls).containsExactly("disconnected");
    }

    @Test
    void unexpectedDescriptorsAreClosedAndTheMessageServed() throws Exception {
        try (EventFd event = EventFd.create()) {
            long before = OpenFds.count();
            Fd[] two = {event.fd(), event.fd()};

            Reply served1 = served.client.call(GET_INFO, INFO, two);
            Reply served2 = served.client.call(REGION_WRITE, write(0, new byte[4]), two);
            Reply refused = served.client.call(999, INFO, two);
            served.client.post(RESET, Bytes.none(), two);
            served.client.assertUsable();

            assertThat(served1.errno()).isZero();
            assertThat(served2.errno()).isZero();
            assertThat(refused.errno()).isEqualTo(EINVAL);
            assertThat(OpenFds.count()).isEqualTo(before);
            assertThat(served.leave().closedFds()).isEqualTo(8);
        }
    }

    @Test
    void moreDescriptorsThanAgreedAreRefusedAndClosed() throws Exception {
        try (EventFd event = EventFd.create()) {
            long before = OpenFds.count();
            Fd[] seventeen = Stream.generate(event::fd).limit(17).toArray(Fd[]::new);
            byte[] bind = Bytes.of().u32(20, 4 | 32, 2, 0, 17).get();
            byte[] message = Bytes.message(6, SET_IRQS, 0, bind);

            Reply atOnce = served.client.call(SET_IRQS, bind, seventeen);
            for (int i = 0; i < message.length; i++) {
                served.client.send(new byte[] {message[i]}, event.fd());
            }
            Reply oneByOne = served.client.receive();
            served.client.assertUsable();

            assertThat(atOnce.errno()).isEqualTo(EINVAL);
            assertThat(oneByOne.errno()).isEqualTo(EINVAL);
            assertThat(OpenFds.count()).isEqualTo(before);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] read(long offset, int count) {
        return read(FakeFunction.BAR0, offset, count);
    }

    private static byte[] read(int region, long offset, int count) {
        return Bytes.of().u64(offset).u32(region, count).get();
    }

    private static byte[] write(long offset, byte[] data) {
        return write(FakeFunction.BAR0, offset, data);
    }

    private static byte[] write(int region, long offset, byte[] data) {
        return Bytes.of().u64(offset).u32(region, data.length).raw(data).get();
    }

    private static byte[] map(long iova, long size) {
        return Bytes.of().u32(32, 3).u64(0).u64(iova).u64(size).get();
    }
}
