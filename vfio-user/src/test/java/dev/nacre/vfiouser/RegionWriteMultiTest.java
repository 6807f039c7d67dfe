package dev.nacre.vfiouser;

import static dev.nacre.vfiouser.RawClient.EINVAL;
import static dev.nacre.vfiouser.RawClient.WRITE_MULTI;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.vfiouser.RawClient.Reply;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(LeavesNothing.class)
class RegionWriteMultiTest {
    private final Served served = Served.negotiated();

    @AfterEach
    void close() {
        served.close();
    }

    @Test
    void twoHundredPostedEntriesAreWrittenInOrder() {
        served.function.recordAccesses = true;
        Bytes body = Bytes.of().u64(200);
        for (int i = 0; i < 200; i++) {
            body.u64(i * 4L).u32(FakeFunction.BAR0, 4).u64(0xaaaa_bbbb_0000_0000L + i);
        }

        served.client.post(WRITE_MULTI, body.get());
        served.client.assertUsable();

        assertThat(served.function.calls).hasSize(200).startsWith("write 0 0 4", "write 0 4 4");
        assertThat(served.function.contents(FakeFunction.BAR0).get(ValueLayout.JAVA_INT, 199 * 4))
                .isEqualTo(199);
    }

    @Test
    void replyCountsTheEntriesThatWereWritten() {
        served.function.recordAccesses = true;
        byte[] body = Bytes.of()
                .u64(5)
                .u64(8)
                .u32(FakeFunction.BAR0, 8)
                .u64(1)
                .u64(4096)
                .u32(FakeFunction.BAR0, 4)
                .u64(2)
                .u64(16)
                .u32(FakeFunction.BAR0, 9)
                .u64(3)
                .u64(16)
                .u32(77, 4)
                .u64(4)
                .u64(24)
                .u32(FakeFunction.BAR1, 2)
                .u64(5)
                .get();

        Reply reply = served.client.call(WRITE_MULTI, body);

        assertThat(reply.body()).isEqualTo(Bytes.of().u64(2).get());
        assertThat(served.function.calls).containsExactly("write 0 8 8", "write 1 24 2");
    }

    @Test
    void noEntriesIsFine() {
        assertThat(served.client.call(WRITE_MULTI, Bytes.of().u64(0).get()).body())
                .isEqualTo(new byte[8]);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 7, 31, 33, 56})
    void lengthThatIsNotOneEntryIsRefused(int length) {
        byte[] one = Bytes.of().u64(1).u64(0).u32(FakeFunction.BAR0, 4).u64(0).get();

        assertThat(served.client.call(WRITE_MULTI, Arrays.copyOf(one, length)).errno())
                .isEqualTo(EINVAL);
        served.client.assertUsable();
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 0x0aaa_aaaa_aaaa_aaabL, 1L << 61})
    void countThatOverflowsIsRefused(long entries) {
        assertThat(served.client
                        .call(WRITE_MULTI, Bytes.of().u64(entries).get())
                        .errno())
                .isEqualTo(EINVAL);
        served.client.assertUsable();
    }
}
