package dev.nacre.vfiouser;

import static dev.nacre.vfiouser.RawClient.EINVAL;
import static dev.nacre.vfiouser.RawClient.GET_INFO;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.vfiouser.RawClient.Reply;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(LeavesNothing.class)
class DeviceInfoTest {
    private final Served served = Served.negotiated();

    @AfterEach
    void close() {
        served.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {16, 32, 0xffff_ffffL})
    void anyRoomThatSufficesGetsTheExactAnswer(long argsz) {
        Reply reply =
                served.client.call(GET_INFO, Bytes.of().u32(argsz, 0, 0, 0).get());

        assertThat(reply.errno()).isZero();
        assertThat(reply.body()).isEqualTo(Bytes.of().u32(16, 3, 9, 5).get());
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 8, 15})
    void tooLittleRoomIsRefused(long argsz) {
        assertThat(served.client
                        .call(GET_INFO, Bytes.of().u32(argsz, 0, 0, 0).get())
                        .errno())
                .isEqualTo(EINVAL);
        served.client.assertUsable();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 8, 15, 17})
    void wrongLengthIsRefused(int length) {
        byte[] body = Arrays.copyOf(Bytes.of().u32(16, 0, 0, 0).get(), length);

        assertThat(served.client.call(GET_INFO, body).errno()).isEqualTo(EINVAL);
        served.client.assertUsable();
    }

    @Test
    void postedRequestIsNotAnswered() {
        served.client.post(GET_INFO, Bytes.of().u32(16, 0, 0, 0).get());
        served.client.post(GET_INFO, Bytes.none());

        served.client.assertUsable();
    }
}
