package dev.nacre.vfiouser;

import static dev.nacre.vfiouser.RawClient.REGION_READ;
import static dev.nacre.vfiouser.RawClient.REGION_WRITE;
import static dev.nacre.vfiouser.RawClient.RESET;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.vfiouser.RawClient.Reply;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
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
    void endlessRecursionAndLackOfMemoryAreSurvived() {
        served.function.onRead = ModelFailureTest::recurse;
        Reply deep = served.client.call(
                REGION_READ, Bytes.of().u64(16).u32(FakeFunction.BAR0, 4).get());
        served.function.onRead = () -> {
            throw new OutOfMemoryError("planted");
        };
        Reply starved = served.client.call(
                REGION_READ, Bytes.of().u64(16).u32(FakeFunction.BAR0, 4).get());

        assertThat(deep.little().getInt(16)).isEqualTo(-1);
        assertThat(starved.little().getInt(16)).isEqualTo(-1);
        served.client.assertUsable();
    }

    @Test
    void everyKindOfFailureIsLoggedOnce() throws Exception {
        List<LogRecord> logged = new CopyOnWriteArrayList<>();
        Logger logger = Logger.getLogger(ModelGuard.class.getName());
        Handler handler = new RecordingHandler(logged);
        logger.addHandler(handler);
        try {
            served.function.failure = new FakeFunction.PlantedException();
            byte[] access = Bytes.of().u64(0).u32(FakeFunction.BAR0, 4).get();
            for (int i = 0; i < 10; i++) {
                served.client.call(REGION_READ, access);
                served.client.call(REGION_WRITE, Bytes.of().raw(access).u32(i).get());
                served.client.call(RESET, Bytes.none());
            }

            assertThat(served.leave().modelFailures()).isEqualTo(31);
        } finally {
            logger.removeHandler(handler);
        }
        assertThat(logged)
                .extracting(LogRecord::getMessage)
                .satisfiesExactly(
                        read -> assertThat(read).contains("call=READ"),
                        write -> assertThat(write).contains("call=WRITE"),
                        reset -> assertThat(reset).contains("call=RESET"),
                        end -> assertThat(end).contains("call=DISCONNECTED"));
    }

    @Test
    void loggerThatFailsTooHarmsNothing() throws Exception {
        Logger logger = Logger.getLogger(ModelGuard.class.getName());
        Handler handler = new ThrowingHandler();
        logger.addHandler(handler);
        try {
            served.function.failure = new FakeFunction.PlantedException();

            Reply reply = served.client.call(
                    REGION_READ, Bytes.of().u64(16).u32(FakeFunction.BAR0, 4).get());

            assertThat(reply.little().getInt(16)).isEqualTo(-1);
            assertThat(served.leave().modelFailures()).isEqualTo(2);
        } finally {
            logger.removeHandler(handler);
        }
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

    private static void recurse() {
        Runnable again = ModelFailureTest::recurse;
        again.run();
    }

    /** Keeps what is logged. */
    private static final class RecordingHandler extends Handler {
        private final List<LogRecord> records;

        RecordingHandler(List<LogRecord> records) {
            this.records = records;
        }

        @Override
        public void publish(LogRecord record) {
            records.add(record);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }

    /** Fails to log. */
    private static final class ThrowingHandler extends Handler {
        @Override
        public void publish(LogRecord record) {
            throw new FakeFunction.PlantedError();
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
