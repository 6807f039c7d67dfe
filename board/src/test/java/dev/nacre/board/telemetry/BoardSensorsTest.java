package dev.nacre.board.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.nacre.board.Telemetry;
import dev.nacre.board.engine.EngineThread;
import dev.nacre.board.engine.EngineWorker;
import dev.nacre.board.engine.SharedEngines;
import dev.nacre.board.hal.ChipHal;
import dev.nacre.board.hal.EngineInfo.Kind;
import dev.nacre.board.hal.PowerProfile;
import dev.nacre.board.state.StateException;
import dev.nacre.board.state.StateReader;
import dev.nacre.board.state.StateWriter;
import dev.nacre.hw.chip.Chip;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class BoardSensorsTest {
    private static final PowerProfile L40 = ChipHal.of(Chip.AD102).power();

    private final SharedEngines engines = new SharedEngines();
    private final AtomicLong clockNs = new AtomicLong(1);
    private final BoardSensors sensors = new BoardSensors(L40, engines, clockNs::get);

    @AfterEach
    void close() {
        engines.close();
    }

    private void restore(long temperature, long averagePower) {
        StateWriter state = new StateWriter();
        state.put("temperature", temperature);
        state.put("averagePower", averagePower);
        sensors.restore(new StateReader(state.toByteArray()));
    }

    @ParameterizedTest
    @EnumSource
    void profile_isPossible(Chip chip) {
        PowerProfile profile = ChipHal.of(chip).power();

        assertThat(profile.milliwatts(0, 0)).isEqualTo(profile.idleMilliwatts());
        assertThat(profile.milliwatts(1, 1)).isEqualTo(profile.limitMilliwatts());
        assertThat(profile.milliwatts(7, -1)).isLessThan(profile.limitMilliwatts());
        assertThat(profile.celsius(profile.limitMilliwatts())).isEqualTo(PowerProfile.LIMIT_CELSIUS);
        assertThat(profile.celsius(profile.idleMilliwatts())).isBetween(PowerProfile.AMBIENT_CELSIUS, 40.0);
        assertThat(profile.busy().graphics()).isGreaterThan(profile.idle().graphics());
    }

    @Test
    void idleBoard_staysAsItIs() {
        Telemetry first = sensors.read();
        clockNs.addAndGet(TimeUnit.HOURS.toNanos(1));

        assertThat(sensors.read()).isEqualTo(first);
        assertThat(first.powerMilliwatts()).isEqualTo(36_000);
        assertThat(first.averagePowerMilliwatts()).isEqualTo(36_000);
        assertThat(first.powerLimitMilliwatts()).isEqualTo(300_000);
        assertThat(first.performanceState()).isEqualTo(8);
        assertThat(first.temperatureCelsius()).isCloseTo(33.76, within(0.01));
    }

    @Test
    void warmBoard_coolsByTheTimeConstant() {
        restore(70 * 256, 250_000);
        clockNs.addAndGet(PowerProfile.HEAT_NS);

        double idle = L40.celsius(L40.idleMilliwatts());
        assertThat(sensors.read().temperatureCelsius()).isCloseTo(idle + (70 - idle) / Math.E, within(0.01));
        clockNs.addAndGet(TimeUnit.HOURS.toNanos(1));
        assertThat(sensors.read().temperatureCelsius()).isCloseTo(idle, within(0.01));
        assertThat(sensors.read().averagePowerMilliwatts()).isEqualTo(36_000);
    }

    @Test
    void clockThatStandsOrGoesBack_changesNothing() {
        restore(70 * 256, 250_000);

        clockNs.addAndGet(-5_000);

        assertThat(sensors.read().temperatureCelsius()).isEqualTo(70);
    }

    @Test
    void savedState_isRestored() {
        restore(50 * 256 + 128, 99_000);
        StateWriter state = new StateWriter();
        sensors.save(state);
        BoardSensors other = new BoardSensors(L40, engines, clockNs::get);

        other.restore(new StateReader(state.toByteArray()));

        assertThat(other.read().temperatureCelsius()).isEqualTo(50.5);
        assertThat(other.read().averagePowerMilliwatts()).isEqualTo(99_000);
    }

    @ParameterizedTest
    @CsvSource({"-1, 36000", "100000, 36000", "9000, -1", "9000, 300001"})
    void impossibleState_isRefused(long temperature, long averagePower) {
        assertThatThrownBy(() -> restore(temperature, averagePower)).isInstanceOf(StateException.class);

        assertThat(sensors.read().averagePowerMilliwatts()).isEqualTo(36_000);
    }

    @Test
    void guestSeesItsOwnLoadAndTheBoardsHeat() {
        BoardSensors real = new BoardSensors(L40, engines, System::nanoTime);
        long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        try (EngineWorker busy = engines.source(1, 4).worker(1, Kind.COPY, _ -> {
                    LockSupport.parkNanos(500_000);
                    return 0;
                });
                EngineWorker idle = engines.source(2, 4).worker(1, Kind.COPY, _ -> EngineThread.Pass.IDLE)) {
            busy.ring();
            idle.ring();
            Sensors loaded = real.guest(1, 0.5);
            Sensors bored = real.guest(2, 0.25);
            while (loaded.read().copyUsage() < 5_000) {
                assertThat(System.nanoTime()).isLessThan(endNs);
                LockSupport.parkNanos(10_000_000);
            }

            Telemetry board = real.read();
            assertThat(board.copyUsage()).isGreaterThan(4_000);
            assertThat(board.temperatureCelsius()).isGreaterThan(L40.celsius(36_000));
            assertThat(board.performanceState()).isZero();
            assertThat(loaded.read().powerMilliwatts()).isGreaterThan(18_000 + 20_000);
            assertThat(bored.read().copyUsage()).isLessThan(100);
            assertThat(bored.read().powerMilliwatts()).isBetween(9_000, 10_000);
            assertThat(bored.read().temperatureCelsius()).isGreaterThan(L40.celsius(36_000));
            assertThat(engines.time(1).copyNs()).isGreaterThan(engines.time(2).copyNs());
        }
        assertThat(engines.time(1).copyNs()).isZero();
        assertThat(engines.time().copyNs()).as("that of one who has gone").isPositive();
    }
}
