package dev.nacre.vfiouser;

import static dev.nacre.vfiouser.RawClient.EINVAL;
import static dev.nacre.vfiouser.RawClient.REGION_READ;
import static dev.nacre.vfiouser.RawClient.REGION_WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.pci.PciFunction;
import dev.nacre.vfiouser.RawClient.Reply;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
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
