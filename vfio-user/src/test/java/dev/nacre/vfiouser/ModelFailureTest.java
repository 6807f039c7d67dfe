package dev.nacre.vfiouser;

import static dev.nacre.vfiouser.RawClient.REGION_READ;
import static dev.nacre.vfiouser.RawClient.REGION_WRITE;
import static dev.nacre.vfiouser.RawClient.RESET;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.vfiouser.RawClient.Reply;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A device model with defects is a missing device to the client, and never harms the connection. */
@ExtendWith(LeavesNothing.class)
class ModelFailureTest {
    private final Served served = Served.negotiated();

    @AfterEach
    void close() {
        served.close();
    }

    @Test
    void failedReadGivesAllOnes() {
        served.function.failure = new FakeFunction.PlantedException();

        Reply reply = served.client.call(
                REGION_READ, Bytes.of().u64(16).u32(FakeFunction.BAR0, 64).get());

        byte[] ones = new byte[64];
        Arrays.fill(ones, (byte) 0xff);
        assertThat(reply.errno()).isZero();
        assertThat(Arrays.copyOfRange(reply.body(), 16, 80)).isEqualTo(ones);
    }

    @Test
    void failedWriteIsDropped() {
        served.function.failure = new FakeFunction.PlantedException();

        Reply reply = served.client.call(
                REGION_WRITE,
                Bytes.of().u64(16).u32(FakeFunction.BAR0, 4).u32(1).get());

        assertThat(reply.errno()).isZero();
    }

    @Test
    void errorsOfTheVirtualMachineAreSurvivedToo() {
        served.function.fatalFailure = new FakeFunction.PlantedError();

        Reply reply = served.client.call(
                REGION_READ, Bytes.of().u64(16).u32(FakeFunction.BAR0, 4).get());

        assertThat(reply.little().getInt(16)).isEqualTo(-1);
        served.client.assertUsable();
    }

    @Test
    void failuresAreCountedAndTheStreamStaysInStep() throws Exception {
        served.function.failure = new FakeFunction.PlantedException();
        for (int i = 0; i < 100; i++) {
            served.client.post(
                    REGION_WRITE,
                    Bytes.of().u64(0).u32(FakeFunction.BAR0, 4).u32(i).get());
        }
        served.client.call(
                REGION_READ, Bytes.of().u64(0).u32(FakeFunction.BAR0, 4).get());
        served.client.call(RESET, Bytes.none());
        served.function.failure = null;
        Reply healthy = served.client.call(
                REGION_READ, Bytes.of().u64(0).u32(FakeFunction.BAR0, 4).get());

        assertThat(healthy.little().getInt(16)).isZero();
        assertThat(served.leave().modelFailures()).isEqualTo(102);
    }

    @Test
    void failureOnDisconnectIsCounted() throws Exception {
        served.function.failure = new FakeFunction.PlantedException();

        assertThat(served.leave().modelFailures()).isEqualTo(1);
    }
}
