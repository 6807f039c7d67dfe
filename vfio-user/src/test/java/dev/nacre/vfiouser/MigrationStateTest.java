package dev.nacre.vfiouser;

import static dev.nacre.vfiouser.MigrationState.ERROR;
import static dev.nacre.vfiouser.MigrationState.PRE_COPY;
import static dev.nacre.vfiouser.MigrationState.RESUMING;
import static dev.nacre.vfiouser.MigrationState.RUNNING;
import static dev.nacre.vfiouser.MigrationState.STOP;
import static dev.nacre.vfiouser.MigrationState.STOP_COPY;
import static dev.nacre.vfiouser.RawClient.DEVICE_FEATURE;
import static dev.nacre.vfiouser.RawClient.DMA_MAP;
import static dev.nacre.vfiouser.RawClient.DMA_UNMAP;
import static dev.nacre.vfiouser.RawClient.EINVAL;
import static dev.nacre.vfiouser.RawClient.MIG_DATA_WRITE;
import static dev.nacre.vfiouser.RawClient.REGION_READ;
import static dev.nacre.vfiouser.RawClient.REGION_WRITE;
import static dev.nacre.vfiouser.RawClient.RESET;
import static dev.nacre.vfiouser.RawClient.SET_IRQS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.linux.Errno;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(LeavesNothing.class)
class MigrationStateTest {
    private static final int GET_STATE = 1 << 16 | 2;
    private static final int SET_STATE = 1 << 17 | 2;

    /** The direct arcs by number, written down once more: origin, goal, whether only with pre-copy. */
    private static final int[][] ARCS = {
        {2, 1, 0}, {1, 2, 0}, {1, 3, 0}, {3, 1, 0}, {1, 4, 0}, {4, 1, 0}, {2, 6, 1}, {6, 2, 1}, {6, 3, 1}
    };

    // TIMEOUT: a connection's end takes milliseconds.
    private static final int PATIENCE_S = 20;

    @TempDir
    Path folder;

    private final FakeMigration migration = new FakeMigration(true);
    private final Served served = Served.negotiated(migration);

    @AfterEach
    void close() {
        served.close();
    }

    private int set(int number) {
        return served.client
                .call(DEVICE_FEATURE, Bytes.of().u32(16, SET_STATE, number, 0).get())
                .errno();
    }

    private int set(MigrationState state) {
        return set(state.number());
    }

    private MigrationState state() {
        int number = served.client
                .call(DEVICE_FEATURE, Bytes.of().u32(16, GET_STATE).get())
                .little()
                .getInt(8);
        return MigrationState.of(number).orElseThrow();
    }

    private int reset() {
        return served.client.call(RESET, Bytes.none()).errno();
    }

    private int write(int... bytes) {
        byte[] body = Bytes.of().u32(8 + bytes.length, bytes.length).u8(bytes).get();
        return served.client.call(MIG_DATA_WRITE, body).errno();
    }

    /** The way by trying all sequences of states, the shorter ones first. */
    private static Optional<List<MigrationState>> expectedWay(int from, int to, boolean preCopy) {
        if ((from == 3 && to == 6)
                || List.of(0, 5, 7).contains(to)
                || List.of(0, 5, 7).contains(from)) {
            return Optional.empty();
        }
        List<List<Integer>> ways = List.of(List.of(from));
        for (int length = 0; length < 8; length++) {
            for (List<Integer> way : ways) {
                if (way.getLast() == to) {
                    return Optional.of(way.stream()
                            .skip(1)
                            .map(state -> MigrationState.of(state).orElseThrow())
                            .toList());
                }
            }
            ways = longer(ways, preCopy);
        }
        return Optional.empty();
    }

    private static List<List<Integer>> longer(List<List<Integer>> ways, boolean preCopy) {
        List<List<Integer>> longer = new ArrayList<>();
        for (List<Integer> way : ways) {
            boolean isInner = way.size() > 1;
            for (int[] arc : ARCS) {
                boolean passes = !isInner || (way.getLast() != 3 && way.getLast() != 6);
                if (arc[0] == way.getLast() && passes && (preCopy || arc[2] == 0)) {
                    List<Integer> next = new ArrayList<>(way);
                    next.add(arc[1]);
                    longer.add(next);
                }
            }
        }
        return longer;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void everyPairTakesTheShortestWay(boolean preCopy) {
        for (MigrationState from : MigrationState.values()) {
            for (MigrationState to : MigrationState.values()) {
                assertThat(MigrationState.way(from, to, preCopy))
                        .as(from + " to " + to)
                        .isEqualTo(expectedWay(from.number(), to.number(), preCopy));
            }
        }
    }

    @Test
    void numbersAreThoseOfTheKernel() {
        assertThat(Arrays.stream(MigrationState.values()).map(MigrationState::number))
                .containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
        assertThat(MigrationState.of(8)).isEmpty();
        assertThat(MigrationState.of(-1)).isEmpty();
        assertThat(MigrationState.of(6)).contains(PRE_COPY);
    }

    @ParameterizedTest
    @EnumSource(names = {"RUNNING", "STOP", "STOP_COPY", "RESUMING", "PRE_COPY"})
    void everyGoalIsReachedOrRefusedOverTheSocket(MigrationState from) {
        for (int goal = 0; goal < 8; goal++) {
            try (Served fresh = Served.negotiated(new FakeMigration(true))) {
                byte[] go = Bytes.of().u32(16, SET_STATE, from.number(), 0).get();
                assertThat(fresh.client.call(DEVICE_FEATURE, go).errno()).isZero();
                // A state that is left by its arc to STOP must have been written.
                byte[] data = Bytes.of().u32(9, 1).u8(1).get();
                fresh.client.post(MIG_DATA_WRITE, data);

                byte[] move = Bytes.of().u32(16, SET_STATE, goal, 0).get();
                int errno = fresh.client.call(DEVICE_FEATURE, move).errno();

                boolean legal = expectedWay(from.number(), goal, true).isPresent();
                byte[] get = Bytes.of().u32(16, GET_STATE).get();
                assertThat(errno).as(from + " to " + goal).isEqualTo(legal ? 0 : EINVAL);
                assertThat(fresh.client.call(DEVICE_FEATURE, get).little().getInt(8))
                        .isEqualTo(legal ? goal : from.number());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 0xabcd, -1, Integer.MIN_VALUE})
    void unknownNumberIsRefused(int number) {
        assertThat(set(number)).isEqualTo(EINVAL);
        assertThat(state()).isEqualTo(RUNNING);
    }

    @Test
    void deviceThatMustBeStoppedHasNoPreCopy() {
        try (Served plain = Served.negotiated(new FakeMigration(false))) {
            byte[] body = Bytes.of().u32(16, SET_STATE, PRE_COPY.number(), 0).get();

            assertThat(plain.client.call(DEVICE_FEATURE, body).errno()).isEqualTo(EINVAL);
        }
    }

    @Test
    void sameStateAgainDoesNothing() {
        set(STOP);

        assertThat(set(STOP)).isZero();
        assertThat(migration.calls).containsExactly("stop");
    }

    @ParameterizedTest
    @CsvSource({
        "RUNNING, STOP_COPY, 'stop, save'",
        "RUNNING, RESUMING, 'stop, load'",
        "RUNNING, PRE_COPY, 'save'",
        "STOP, PRE_COPY, 'start, save'",
        "STOP_COPY, RUNNING, 'close save, start'",
        "STOP_COPY, RESUMING, 'close save, load'",
        "RESUMING, PRE_COPY, 'finish, close load, start, save'",
        "RESUMING, STOP_COPY, 'finish, close load, save'",
        "PRE_COPY, STOP, 'close save, stop'",
        "PRE_COPY, STOP_COPY, 'stop'",
        "PRE_COPY, RUNNING, 'close save'",
        "PRE_COPY, RESUMING, 'close save, stop, load'"
    })
    void longWayTakesTheDeviceThroughEachState(MigrationState from, MigrationState to, String calls) {
        set(from);
        served.client.post(MIG_DATA_WRITE, Bytes.of().u32(9, 1).u8(1).get());
        served.client.assertUsable();
        migration.calls.clear();

        assertThat(set(to)).isZero();

        assertThat(String.join(", ", migration.calls)).isEqualTo(calls);
    }

    @ParameterizedTest
    @CsvSource({
        "RUNNING, STOP, stop, RUNNING",
        "STOP, RUNNING, start, STOP",
        "STOP, STOP_COPY, save, STOP",
        "STOP, RESUMING, load, STOP",
        "RUNNING, PRE_COPY, save, RUNNING",
        "PRE_COPY, STOP_COPY, stop, PRE_COPY",
        "RUNNING, STOP_COPY, save, STOP",
        "STOP_COPY, RUNNING, start, STOP",
        "RUNNING, RESUMING, load, STOP",
        "PRE_COPY, RESUMING, stop, RUNNING"
    })
    void deviceThatRefusesStaysInTheLastStateThatItReached(
            MigrationState from, MigrationState to, String call, MigrationState end) {
        set(from);
        migration.refuse(call, Errno.EBUSY);

        assertThat(set(to)).isEqualTo(Errno.EBUSY.number());

        assertThat(state()).isEqualTo(end);
        migration.recover();
        assertThat(set(to)).isZero();
        assertThat(state()).isEqualTo(to);
    }

    @ParameterizedTest
    @CsvSource({"RUNNING, STOP, stop", "STOP, STOP_COPY, save", "STOP_COPY, STOP, close save", "RESUMING, STOP, finish"
    })
    void modelThatFailsIsAnIoErrorAndNeedsAReset(MigrationState from, MigrationState to, String call) {
        set(from);
        migration.failAt(call, new FakeFunction.PlantedException());

        assertThat(set(to)).isEqualTo(Errno.EIO.number());

        assertThat(state()).isEqualTo(ERROR);
        migration.recover();
        assertThat(reset()).isZero();
        assertThat(state()).isEqualTo(RUNNING);
        assertThat(set(STOP_COPY)).isZero();
    }

    @Test
    void damagedStateIsRefusedAndResetRecovers() {
        set(RESUMING);
        write(FakeMigration.DAMAGED, 1, 2);

        int errno = set(STOP);

        assertThat(errno).isEqualTo(Errno.EBADMSG.number());
        assertThat(state()).isEqualTo(ERROR);
        assertThat(migration.calls).endsWith("finish", "close load");
        for (MigrationState goal : MigrationState.values()) {
            assertThat(set(goal)).as(goal.name()).isEqualTo(EINVAL);
        }
        served.function.calls.clear();
        assertThat(reset()).isZero();
        assertThat(served.function.calls).containsExactly("reset");
        assertThat(state()).isEqualTo(RUNNING);
        assertThat(migration.isRunning()).isTrue();
        assertThat(set(RESUMING)).isZero();
        assertThat(write(1)).isZero();
        assertThat(set(RUNNING)).isZero();
    }

    @Test
    void emptyStateIsRefusedOnALongWayToo() {
        set(RESUMING);

        assertThat(set(RUNNING)).isEqualTo(Errno.EBADMSG.number());
        assertThat(state()).isEqualTo(ERROR);
    }

    @Test
    void deviceThatCannotStartAfterAResetStaysInError() {
        set(RESUMING);
        set(STOP);
        migration.refuse("start", Errno.ENODEV);

        assertThat(reset()).isEqualTo(Errno.ENODEV.number());
        assertThat(state()).isEqualTo(ERROR);
    }

    @ParameterizedTest
    @EnumSource(names = {"RUNNING", "STOP", "PRE_COPY"})
    void resetLeavesTheStateAsItIs(MigrationState state) {
        set(state);

        assertThat(reset()).isZero();

        assertThat(state()).isEqualTo(state);
        assertThat(served.function.calls).containsExactly("reset");
    }

    @ParameterizedTest
    @EnumSource(names = {"STOP_COPY", "RESUMING"})
    void resetThatWouldSpoilAStreamIsRefused(MigrationState state) {
        set(state);

        assertThat(reset()).isEqualTo(EINVAL);

        assertThat(state()).isEqualTo(state);
        assertThat(served.function.calls).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"STOP", "STOP_COPY", "RESUMING"})
    void stoppedDeviceIsTakenDownAndSetUpAsEver(MigrationState state) {
        Map<Integer, byte[]> commands = Map.of(
                DMA_MAP, Bytes.of().u32(32, 3).u64(0).u64(0x10_0000).u64(0x1000).get(),
                SET_IRQS, Bytes.of().u32(20, 0x21, 2, 0, 0).get(),
                REGION_READ, Bytes.of().u64(0).u32(FakeFunction.BAR0, 4).get(),
                REGION_WRITE, Bytes.of().u64(0).u32(FakeFunction.BAR0, 4).u32(1).get());
        set(state);

        commands.forEach((command, body) ->
                assertThat(served.client.call(command, body).errno()).isZero());
        byte[] unmap = Bytes.of().u32(24, 0).u64(0x10_0000).u64(0x1000).get();
        assertThat(served.client.call(DMA_UNMAP, unmap).errno()).isZero();
        served.client.assertUsable();
    }

    @ParameterizedTest
    @CsvSource({
        "RUNNING, '', ''",
        "STOP, 'start', ''",
        "STOP_COPY, 'close save, start', ''",
        "RESUMING, 'close load, start', 'reset'",
        "PRE_COPY, 'close save', ''"
    })
    void disconnectEndsTheStreamAndLeavesARunningDevice(MigrationState state, String calls, String reset)
            throws Exception {
        set(state);
        migration.calls.clear();

        served.leave();

        assertThat(String.join(", ", migration.calls)).isEqualTo(calls);
        assertThat(migration.isRunning()).isTrue();
        assertThat(String.join(", ", served.function.calls))
                .isEqualTo(reset.isEmpty() ? "disconnected" : "reset, disconnected");
    }

    @Test
    void deviceThatRefusesToGoOnWhenItsClientLeavesIsStartedForTheNext() throws Exception {
        Path path = folder.resolve("gpu");
        FakeMigration device = new FakeMigration(true);
        BlockingQueue<String> warnings = new LinkedBlockingQueue<>();
        try (FakeFunction function = new FakeFunction(device);
                VfioUserServer server = serving(function, path, ReconnectPolicy.KEEP, warnings)) {
            leaveStopped(path, device);
            assertThat(warnings.poll(PATIENCE_S, TimeUnit.SECONDS))
                    .isEqualTo("The device refused to go on: planted (EBUSY).");
            device.recover();

            try (VfioUserClient next = VfioUserClient.connect(path)) {
                assertThat(device.isRunning()).isTrue();
                assertThat(next.migration().state()).isEqualTo(RUNNING);
                assertThat(function.calls).isEmpty();
            }
            server.close();
            assertThat(device.calls).containsExactly("stop", "start", "start");
        }
    }

    @Test
    void deviceThatStillRefusesToGoOnIsInErrorForTheNextClientUntilAReset() throws Exception {
        Path path = folder.resolve("gpu");
        FakeMigration device = new FakeMigration(true);
        BlockingQueue<String> warnings = new LinkedBlockingQueue<>();
        try (FakeFunction function = new FakeFunction(device);
                VfioUserServer server = serving(function, path, ReconnectPolicy.RESET, warnings)) {
            leaveStopped(path, device);

            try (VfioUserClient next = VfioUserClient.connect(path)) {
                assertThat(next.migration().state()).isEqualTo(ERROR);
                device.recover();
                next.reset();
                assertThat(device.isRunning()).isTrue();
                assertThat(next.migration().state()).isEqualTo(RUNNING);
            }
            server.close();
            assertThat(device.calls).containsExactly("stop", "start", "start", "start", "start");
        }
    }

    private static VfioUserServer serving(
            FakeFunction function, Path path, ReconnectPolicy policy, BlockingQueue<String> warnings) {
        VfioUserServer server = VfioUserServer.builder(function)
                .socketPath(path)
                .onReconnect(policy)
                .listener(new ServerListener() {
                    @Override
                    public void warning(String text) {
                        warnings.add(text);
                    }
                })
                .build();
        server.start();
        return server;
    }

    /** A client stops the device and leaves; it refuses to be started from then on. */
    private static void leaveStopped(Path path, FakeMigration device) {
        try (VfioUserClient client = VfioUserClient.connect(path)) {
            client.migration().moveTo(STOP);
            device.refuse("start", Errno.EBUSY);
        }
    }

    @Test
    void disconnectInErrorResetsTheDevice() throws Exception {
        set(RESUMING);
        set(STOP);

        served.leave();

        assertThat(served.function.calls).containsExactly("reset", "disconnected");
        assertThat(migration.isRunning()).isTrue();
    }
}
