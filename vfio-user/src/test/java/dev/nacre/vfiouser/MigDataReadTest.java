package dev.nacre.vfiouser;

import static dev.nacre.vfiouser.RawClient.DEVICE_FEATURE;
import static dev.nacre.vfiouser.RawClient.EINVAL;
import static dev.nacre.vfiouser.RawClient.MIG_DATA_READ;
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
class MigDataReadTest {
    private static final int SET_STATE = 1 << 17 | 2;
    private static final int LIMIT = 1 << 16;

    private final FakeMigration migration = new FakeMigration(true);
    private final Served served = Served.negotiated(migration, LIMIT);

    @AfterEach
    void close() {
        served.close();
    }

    private void moveTo(MigrationState state) {
        byte[] body = Bytes.of().u32(16, SET_STATE, state.number(), 0).get();
        assertThat(served.client.call(DEVICE_FEATURE, body).errno()).isZero();
    }

    private Reply read(long argsz, long size) {
        return served.client.call(MIG_DATA_READ, Bytes.of().u32(argsz, size).get());
    }

    private static byte[] answer(int... data) {
        return Bytes.of().u32(8 + data.length, data.length).u8(data).get();
    }

    @Test
    void stoppedDeviceGivesItsStateInPiecesAndAShortOneAtItsEnd() {
        moveTo(MigrationState.STOP_COPY);

        assertThat(read(12, 4).body()).isEqualTo(answer(1, 2, 3, 4));
        assertThat(read(1000, 4).body()).isEqualTo(answer(5, 6, 7, 8));
        assertThat(read(12, 4).body()).isEqualTo(answer(9, 10));
        assertThat(read(12, 4).body()).isEqualTo(answer());
    }

    @Test
    void runningDeviceGivesWhatItHasAndTheRestWhenStopped() {
        moveTo(MigrationState.PRE_COPY);
        Reply first = read(108, 100);
        Reply none = read(108, 100);
        moveTo(MigrationState.STOP_COPY);
        Reply rest = read(108, 100);

        assertThat(first.body()).isEqualTo(answer(1, 2, 3, 4, 5));
        assertThat(none.body()).isEqualTo(answer());
        assertThat(rest.body()).isEqualTo(answer(6, 7, 8, 9, 10));
        assertThat(migration.calls).containsExactly("save", "read 100", "read 100", "stop", "read 100");
    }

    @Test
    void streamBeginsAnewWhenItsStateIsEnteredAgain() {
        moveTo(MigrationState.STOP_COPY);
        read(12, 4);
        moveTo(MigrationState.STOP);
        moveTo(MigrationState.STOP_COPY);

        assertThat(read(12, 4).body()).isEqualTo(answer(1, 2, 3, 4));
        assertThat(migration.calls).containsExactly("stop", "save", "read 4", "close save", "save", "read 4");
    }

    @Test
    void nothingMayBeAskedFor() {
        moveTo(MigrationState.STOP_COPY);

        assertThat(read(8, 0).body()).isEqualTo(answer());
    }

    @Test
    void largestPieceArrivesWhole() {
        byte[] state = new byte[3 * LIMIT];
        for (int i = 0; i < state.length; i++) {
            state[i] = (byte) (i * 31 + (i >> 8));
        }
        migration.state(state);
        moveTo(MigrationState.STOP_COPY);

        for (int piece = 0; piece < 3; piece++) {
            byte[] body = read(8 + LIMIT, LIMIT).body();
            assertThat(Arrays.copyOfRange(body, 8, body.length))
                    .isEqualTo(Arrays.copyOfRange(state, piece * LIMIT, (piece + 1) * LIMIT));
        }
        assertThat(read(8 + LIMIT, LIMIT).body()).isEqualTo(answer());
    }

    @Test
    void largePieceThatTheDeviceShowsIsSentFromItsPlace() {
        byte[] state = new byte[LIMIT + 20_000];
        for (int i = 0; i < state.length; i++) {
            state[i] = (byte) (i * 31 + (i >> 8));
        }
        migration.state(state);
        migration.showsMemory = true;
        moveTo(MigrationState.STOP_COPY);

        Reply small = read(8 + 1000, 1000);
        Reply large = read(8 + LIMIT, LIMIT);
        Reply rest = read(8 + LIMIT, LIMIT);
        Reply end = read(8 + LIMIT, LIMIT);

        assertThat(small.body()).hasSize(8 + 1000);
        assertThat(large.little().getInt(4)).isEqualTo(LIMIT);
        assertThat(Arrays.copyOfRange(large.body(), 8, large.body().length))
                .isEqualTo(Arrays.copyOfRange(state, 1000, 1000 + LIMIT));
        assertThat(rest.little().getInt(4)).isEqualTo(19_000);
        assertThat(Arrays.copyOfRange(rest.body(), 8, rest.body().length))
                .isEqualTo(Arrays.copyOfRange(state, 1000 + LIMIT, state.length));
        assertThat(end.body()).isEqualTo(answer());
        assertThat(migration.calls)
                .containsExactly("stop", "save", "read 1000", "view 65536", "view 65536", "view 65536");
    }

    @Test
    void deviceThatCannotShowItsStateFailsAsOneThatCannotReadIt() {
        migration.showsMemory = true;
        moveTo(MigrationState.STOP_COPY);
        migration.refuse("view", Errno.ENOSPC);
        Reply refused = read(8 + LIMIT, LIMIT);
        migration.failAt("view", new FakeFunction.PlantedException());
        Reply failed = read(8 + LIMIT, LIMIT);

        assertThat(refused.errno()).isEqualTo(Errno.ENOSPC.number());
        assertThat(failed.errno()).isEqualTo(Errno.EIO.number());
        assertThat(migration.calls).endsWith("close save");
        served.client.assertUsable();
    }

    @ParameterizedTest
    @EnumSource(names = {"RUNNING", "STOP", "RESUMING"})
    void otherStatesHaveNothingToRead(MigrationState state) {
        moveTo(state);

        assertThat(read(12, 4).errno()).isEqualTo(EINVAL);
        served.client.assertUsable();
    }

    @ParameterizedTest
    @CsvSource({
        "65545, 65537",
        "4294967295, 4294967295",
        "1048584, 1048576",
        "11, 4",
        "8, 4",
        "0, 0",
        "7, 0",
        "4, 4294967295"
    })
    void tooLongPieceOrTooSmallArgszIsRefused(long argsz, long size) {
        moveTo(MigrationState.STOP_COPY);

        assertThat(read(argsz, size).errno()).isEqualTo(EINVAL);
        assertThat(read(12, 4).body()).isEqualTo(answer(1, 2, 3, 4));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 7, 9, 12})
    void wrongLengthIsRefused(int length) {
        moveTo(MigrationState.STOP_COPY);
        byte[] body = Arrays.copyOf(Bytes.of().u32(12, 4).get(), length);

        assertThat(served.client.call(MIG_DATA_READ, body).errno()).isEqualTo(EINVAL);
        served.client.assertUsable();
    }

    @Test
    void devicesErrorIsPassedOnAndTheStreamStays() {
        moveTo(MigrationState.STOP_COPY);
        migration.refuse("read", Errno.ENOSPC);
        Reply refused = read(12, 4);
        migration.recover();
        Reply after = read(12, 4);

        assertThat(refused.errno()).isEqualTo(Errno.ENOSPC.number());
        assertThat(after.body()).isEqualTo(answer(1, 2, 3, 4));
        assertThat(served.warnings).containsExactly("The device refused its migration: planted (ENOSPC).");
    }

    @Test
    void modelThatFailsIsAnIoErrorAndEndsTheStream() {
        moveTo(MigrationState.STOP_COPY);
        migration.failAt("read", new FakeFunction.PlantedException());

        assertThat(read(12, 4).errno()).isEqualTo(Errno.EIO.number());
        assertThat(read(12, 4).errno()).isEqualTo(EINVAL);
        assertThat(migration.calls).endsWith("read 4", "close save");
        served.client.assertUsable();
    }

    @Test
    void postedReadIsNotAnswered() {
        moveTo(MigrationState.STOP_COPY);

        served.client.post(MIG_DATA_READ, Bytes.of().u32(12, 4).get());

        served.client.assertUsable();
    }
}
