package dev.nacre.vfiouser;

import static dev.nacre.vfiouser.RawClient.EINVAL;
import static dev.nacre.vfiouser.RawClient.REGION_READ;
import static dev.nacre.vfiouser.RawClient.REGION_WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.linux.EventFd;
import dev.nacre.linux.Fd;
import dev.nacre.pci.PciFunction;
import dev.nacre.pci.Region;
import dev.nacre.vfiouser.RawClient.Reply;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(LeavesNothing.class)
class RegionWriteTest {
    private final Served served = Served.negotiated();

    @AfterEach
    void close() {
        served.close();
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "1, 2", "3, 4", "8, 8", "13, 8", "0, 4096", "4095, 1", "4096, 0"})
    void anyCountAtAnyOffsetReachesTheModel(int offset, int count) {
        byte[] data = pattern(count);

        Reply reply = served.client.call(REGION_WRITE, request(offset, FakeFunction.BAR0, count, data));

        assertThat(reply.errno()).isZero();
        assertThat(reply.body())
                .isEqualTo(Bytes.of().u64(offset).u32(FakeFunction.BAR0, count).get());
        assertThat(served.function
                        .contents(FakeFunction.BAR0)
                        .asSlice(offset, count)
                        .toArray(ValueLayout.JAVA_BYTE))
                .isEqualTo(data);
    }

    @Test
    void oneMegabyteIsOneCallOfTheModel() {
        served.function.recordAccesses = true;
        byte[] data = pattern(1 << 20);

        served.client.call(REGION_WRITE, request(64, FakeFunction.BAR1, 1 << 20, data));

        assertThat(served.function.calls).containsExactly("write 1 64 1048576");
        assertThat(served.function
                        .contents(FakeFunction.BAR1)
                        .asSlice(64, 1 << 20)
                        .mismatch(MemorySegment.ofArray(data)))
                .isEqualTo(-1);
    }

    @ParameterizedTest
    @CsvSource({
        "4096, 1048576, false",
        "4095, 65536, false",
        "3145728, 1048576, false",
        "1, 40000, false",
        "3, 16000, true",
        "0, 4, true"
    })
    void largeWritesOfPlainMemoryAreReceivedInItsPlace(int offset, int count, boolean asksTheModel) {
        try (Served plain = Served.negotiated(showingMemory())) {
            plain.function.recordAccesses = true;
            byte[] data = pattern(count);

            sendInTwo(plain, Bytes.message(7, REGION_WRITE, 0, request(offset, FakeFunction.BAR1, count, data)));
            Reply reply = plain.client.receive();

            assertThat(reply.errno()).isZero();
            assertThat(reply.body())
                    .isEqualTo(
                            Bytes.of().u64(offset).u32(FakeFunction.BAR1, count).get());
            MemorySegment bar = plain.function.contents(FakeFunction.BAR1);
            assertThat(bar.asSlice(offset, count).toArray(ValueLayout.JAVA_BYTE))
                    .isEqualTo(data);
            assertThat(bar.get(ValueLayout.JAVA_BYTE, Math.max(offset, 1) - 1)).isEqualTo(offset == 0 ? data[0] : 0);
            assertThat(plain.function.calls.contains("write 1 " + offset + " " + count))
                    .isEqualTo(asksTheModel);
            plain.client.assertUsable();
        }
    }

    @Test
    void messagesAroundALargeWriteKeepTheirOrder() {
        try (Served plain = Served.negotiated(showingMemory())) {
            Bytes all = Bytes.of();
            for (int round = 1; round <= 3; round++) {
                byte[] data = new byte[100_000];
                Arrays.fill(data, (byte) round);
                byte[] small = request(50_000, FakeFunction.BAR1, 1, new byte[] {(byte) (round + 10)});
                byte[] read = Bytes.of().u64(49_999).u32(FakeFunction.BAR1, 3).get();
                all.raw(Bytes.message(
                        1, REGION_WRITE, RawClient.NO_REPLY, request(0, FakeFunction.BAR1, data.length, data)));
                all.raw(Bytes.message(2, REGION_WRITE, RawClient.NO_REPLY, small));
                all.raw(Bytes.message(3, REGION_READ, 0, read));
            }

            plain.client.send(all.get());

            for (int round = 1; round <= 3; round++) {
                byte[] body = plain.client.receive().body();
                assertThat(Arrays.copyOfRange(body, 16, body.length)).containsExactly(round, round + 10, round);
            }
        }
    }

    @Test
    void largeWriteThatLeavesPlainMemoryOrIsNoMemoryIsRefusedAndChangesNothing() {
        try (Served plain = Served.negotiated(showingMemory())) {
            byte[] data = pattern(1 << 20);
            MemorySegment bar = plain.function.contents(FakeFunction.BAR1);

            long end = FakeFunction.BAR1_SIZE;
            for (long offset : new long[] {end - data.length + 1, end, -1, Long.MAX_VALUE}) {
                Reply reply = plain.client.call(REGION_WRITE, request(offset, FakeFunction.BAR1, data.length, data));
                assertThat(reply.errno()).isEqualTo(EINVAL);
            }
            for (long count : new long[] {data.length - 1, data.length + 1, 0, 0xffff_ffffL}) {
                Reply reply = plain.client.call(REGION_WRITE, request(0, FakeFunction.BAR1, count, data));
                assertThat(reply.errno()).isEqualTo(EINVAL);
            }
            assertThat(plain.client
                            .call(REGION_WRITE, request(0, 99, data.length, data))
                            .errno())
                    .isEqualTo(EINVAL);
            assertThat(bar.mismatch(MemorySegment.ofArray(new byte[(int) end]))).isEqualTo(-1);
            plain.client.assertUsable();
        }
    }

    @Test
    void largeWriteToReadOnlyPlainMemoryIsDropped() {
        FakeFunction function = showingMemory();
        function.replace(FakeFunction.BAR1, Region.readOnly(FakeFunction.BAR1_SIZE));
        try (Served plain = Served.negotiated(function)) {
            byte[] data = pattern(1 << 20);

            Reply reply = plain.client.call(REGION_WRITE, request(0, FakeFunction.BAR1, data.length, data));

            assertThat(reply.errno()).isZero();
            assertThat(function.contents(FakeFunction.BAR1).get(ValueLayout.JAVA_LONG, 0))
                    .isZero();
        }
    }

    @Test
    void largeWriteToMemoryThatIsShownOnlyForReadingReachesTheModel() {
        FakeFunction function = showingMemory();
        function.showsReadOnly = true;
        try (Served plain = Served.negotiated(function)) {
            plain.function.recordAccesses = true;
            byte[] data = pattern(1 << 20);

            Reply reply = plain.client.call(REGION_WRITE, request(64, FakeFunction.BAR1, data.length, data));

            assertThat(reply.errno()).isZero();
            assertThat(plain.function.calls).contains("write 1 64 1048576");
        }
    }

    @Test
    void largeWriteWithTooManyDescriptorsIsRefused() {
        try (Served plain = Served.negotiated(showingMemory());
                EventFd event = EventFd.create()) {
            byte[] data = pattern(1 << 20);
            Fd[] fds = new Fd[17];
            Arrays.fill(fds, event.fd());

            plain.client.send(Bytes.message(1, REGION_WRITE, 0, request(0, FakeFunction.BAR1, data.length, data)), fds);

            assertThat(plain.client.receive().errno()).isEqualTo(EINVAL);
            assertThat(plain.function.contents(FakeFunction.BAR1).get(ValueLayout.JAVA_LONG, 0))
                    .isZero();
            plain.client.assertUsable();
        }
    }

    @Test
    void descriptorsInTheMiddleOfALargeWriteAreClosed() throws Exception {
        try (Served plain = Served.negotiated(showingMemory());
                EventFd event = EventFd.create()) {
            byte[] data = pattern(1 << 20);
            byte[] message = Bytes.message(1, REGION_WRITE, 0, request(0, FakeFunction.BAR1, data.length, data));

            plain.client.send(Arrays.copyOf(message, 50_000));
            plain.client.send(Arrays.copyOfRange(message, 50_000, message.length), event.fd());

            assertThat(plain.client.receive().errno()).isZero();
            assertThat(plain.leave().closedFds()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {32, 33, 20_000, 600_000})
    void clientThatDiesInALargeWriteLeavesWhatItHasSentOfItAndNothingElse(int sent) throws Exception {
        try (Served plain = Served.negotiated(showingMemory())) {
            byte[] data = pattern(1 << 20);
            byte[] message = Bytes.message(1, REGION_WRITE, 0, request(8, FakeFunction.BAR1, data.length, data));

            plain.client.send(Arrays.copyOf(message, sent));
            plain.leave();

            MemorySegment bar = plain.function.contents(FakeFunction.BAR1);
            byte[] before = bar.asSlice(8, sent - 32).toArray(ValueLayout.JAVA_BYTE);
            assertThat(before).isEqualTo(Arrays.copyOf(data, sent - 32));
            assertThat(bar.asSlice(8 + sent - 32L)
                            .mismatch(MemorySegment.ofArray(new byte[(4 << 20) - 8 - (sent - 32)])))
                    .isEqualTo(-1);
            assertThat(plain.function.calls).containsExactly("reset", "disconnected");
        }
    }

    @Test
    void serverThatIsClosedInALargeWriteEndsAtOnce() throws Exception {
        try (Served plain = Served.negotiated(showingMemory())) {
            byte[] message =
                    Bytes.message(1, REGION_WRITE, 0, request(0, FakeFunction.BAR1, 1 << 20, pattern(1 << 20)));
            plain.client.send(Arrays.copyOf(message, 300_000));

            plain.stop();

            plain.awaitEnd();
            assertThat(plain.ended).hasSize(1);
        }
    }

    private static FakeFunction showingMemory() {
        FakeFunction function = new FakeFunction();
        function.showsMemory = true;
        return function;
    }

    /** Sends a message so that its end comes later, as that of a large one does anyway. */
    private static void sendInTwo(Served served, byte[] message) {
        int first = Math.min(message.length / 2, 10_000);
        served.client.send(Arrays.copyOf(message, first));
        served.client.send(Arrays.copyOfRange(message, first, message.length));
    }

    @Test
    void writeToReadOnlyRegionIsDroppedAsByHardware() {
        served.function.recordAccesses = true;

        Reply reply = served.client.call(REGION_WRITE, request(0, PciFunction.ROM_REGION, 4, pattern(4)));

        assertThat(reply.errno()).isZero();
        assertThat(served.function.calls).isEmpty();
    }

    @Test
    void postedWriteIsDoneBeforeTheNextReadAndNotAnswered() {
        for (int i = 0; i < 100; i++) {
            served.client.post(REGION_WRITE, request(32, FakeFunction.BAR0, 1, new byte[] {(byte) i}));
        }
        Reply read = served.client.call(
                REGION_READ, Bytes.of().u64(32).u32(FakeFunction.BAR0, 1).get());

        assertThat(read.body()[16]).isEqualTo((byte) 99);
    }

    @Test
    void wrongPostedWriteIsNotAnsweredEither() {
        served.client.post(REGION_WRITE, request(4096, FakeFunction.BAR0, 4, pattern(4)));
        served.client.post(REGION_WRITE, request(0, 99, 4, pattern(4)));
        served.client.post(REGION_WRITE, request(0, FakeFunction.BAR0, 8, pattern(4)));
        served.client.post(REGION_WRITE, Bytes.none());

        served.client.assertUsable();
    }

    @ParameterizedTest
    @CsvSource({"4096, 0, 1", "4093, 0, 4", "0, 2, 4", "0, 9, 4", "0, 4294967295, 4", "-4, 0, 4", "-1, 0, 1"})
    void accessOutsideIsRefused(long offset, long region, int count) {
        served.function.recordAccesses = true;

        Reply reply = served.client.call(REGION_WRITE, request(offset, region, count, pattern(count)));

        assertThat(reply.errno()).isEqualTo(EINVAL);
        assertThat(served.function.calls).isEmpty();
        served.client.assertUsable();
    }

    @ParameterizedTest
    @CsvSource({"4, 3", "4, 5", "4, 0", "0, 1", "1048577, 4", "4294967295, 4"})
    void countThatIsNotTheDatasLengthIsRefused(long count, int length) {
        Reply reply = served.client.call(REGION_WRITE, request(0, FakeFunction.BAR1, count, pattern(length)));

        assertThat(reply.errno()).isEqualTo(EINVAL);
        served.client.assertUsable();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 8, 15})
    void bodyShorterThanItsFixedPartIsRefused(int length) {
        assertThat(served.client.call(REGION_WRITE, new byte[length]).errno()).isEqualTo(EINVAL);
        served.client.assertUsable();
    }

    private static byte[] request(long offset, long region, long count, byte[] data) {
        return Bytes.of().u64(offset).u32(region, count).raw(data).get();
    }

    private static byte[] pattern(int count) {
        byte[] data = new byte[count];
        for (int i = 0; i < count; i++) {
            data[i] = (byte) (i * 31 + 5);
        }
        return data;
    }
}
