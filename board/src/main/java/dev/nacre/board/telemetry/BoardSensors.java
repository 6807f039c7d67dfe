package dev.nacre.board.telemetry;

import dev.nacre.board.EngineTime;
import dev.nacre.board.Telemetry;
import dev.nacre.board.engine.EngineUsage;
import dev.nacre.board.engine.SharedEngines;
import dev.nacre.board.hal.PowerProfile;
import dev.nacre.board.hal.PowerProfile.Clocks;
import dev.nacre.board.state.StateException;
import dev.nacre.board.state.StateReader;
import dev.nacre.board.state.StateWriter;
import dev.nacre.board.state.Stateful;
import java.util.function.LongSupplier;

/**
 * The sensors of a board and of the GPUs that share it: power follows what the engines did, temperature follows power, both
 * by a filter of first order that is brought up to the moment when somebody asks. Any thread.
 */
public final class BoardSensors implements Sensors, Stateful {
    private static final double WHOLE = 10_000;
    private static final double MAX_CELSIUS = 200;
    private static final double FIXED_POINT = 256;

    private final PowerProfile profile;
    private final SharedEngines engines;
    private final LongSupplier clockNs;

    /** Until when the two below were reckoned, and what the engines had done by then. Guarded by this, as all is. */
    private long reckonedNs;

    private EngineTime reckonedTime;
    private double celsius;
    private double averageMilliwatts;

    /**
     * Makes those of an idle board.
     *
     * @param profile the product
     * @param engines its engines
     * @param clockNs the clock by which those count
     */
    public BoardSensors(PowerProfile profile, SharedEngines engines, LongSupplier clockNs) {
        this.profile = profile;
        this.engines = engines;
        this.clockNs = clockNs;
        this.reckonedTime = engines.time();
        reset();
    }

    @Override
    public synchronized Telemetry read() {
        reckon();
        EngineUsage usage = engines.usage();
        double milliwatts = milliwatts(usage);
        boolean busy = usage.graphics() > 0 || usage.copy() > 0;
        Clocks clocks = busy ? profile.busy() : profile.idle();
        return new Telemetry(
                usage.graphics(),
                usage.copy(),
                (int) milliwatts,
                (int) averageMilliwatts,
                profile.limitMilliwatts(),
                celsius,
                clocks.graphics(),
                clocks.memory(),
                clocks.video(),
                busy ? 0 : profile.idleState());
    }

    /**
     * The sensors of a GPU that has a part of the board: it sees how busy it is itself, the board's clocks and temperature,
     * and of the power what it takes and its part of what an idle board takes.
     *
     * @param gfid the guest's function
     * @param part its part of the board's memory, 0 to 1
     */
    public Sensors guest(int gfid, double part) {
        return () -> {
            Telemetry board = read();
            EngineUsage usage = engines.usage(gfid);
            int milliwatts = (int) (milliwatts(usage) - profile.idleMilliwatts() * (1 - part));
            return new Telemetry(
                    usage.graphics(),
                    usage.copy(),
                    milliwatts,
                    milliwatts,
                    board.powerLimitMilliwatts(),
                    board.temperatureCelsius(),
                    board.graphicsClockMhz(),
                    board.memoryClockMhz(),
                    board.videoClockMhz(),
                    board.performanceState());
        };
    }

    private double milliwatts(EngineUsage usage) {
        return profile.milliwatts(usage.graphics() / WHOLE, usage.copy() / WHOLE);
    }

    /** Lets time pass up to now, with the mean of what the engines did meanwhile. */
    private void reckon() {
        long nowNs = clockNs.getAsLong();
        long passedNs = nowNs - reckonedNs;
        if (passedNs <= 0) {
            return;
        }
        EngineTime time = engines.time();
        double milliwatts = profile.milliwatts(
                (double) (time.graphicsNs() - reckonedTime.graphicsNs()) / passedNs,
                (double) (time.meanCopyNs() - reckonedTime.meanCopyNs()) / passedNs);
        averageMilliwatts = approach(averageMilliwatts, milliwatts, passedNs, PowerProfile.AVERAGE_NS);
        celsius = approach(celsius, profile.celsius(milliwatts), passedNs, PowerProfile.HEAT_NS);
        reckonedNs = nowNs;
        reckonedTime = time;
    }

    private static double approach(double from, double to, long passedNs, long constantNs) {
        return to + (from - to) * Math.exp(-(double) passedNs / constantNs);
    }

    @Override
    public String stateName() {
        return "sensors";
    }

    @Override
    public synchronized void save(StateWriter out) {
        out.put("temperature", Math.round(celsius * FIXED_POINT));
        out.put("averagePower", Math.round(averageMilliwatts));
    }

    @Override
    public synchronized void restore(StateReader in) {
        reset();
        double savedCelsius = in.longValue("temperature") / FIXED_POINT;
        long savedMilliwatts = in.longValue("averagePower");
        if (savedCelsius < 0
                || savedCelsius > MAX_CELSIUS
                || savedMilliwatts < 0
                || savedMilliwatts > profile.limitMilliwatts()) {
            throw new StateException("Saved temperature or power is impossible: celsius=" + savedCelsius
                    + " milliwatts=" + savedMilliwatts);
        }
        celsius = savedCelsius;
        averageMilliwatts = savedMilliwatts;
    }

    @Override
    public synchronized void reset() {
        reckonedNs = clockNs.getAsLong();
        reckonedTime = engines.time();
        averageMilliwatts = profile.idleMilliwatts();
        celsius = profile.celsius(averageMilliwatts);
    }
}
