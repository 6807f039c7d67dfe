package dev.nacre.testsupport.driver;

import dev.nacre.hw.chip.Chip;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.SortedSet;

/**
 * A small GPU driver in user space: it starts the board's firmware, makes channels, copies data and stops again, and on
 * its way checks all that any driver of real hardware checks. What it does not accept ends the run with a {@link
 * DriverException}.
 *
 * <p>An object is one load of the driver; the board may be new, or have been left by a driver that went through {@link
 * Step#UNLOAD}, or reset. One thread.
 */
public final class DirectDriver implements AutoCloseable {
    /**
     * What a driver is told.
     *
     * @param chip the chip that it must find
     * @param seed chooses addresses and data
     * @param systemMemoryBytes memory for the device, a multiple of 64 KiB, at least {@link #MIN_MEMORY_BYTES}
     */
    public record Options(Chip chip, long seed, long systemMemoryBytes) {
        /** Enough system memory for all steps. */
        public static final long MIN_MEMORY_BYTES = 48L << 20;

        /** A driver with the least memory. */
        public static Options of(Chip chip, long seed) {
            return new Options(chip, seed, MIN_MEMORY_BYTES);
        }
    }

    private static final List<Step> ORDER = List.of(Step.values());

    private final Options options;
    private final ProgressListener listener;
    private final Check check = new Check();
    private final Device device;
    private final Session session;
    private int next;

    /**
     * Gives the device memory and is ready for the first step.
     *
     * @param transport reaches the device; stays the caller's
     */
    public DirectDriver(GpuTransport transport, Options options, ProgressListener listener) {
        this.options = options;
        this.listener = listener;
        this.device =
                new Device(transport, options.chip(), options.systemMemoryBytes(), new Random(options.seed()), check);
        this.session = new Session(device);
    }

    /**
     * Takes all steps.
     *
     * @throws DriverException if the board does what no driver accepts
     */
    public void run() {
        runThrough(Step.UNLOAD);
    }

    /**
     * Takes the steps that are left, up to one of them.
     *
     * @param last the last step
     * @throws DriverException if the board does what no driver accepts
     */
    public void runThrough(Step last) {
        while (next < ORDER.size() && ORDER.get(next).compareTo(last) <= 0) {
            Step step = ORDER.get(next);
            check.begin(step);
            try {
                listener.ended(step, true, take(step));
            } catch (DriverException e) {
                listener.ended(step, false, e.detail());
                throw e;
            }
            next++;
        }
    }

    /** The step that was taken last; none before the first. */
    public Optional<Step> lastStep() {
        return next == 0 ? Optional.empty() : Optional.of(ORDER.get(next - 1));
    }

    /** Leaves both channels with unfinished work. @return the system memory that it writes */
    DmaBuffer leaveWorkRunning() {
        return session.leaveWorkRunning();
    }

    /** Has the firmware publish live figures; from {@link Step#STATIC_INFO} on. */
    LiveFigures liveFigures() {
        return session.liveFigures();
    }

    /** How the device is reached. */
    GpuTransport transport() {
        return device.transport;
    }

    /** Offsets in BAR0 of all registers that were used so far. */
    SortedSet<Integer> touchedRegisters() {
        return device.registers.touched();
    }

    /** What the driver was told. */
    public Options options() {
        return options;
    }

    /**
     * Measures copies on the copy engine's channel.
     *
     * @throws IllegalStateException before {@link Step#CE_CHANNEL} and from {@link Step#FREE} on
     */
    public CopyTimer copyTimer() {
        boolean there = lastStep()
                .filter(last -> last.compareTo(Step.CE_CHANNEL) >= 0 && last.compareTo(Step.FREE) < 0)
                .isPresent();
        if (!there) {
            throw new IllegalStateException("There is no copy channel: last=" + lastStep());
        }
        return session.copyTimer();
    }

    /** Takes the memory away from the device. Not for a device that was left running: reset it first. */
    @Override
    public void close() {
        device.close();
    }

    private String take(Step step) {
        return switch (step) {
            case CONFIG_SPACE -> session.configure();
            case CHIP -> new ChipProbe(device).identify();
            case MEMORY -> new MemoryProbe(device).probe();
            case INTERRUPTS -> session.interrupts();
            case VBIOS -> session.vbios();
            case GFW_BOOT -> session.awaitBoardFirmware();
            case FWSEC_FRTS -> session.frts();
            case FIRMWARE_LAYOUT -> session.prefill();
            case GSP_RESET -> session.resetGsp();
            case BOOTER_LOAD -> session.load();
            case INIT_DONE -> session.awaitInitDone();
            case STATIC_INFO -> session.staticInfo();
            case CONTROLS -> session.controls();
            case BAR_TABLES -> session.barTables();
            case RM_OBJECTS -> session.objects();
            case GR_CHANNEL -> session.graphicsChannel();
            case CE_CHANNEL -> session.copyChannel();
            case COPIES -> session.copies();
            case PAGE_FAULT -> session.pageFault();
            case FREE -> session.free();
            case UNLOAD -> session.unload();
        };
    }
}
