package dev.nacre.vfiouser;

import static dev.nacre.vfiouser.RawClient.DEVICE_FEATURE;
import static dev.nacre.vfiouser.RawClient.DIRTY_PAGES;
import static dev.nacre.vfiouser.RawClient.DMA_READ;
import static dev.nacre.vfiouser.RawClient.DMA_WRITE;
import static dev.nacre.vfiouser.RawClient.EINVAL;
import static dev.nacre.vfiouser.RawClient.MIG_DATA_READ;
import static dev.nacre.vfiouser.RawClient.MIG_DATA_WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(LeavesNothing.class)
class UnsupportedCommandsTest {
    private final Served served = Served.negotiated();

    @AfterEach
    void close() {
        served.close();
    }

    @Test
    void deviceThatCannotMigrateHasNoStateToReadOrWrite() {
        assertThat(served.client
                        .call(MIG_DATA_READ, Bytes.of().u32(4104, 4096).get())
                        .errno())
                .isEqualTo(EINVAL);
        assertThat(served.client
                        .call(MIG_DATA_WRITE, Bytes.of().u32(12, 4, 0).get())
                        .errno())
                .isEqualTo(EINVAL);
        served.client.assertUsable();
    }

    @ParameterizedTest
    @ValueSource(ints = {DMA_READ, DMA_WRITE, DIRTY_PAGES, 0, 19, 999, 65535})
    void commandsThatNoServerTakesAreRefused(int command) {
        assertThat(served.client.call(command, new byte[16]).errno()).isEqualTo(EINVAL);
        served.client.assertUsable();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, DMA_READ, DIRTY_PAGES, DEVICE_FEATURE, MIG_DATA_READ, MIG_DATA_WRITE, 19})
    void noneIsAnsweredIfPosted(int command) {
        served.client.post(command, new byte[16]);

        served.client.assertUsable();
    }
}
