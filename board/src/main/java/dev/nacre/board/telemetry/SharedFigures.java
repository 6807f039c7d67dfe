package dev.nacre.board.telemetry;

import dev.nacre.board.Telemetry;
import dev.nacre.board.engine.EngineThread;
import dev.nacre.board.rm.WireStruct;
import dev.nacre.board.state.StateException;
import dev.nacre.board.state.StateReader;
import dev.nacre.board.state.StateWriter;
import dev.nacre.hw.gsp.SharedDataLayout;
import dev.nacre.hw.gsp.SharedDataLayout.Clocks;
import dev.nacre.hw.gsp.SharedDataLayout.Throttle;
import dev.nacre.hw.gsp.SharedDataLayout.Utilisation;
import dev.nacre.pci.DmaFault;
import dev.nacre.pci.GuestMemory;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The memory of the driver's in which the firmware publishes live figures, written again and again while the driver wants
 * some, and not at all otherwise. GSP's engine thread.
 */
public final class SharedFigures {
    // HW: drivers take the whole of a second as a sample of a video engine.
    private static final int SAMPLE_US = 1_000_000;
    private static final int HUNDREDTHS = 100;

    /** More than the memory has in any version. */
    private static final long MAX_BYTES = 4096;

    private static final int FIXED_POINT = 256;
    private static final long WANTED = SharedDataLayout.POLL_CLOCK
            | SharedDataLayout.POLL_PERF
            | SharedDataLayout.POLL_POWER
            | SharedDataLayout.POLL_THERMAL;

    private final GuestMemory memory;
    private final Sensors sensors;
    private final LongSupplier timeNs;

    private long address;
    private long mask;
    private int periodMs = SharedDataLayout.DEFAULT_PERIOD_MS;
    private boolean isDue;
    private long dueNs;

    /**
     * Makes one without memory.
     *
     * @param memory the driver's
     * @param sensors what to publish
     * @param timeNs the GPU's time, which the figures are stamped with: drivers set it to theirs
     */
    public SharedFigures(GuestMemory memory, Sensors sensors, LongSupplier timeNs) {
        this.memory = memory;
        this.sensors = sensors;
        this.timeNs = timeNs;
    }

    /** What the GPU's sensors say now. */
    public Telemetry telemetry() {
        return sensors.read();
    }

    /**
     * Says where the memory is.
     *
     * @param bus its bus address, 0 for nowhere
     * @return false if it cannot be there: stamps would not be undivided, or addresses would wrap
     */
    public boolean place(long bus) {
        // GUEST: compared without sign
        boolean wraps = bus < 0 && bus > -MAX_BYTES;
        if (bus % SharedDataLayout.ALIGNMENT != 0 || wraps) {
            return false;
        }
        address = bus;
        isDue = true;
        return true;
    }

    /**
     * Says what is wanted from now on, beginning at once.
     *
     * @param wanted mask of POLL_*; other bits are of sections that nobody can fill
     * @param everyMs milliseconds between two writings; 0 for as before, others are brought into the allowed range
     */
    public void poll(long wanted, int everyMs) {
        mask = wanted & WANTED;
        if (everyMs != 0) {
            // GUEST: of 32 bits without sign
            periodMs = Math.clamp(
                    Integer.toUnsignedLong(everyMs), SharedDataLayout.MIN_PERIOD_MS, SharedDataLayout.MAX_PERIOD_MS);
        }
        isDue = true;
    }

    /**
     * Publishes, if it is time.
     *
     * @param layout of the driver's version
     * @return nanoseconds until the next time; {@link EngineThread.Pass#IDLE} while nothing is wanted
     * @throws DmaFault if the memory cannot be reached: nothing is published then until the driver names one again
     */
    public long publish(SharedDataLayout layout) {
        if (address == 0 || mask == 0) {
            return EngineThread.Pass.IDLE;
        }
        long nowNs = System.nanoTime();
        if (isDue || nowNs - dueNs >= 0) {
            isDue = false;
            dueNs = nowNs + TimeUnit.MILLISECONDS.toNanos(periodMs);
            try {
                write(layout, sensors.read());
            } catch (DmaFault e) {
                address = 0;
                throw e;
            }
        }
        return dueNs - nowNs;
    }

    private void write(SharedDataLayout layout, Telemetry now) {
        if (wants(SharedDataLayout.POLL_CLOCK)) {
            section(layout.clkPublicDomainInfos(), clocks(now));
        }
        if (wants(SharedDataLayout.POLL_PERF)) {
            section(layout.clkThrottleReason(), words(throttle(now)));
            section(layout.perfDevUtil(), utilisation(now));
            section(layout.perfCurrentPstate(), words(1 << now.performanceState()));
        }
        if (wants(SharedDataLayout.POLL_POWER)) {
            section(layout.powerLimitGpu(), words(now.powerLimitMilliwatts(), now.powerLimitMilliwatts()));
            section(layout.avgPowerUsage(), words(now.averagePowerMilliwatts(), 0, 0));
            section(layout.instPowerUsage(), words(now.powerMilliwatts(), 0, 0));
        }
        if (wants(SharedDataLayout.POLL_THERMAL)) {
            section(layout.temperatures(), words((int) (now.temperatureCelsius() * FIXED_POINT)));
        }
    }

    private boolean wants(long section) {
        return (mask & section) != 0;
    }

    private void section(int offset, WireStruct figures) {
        long stamp = Math.clamp(TimeUnit.NANOSECONDS.toMicros(timeNs.getAsLong()), 1, Long.MAX_VALUE);
        byte[] bytes = figures.toByteArray();
        memory.writeLong(address + offset, SharedDataLayout.WRITING);
        // ORDERING: who sees a new figure sees that stamp too, or the one below.
        VarHandle.storeStoreFence();
        memory.write(address + offset + SharedDataLayout.FIGURES, MemorySegment.ofArray(bytes), 0, bytes.length);
        memory.writeLongRelease(address + offset, stamp);
    }

    private static WireStruct words(int... values) {
        WireStruct out = WireStruct.ofSize(values.length * Integer.BYTES);
        for (int i = 0; i < values.length; i++) {
            out.put32(i * Integer.BYTES, values[i]);
        }
        return out;
    }

    private static WireStruct clocks(Telemetry now) {
        WireStruct out = WireStruct.ofSize(Clocks.BYTES);
        out.put32(Clocks.GRAPHICS, now.graphicsClockMhz());
        out.put32(Clocks.MEMORY, now.memoryClockMhz());
        out.put32(Clocks.VIDEO, now.videoClockMhz());
        out.put32(Clocks.SM, now.graphicsClockMhz());
        return out;
    }

    private static int throttle(Telemetry now) {
        if (now.graphicsUsage() == 0 && now.copyUsage() == 0) {
            return Throttle.GPU_IDLE;
        }
        return now.powerMilliwatts() >= now.powerLimitMilliwatts() ? Throttle.SW_POWER_CAP : 0;
    }

    private static WireStruct utilisation(Telemetry now) {
        WireStruct out = WireStruct.ofSize(Utilisation.BYTES);
        out.put32(Utilisation.GPU_PERCENT_BUSY, percent(now.graphicsUsage()));
        out.put32(Utilisation.MEMORY_PERCENT_BUSY, percent(now.copyUsage()));
        for (int i = 0; i < Utilisation.ENGINES; i++) {
            out.put32(Utilisation.ENG_UTIL + i * Utilisation.ENG_UTIL_BYTES + Integer.BYTES, SAMPLE_US);
        }
        return out;
    }

    /** Whole percent, of which something has one at least. */
    private static int percent(int hundredths) {
        return (hundredths + HUNDREDTHS - 1) / HUNDREDTHS;
    }

    /** Forgets the memory and what was wanted. */
    public void reset() {
        address = 0;
        mask = 0;
        periodMs = SharedDataLayout.DEFAULT_PERIOD_MS;
        isDue = false;
    }

    /** Puts where the memory is and what is wanted. */
    public void save(StateWriter out) {
        out.put("address", address);
        out.put("mask", mask);
        out.put("period", periodMs);
    }

    /**
     * Takes what was put; the next writing is due at once.
     *
     * @throws StateException if it is impossible; nothing is published then
     */
    public void restore(StateReader in) {
        reset();
        long savedAddress = in.longValue("address");
        long savedMask = in.longValue("mask");
        int savedMs = in.intValue("period");
        if (savedMs < SharedDataLayout.MIN_PERIOD_MS || savedMs > SharedDataLayout.MAX_PERIOD_MS) {
            throw new StateException("Saved period of figures is impossible: ms=" + savedMs);
        }
        if (!place(savedAddress)) {
            throw new StateException("Saved address of figures is impossible: 0x" + Long.toHexString(savedAddress));
        }
        poll(savedMask, savedMs);
    }
}
