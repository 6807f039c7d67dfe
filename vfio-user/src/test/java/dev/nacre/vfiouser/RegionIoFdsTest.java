package dev.nacre.vfiouser;

import static dev.nacre.vfiouser.RawClient.EINVAL;
import static dev.nacre.vfiouser.RawClient.GET_REGION_IO_FDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.vfiouser.RawClient.Reply;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(LeavesNothing.class)
class RegionIoFdsTest {
    private final Served served = Served.negotiated();

    @AfterEach
    void close() {
        served.close();
    }

    @Test
    void thereAreNone() {
        Reply reply = served.client.call(
                GET_REGION_IO_FDS, Bytes.of().u32(1 << 20, 0, 1, 0).get());

        assertThat(reply.errno()).isZero();
        assertThat(reply.body()).isEqualTo(Bytes.of().u32(16, 0, 1, 0).get());
    }

    @ParameterizedTest
    @CsvSource({"16, 1, 0, 0", "16, 0, 0, 1", "15, 0, 0, 0", "1048577, 0, 0, 0", "16, 0, 9, 0", "16, 0, 2, 0"})
    void badRequestIsRefused(long argsz, long flags, long index, long count) {
        Reply reply = served.client.call(
                GET_REGION_IO_FDS, Bytes.of().u32(argsz, flags, index, count).get());

        assertThat(reply.errno()).isEqualTo(EINVAL);
        served.client.assertUsable();
    }

    @Test
    void wrongLengthIsRefused() {
        Reply reply =
                served.client.call(GET_REGION_IO_FDS, Bytes.of().u32(16, 0, 0).get());

        assertThat(reply.errno()).isEqualTo(EINVAL);
        served.client.assertUsable();
    }
}
