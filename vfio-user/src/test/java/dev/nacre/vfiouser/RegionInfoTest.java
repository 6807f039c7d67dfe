package dev.nacre.vfiouser;

import static dev.nacre.vfiouser.RawClient.EINVAL;
import static dev.nacre.vfiouser.RawClient.GET_REGION_INFO;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.vfiouser.RawClient.Reply;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(LeavesNothing.class)
class RegionInfoTest {
    private final Served served = Served.negotiated();

    @AfterEach
    void close() {
        served.close();
    }

    @ParameterizedTest
    @CsvSource({"0, 3, 4096", "1, 3, 4194304", "2, 0, 0", "4, 2, 16", "6, 1, 8192", "7, 3, 4096", "8, 0, 0"})
    void eachRegionHasItsSizeAndAccess(int index, int flags, long size) {
        Reply reply = served.client.call(GET_REGION_INFO, request(32, index));

        assertThat(reply.errno()).isZero();
        assertThat(reply.body())
                .isEqualTo(Bytes.of().u32(32, flags, index, 0).u64(size).u64(0).get());
    }

    @Test
    void moreRoomChangesNothing() {
        Reply exact = served.client.call(GET_REGION_INFO, request(32, 0));
        Reply more = served.client.call(GET_REGION_INFO, request(0xffff_ffffL, 0));

        assertThat(more.body()).isEqualTo(exact.body());
    }

    @ParameterizedTest
    @CsvSource({"32, 9", "32, 4294967295", "31, 0", "8, 0", "0, 0"})
    void badIndexOrTooLittleRoomIsRefused(long argsz, long index) {
        assertThat(served.client.call(GET_REGION_INFO, request(argsz, index)).errno())
                .isEqualTo(EINVAL);
        served.client.assertUsable();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 16, 31, 33})
    void wrongLengthIsRefused(int length) {
        assertThat(served.client
                        .call(GET_REGION_INFO, Arrays.copyOf(request(32, 0), length))
                        .errno())
                .isEqualTo(EINVAL);
        served.client.assertUsable();
    }

    private static byte[] request(long argsz, long index) {
        return Bytes.of().u32(argsz, 0, index, 0).u64(0).u64(0).get();
    }
}
