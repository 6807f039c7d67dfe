package dev.nacre.vfiouser;

import static dev.nacre.vfiouser.RawClient.EINVAL;
import static dev.nacre.vfiouser.RawClient.REGION_READ;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.pci.PciFunction;
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
class RegionReadTest {
    private final Served served = Served.negotiated();

    @AfterEach
    void close() {
        served.close();
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "1, 1", "3, 2", "4, 4", "5, 4", "8, 8", "13, 8", "4095, 1", "0, 4096", "4096, 0"})
    void anyCountAtAnyOffsetGivesTheBytes(int offset, int count) {
        MemorySegment bar = served.function.contents(FakeFunction.BAR0);
        for (int i = 0; i < FakeFunction.BAR0_SIZE; i++) {
            bar.set(ValueLayout.JAVA_BYTE, i, (byte) (i * 7));
        }

        Reply reply = served.client.call(REGION_READ, request(offset, FakeFunction.BAR0, count));

        assertThat(reply.errno()).isZero();
        assertThat(Arrays.copyOf(reply.body(), 16)).isEqualTo(request(offset, FakeFunction.BAR0, count));
        assertThat(Arrays.copyOfRange(reply.body(), 16, reply.body().length))
                .isEqualTo(bar.asSlice(offset, count).toArray(ValueLayout.JAVA_BYTE));
    }

    @Test
    void oneMegabyteIsOneCallOfTheModel() {
        served.function.recordAccesses = true;

        Reply reply = served.client.call(REGION_READ, request(4096, FakeFunction.BAR1, 1 << 20));

        assertThat(reply.body()).hasSize(16 + (1 << 20));
        assertThat(served.function.calls).containsExactly("read 1 4096 1048576");
    }

    @ParameterizedTest
    @CsvSource({"4096, 1048576, false", "4095, 16384, false", "3145728, 1048576, false", "3, 16383, true"})
    void largeReadsOfPlainMemoryAreSentFromItsPlace(int offset, int count, boolean asksTheModel) {
        try (Served plain = Served.negotiated(showingMemory())) {
            plain.function.recordAccesses = true;
            MemorySegment bar = plain.function.contents(FakeFunction.BAR1);
            for (int i = 0; i < count; i++) {
                bar.set(ValueLayout.JAVA_BYTE, offset + i, (byte) (i * 7));
            }

            Reply reply = plain.client.call(REGION_READ, request(offset, FakeFunction.BAR1, count));
            Reply next = plain.client.call(REGION_READ, request(0, FakeFunction.BAR0, 4));

            assertThat(reply.errno()).isZero();
            assertThat(Arrays.copyOf(reply.body(), 16)).isEqualTo(request(offset, FakeFunction.BAR1, count));
            assertThat(Arrays.copyOfRange(reply.body(), 16, reply.body().length))
                    .isEqualTo(bar.asSlice(offset, count).toArray(ValueLayout.JAVA_BYTE));
            assertThat(next.body()).hasSize(20);
            assertThat(plain.function.calls.contains("read 1 " + offset + " " + count))
                    .isEqualTo(asksTheModel);
        }
    }

    @Test
    void largeReadThatLeavesPlainMemoryIsRefused() {
        try (Served plain = Served.negotiated(showingMemory())) {
            Reply reply = plain.client.call(
                    REGION_READ, request((int) FakeFunction.BAR1_SIZE - 1, FakeFunction.BAR1, 1 << 20));

            assertThat(reply.errno()).isEqualTo(EINVAL);
            assertThat(reply.body()).isEmpty();
        }
    }

    private static FakeFunction showingMemory() {
        FakeFunction function = new FakeFunction();
        function.showsMemory = true;
        return function;
    }

    @Test
    void regionThatCannotBeReadGivesAllOnes() {
        Reply reply = served.client.call(REGION_READ, request(0, FakeFunction.WRITE_ONLY, 4));

        assertThat(reply.little().getInt(16)).isEqualTo(-1);
    }

    @ParameterizedTest
    @CsvSource({
        "4096, 0, 1",
        "4093, 0, 4",
        "0, 0, 4097",
        "0, 2, 1",
        "0, 2, 0",
        "0, 9, 4",
        "0, 4294967295, 4",
        "-1, 0, 4",
        "-4, 0, 4",
        "9223372036854775807, 0, 4",
        "0, 1, 1048577",
        "0, 1, 4294967295"
    })
    void accessOutsideIsRefused(long offset, long region, long count) {
        served.function.recordAccesses = true;

        Reply reply = served.client.call(REGION_READ, request(offset, region, count));

        assertThat(reply.errno()).isEqualTo(EINVAL);
        assertThat(served.function.calls).isEmpty();
        served.client.assertUsable();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 8, 15, 17, 20})
    void wrongLengthIsRefused(int length) {
        byte[] body = Arrays.copyOf(request(0, PciFunction.CONFIG_REGION, 4), length);

        assertThat(served.client.call(REGION_READ, body).errno()).isEqualTo(EINVAL);
        served.client.assertUsable();
    }

    @Test
    void postedReadIsNotAnswered() {
        served.client.post(REGION_READ, request(0, FakeFunction.BAR0, 4));
        served.client.post(REGION_READ, request(0, 77, 4));

        served.client.assertUsable();
    }

    private static byte[] request(long offset, long region, long count) {
        return Bytes.of().u64(offset).u32(region, count).get();
    }
}
