package dev.nacre.vfiouser;

import static dev.nacre.vfiouser.RawClient.DEVICE_FEATURE;
import static dev.nacre.vfiouser.RawClient.EINVAL;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.vfiouser.RawClient.Reply;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(LeavesNothing.class)
class DeviceFeatureTest {
    private static final int GET = 1 << 16;
    private static final int SET = 1 << 17;
    private static final int PROBE = 1 << 18;
    private static final int MIGRATION = 1;
    private static final int STATE = 2;
    private static final int LOGGING_START = 6;
    private static final int LOGGING_STOP = 7;
    private static final int LOGGING_REPORT = 8;
    private static final int STOP = 1;

    private final Served served = Served.negotiated(new FakeMigration(true));

    @AfterEach
    void close() {
        served.close();
    }

    private Reply call(long argsz, int flags, byte... data) {
        return served.client.call(
                DEVICE_FEATURE, Bytes.of().u32(argsz, flags).raw(data).get());
    }

    private void assertRefused(Reply reply) {
        assertThat(reply.errno()).isEqualTo(EINVAL);
        served.client.assertUsable();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 4, 7})
    void bodyShorterThanTheFixedPartIsRefused(int size) {
        assertRefused(served.client.call(DEVICE_FEATURE, new byte[size]));
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                PROBE | GET | MIGRATION,
                PROBE | MIGRATION,
                PROBE | GET | SET | STATE,
                PROBE | GET | STATE,
                PROBE | SET | LOGGING_START,
                PROBE | SET | LOGGING_STOP,
                PROBE | GET | LOGGING_REPORT
            })
    void probeOfWhatIsThereRepeatsTheRequest(int flags) {
        Reply bare = call(8, flags);
        Reply withRoom = call(4096, flags, new byte[8]);

        assertThat(bare.errno()).isZero();
        assertThat(bare.body()).isEqualTo(Bytes.of().u32(8, flags).get());
        assertThat(withRoom.body()).isEqualTo(Bytes.of().u32(4096, flags, 0, 0).get());
    }

    @Test
    void probeOfTheStateChangesNothing() {
        call(16, PROBE | SET | STATE, Bytes.of().u32(STOP, 0).get());

        assertThat(call(16, GET | STATE).little().getInt(8)).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                PROBE | SET | MIGRATION,
                PROBE | GET | SET | MIGRATION,
                PROBE | GET | LOGGING_START,
                PROBE | GET | SET | LOGGING_STOP,
                PROBE | SET | LOGGING_REPORT,
                PROBE | GET | 0,
                PROBE | GET | 3,
                PROBE | GET | 9,
                PROBE | SET | 0xffff,
                SET | MIGRATION,
                GET | LOGGING_START,
                GET | LOGGING_STOP,
                SET | LOGGING_REPORT,
                GET | SET | STATE,
                GET | 5,
                SET | 5,
                STATE,
                0,
                99,
                GET | STATE | 1 << 19,
                GET | STATE | 1 << 31
            })
    void operationThatAFeatureDoesNotTakeIsRefused(int flags) {
        assertRefused(call(64, flags, new byte[48]));
    }

    @ParameterizedTest
    @CsvSource({
        "7, 0x40001, 0",
        "15, 0x40002, 8",
        "15, 0x10001, 0",
        "15, 0x10002, 0",
        "8, 0x10001, 0",
        "0, 0x10001, 0",
        "15, 0x20002, 8",
        "7, 0x20007, 0",
        "23, 0x20006, 16"
    })
    void tooSmallArgszIsRefused(long argsz, String flags, int dataSize) {
        assertRefused(call(argsz, Integer.decode(flags), new byte[dataSize]));
    }

    @ParameterizedTest
    @CsvSource({"0x20002, 0", "0x20002, 7", "0x20006, 0", "0x20006, 15", "0x10008, 0", "0x10008, 23"})
    void requestWithoutItsDataIsRefused(String flags, int dataSize) {
        assertRefused(call(4096, Integer.decode(flags), new byte[dataSize]));
    }

    @Test
    void migrationOfADeviceThatIsReadWhileItRuns() {
        Reply reply = call(16, GET | MIGRATION);

        assertThat(reply.body())
                .isEqualTo(Bytes.of().u32(16, GET | MIGRATION).u64(5).get());
    }

    @Test
    void migrationOfADeviceThatMustBeStopped() {
        try (Served plain = Served.negotiated(new FakeMigration(false))) {
            Reply reply = plain.client.call(
                    DEVICE_FEATURE, Bytes.of().u32(16, GET | MIGRATION).get());

            assertThat(reply.body())
                    .isEqualTo(Bytes.of().u32(16, GET | MIGRATION).u64(1).get());
        }
    }

    @Test
    void answerToGetIsAsLongAsItsDataWhateverRoomThereIs() {
        Reply reply = call(0xffff_ffffL, GET | STATE, new byte[1000]);

        assertThat(reply.body()).isEqualTo(Bytes.of().u32(16, GET | STATE, 2, 0).get());
    }

    @Test
    void answerToSetRepeatsTheRequest() {
        Reply reply = call(40, SET | STATE, Bytes.of().u32(STOP, 7).get());

        assertThat(reply.body())
                .isEqualTo(Bytes.of().u32(40, SET | STATE, STOP, 7).get());
    }

    @Test
    void postedSetIsDoneAndNotAnswered() {
        served.client.post(
                DEVICE_FEATURE, Bytes.of().u32(16, SET | STATE, STOP, 0).get());

        assertThat(call(16, GET | STATE).little().getInt(8)).isEqualTo(STOP);
    }

    @ParameterizedTest
    @ValueSource(ints = {GET | MIGRATION, GET | STATE, SET | STATE, PROBE | MIGRATION, PROBE | STATE})
    void deviceThatCannotMigrateLacksTheFeaturesOfMigration(int flags) {
        try (Served plain = Served.negotiated()) {
            byte[] body = Bytes.of().u32(16, flags, STOP, 0).get();

            assertThat(plain.client.call(DEVICE_FEATURE, body).errno()).isEqualTo(EINVAL);
            plain.client.assertUsable();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {PROBE | SET | LOGGING_START, PROBE | SET | LOGGING_STOP, PROBE | GET | LOGGING_REPORT})
    void deviceThatCannotMigrateLogsItsDmaAllTheSame(int flags) {
        try (Served plain = Served.negotiated()) {
            byte[] body = Bytes.of().u32(8, flags).get();

            assertThat(plain.client.call(DEVICE_FEATURE, body).errno()).isZero();
        }
    }
}
