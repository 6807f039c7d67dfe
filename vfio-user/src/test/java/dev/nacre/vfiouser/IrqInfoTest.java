package dev.nacre.vfiouser;

import static dev.nacre.vfiouser.RawClient.EINVAL;
import static dev.nacre.vfiouser.RawClient.GET_IRQ_INFO;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.vfiouser.RawClient.Reply;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(LeavesNothing.class)
class IrqInfoTest {
    private final Served served = Served.negotiated();

    @AfterEach
    void close() {
        served.close();
    }

    @ParameterizedTest
    @CsvSource({"16, 0, 7, 1", "16, 1, 9, 4", "16, 2, 9, 2048", "16, 3, 1, 1", "32, 4, 1, 1", "4294967295, 4, 1, 1"})
    void eachKindHasItsFlagsAndCount(long argsz, int index, int flags, int count) {
        Reply reply = served.client.call(
                GET_IRQ_INFO, Bytes.of().u32(argsz, 0, index, 0).get());

        assertThat(reply.errno()).isZero();
        assertThat(reply.body())
                .isEqualTo(Bytes.of().u32(16, flags, index, count).get());
    }

    @ParameterizedTest
    @CsvSource({"16, 5", "16, 4294967295", "8, 0", "15, 0"})
    void badIndexOrTooLittleRoomIsRefused(long argsz, long index) {
        Reply reply = served.client.call(
                GET_IRQ_INFO, Bytes.of().u32(argsz, 0, index, 0).get());

        assertThat(reply.errno()).isEqualTo(EINVAL);
        served.client.assertUsable();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 8, 15, 17})
    void wrongLengthIsRefused(int length) {
        byte[] body = Arrays.copyOf(Bytes.of().u32(16, 0, 0, 0).get(), length);

        assertThat(served.client.call(GET_IRQ_INFO, body).errno()).isEqualTo(EINVAL);
        served.client.assertUsable();
    }
}
