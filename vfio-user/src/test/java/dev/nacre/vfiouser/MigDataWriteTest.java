package dev.nacre.vfiouser;

import static dev.nacre.vfiouser.RawClient.DEVICE_FEATURE;
import static dev.nacre.vfiouser.RawClient.EINVAL;
import static dev.nacre.vfiouser.RawClient.MIG_DATA_WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.linux.Errno;
import dev.nacre.vfiouser.RawClient.Reply;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(LeavesNothing.class)
class MigDataWriteTest {
    private static final int SET_STATE = 1 << 17 | 2;
    private static final int LIMIT = 1 << 16;

    private final FakeMigration migration = new FakeMigration(true);
    private final Served served = Served.negotiated(migration, LIMIT);

    @AfterEach
    void close() {
        served.close();
    }

    private Reply set(MigrationState state) {
        return served.client.call(
                DEVICE_FEATURE, Bytes.of().u32(16, SET_STATE, state.number(), 0).get());
    }

    private Reply write(long argsz, long size, byte... data) {
        return served.client.call(
                MIG_DATA_WRITE, Bytes.of().u32(argsz, size).raw(data).get());
    }

    @Test
    void piecesOfAnySizeBecomeTheState() {
        set(MigrationState.RESUMING);
        Reply first = write(11, 3, (byte) 7, (byte) 8, (byte) 9);
        Reply empty = write(8, 0);
        Reply second = write(100, 1, (byte) 10);
        Reply end = set(MigrationState.STOP);

        assertThat(first.errno()).isZero();
        assertThat(first.body()).isEmpty();
        assertThat(empty.errno()).isZero();
        assertThat(second.errno()).isZero();
        assertThat(end.errno()).isZero();
        assertThat(migration.state()).containsExactly(7, 8, 9, 10);
        assertThat(migration.calls)
                .containsExactly("stop", "load", "write 3", "write 0", "write 1", "finish", "close load");
    }

    @Test
    void largestPieceArrivesWhole() {
        byte[] state = pattern(LIMIT);
        set(MigrationState.RESUMING);

        assertThat(write(8 + LIMIT, LIMIT, state).errno()).isZero();
        set(MigrationState.RUNNING);

        assertThat(migration.state()).isEqualTo(state);
    }

    @Test
    void largePieceIsReceivedWhereTheDeviceWantsIt() {
        byte[] state = pattern(LIMIT);
        migration.showsMemory = true;
        set(MigrationState.RESUMING);

        Reply reply = write(8 + LIMIT, LIMIT, state);
        int end = set(MigrationState.STOP).errno();

        assertThat(reply.errno()).isZero();
        assertThat(reply.body()).isEmpty();
        assertThat(end).isZero();
        assertThat(migration.state()).isEqualTo(state);
        assertThat(migration.calls).containsExactly("stop", "load", "place 65536", "finish", "close load");
    }

    @ParameterizedTest
    @CsvSource({"65543, 65536", "65544, 65535", "65544, 65537", "0, 0"})
    void noPlaceIsAskedForOfALargePieceOfAWrongSize(long argsz, long size) {
        migration.showsMemory = true;
        set(MigrationState.RESUMING);

        assertThat(write(argsz, size, pattern(LIMIT)).errno()).isEqualTo(EINVAL);
        assertThat(migration.calls).containsExactly("stop", "load");
        served.client.assertUsable();
    }

    @Test
    void clientThatDiesInALargePieceLeavesAResetDevice() throws Exception {
        migration.showsMemory = true;
        set(MigrationState.RESUMING);
        byte[] message = Bytes.message(
                9,
                MIG_DATA_WRITE,
                0,
                Bytes.of().u32(8 + LIMIT, LIMIT).raw(pattern(LIMIT)).get());

        served.client.send(Arrays.copyOf(message, 30_000));
        served.leave();

        assertThat(migration.calls).containsExactly("stop", "load", "place 65536", "close load", "start");
        assertThat(served.function.calls).containsExactly("reset", "disconnected");
    }

    @Test
    void deviceThatFailsToSayWhereEndsTheStreamAndTheConnectionGoesOn() {
        migration.showsMemory = true;
        set(MigrationState.RESUMING);
        migration.wrongPlaces = true;

        assertThat(write(8 + LIMIT, LIMIT, pattern(LIMIT)).errno()).isNotZero();

        assertThat(migration.calls).endsWith("place 65536", "close load");
        assertThat(set(MigrationState.STOP).errno()).isEqualTo(EINVAL);
        served.client.assertUsable();
    }

    private static byte[] pattern(int count) {
        byte[] data = new byte[count];
        for (int i = 0; i < count; i++) {
            data[i] = (byte) (i * 31 + (i >> 8) + 1);
        }
        return data;
    }

    @ParameterizedTest
    @EnumSource(names = {"RUNNING", "STOP", "STOP_COPY", "PRE_COPY"})
    void otherStatesTakeNothing(MigrationState state) {
        set(state);

        assertThat(write(9, 1, (byte) 1).errno()).isEqualTo(EINVAL);
        served.client.assertUsable();
    }

    @ParameterizedTest
    @CsvSource({"65545, 65537, 65537", "12, 4, 3", "12, 4, 5", "12, 4, 0", "8, 4294967295, 4", "11, 4, 4", "0, 0, 0"})
    void sizeMustBeThatOfTheDataWithinTheLimit(long argsz, long size, int dataSize) {
        set(MigrationState.RESUMING);

        assertThat(write(argsz, size, new byte[dataSize]).errno()).isEqualTo(EINVAL);
        assertThat(migration.calls).containsExactly("stop", "load");
        served.client.assertUsable();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 4, 7})
    void bodyShorterThanTheFixedPartIsRefused(int length) {
        set(MigrationState.RESUMING);

        assertThat(served.client.call(MIG_DATA_WRITE, new byte[length]).errno()).isEqualTo(EINVAL);
        served.client.assertUsable();
    }

    @Test
    void devicesErrorIsPassedOnAndTheStreamStays() {
        set(MigrationState.RESUMING);
        migration.refuse("write", Errno.EBADMSG);
        Reply refused = write(9, 1, (byte) 5);
        migration.recover();
        Reply after = write(9, 1, (byte) 6);
        set(MigrationState.STOP);

        assertThat(refused.errno()).isEqualTo(Errno.EBADMSG.number());
        assertThat(after.errno()).isZero();
        assertThat(migration.state()).containsExactly(6);
    }

    @Test
    void modelThatFailsIsAnIoErrorAndEndsTheStream() {
        set(MigrationState.RESUMING);
        migration.failAt("write", new FakeFunction.PlantedException());

        assertThat(write(9, 1, (byte) 1).errno()).isEqualTo(Errno.EIO.number());
        assertThat(write(9, 1, (byte) 1).errno()).isEqualTo(EINVAL);
        assertThat(migration.calls).endsWith("write 1", "close load");
        served.client.assertUsable();
    }

    @Test
    void postedWriteIsTaken() {
        set(MigrationState.RESUMING);
        served.client.post(MIG_DATA_WRITE, Bytes.of().u32(9, 1).u8(5).get());
        set(MigrationState.STOP);

        assertThat(migration.state()).containsExactly(5);
    }
}
