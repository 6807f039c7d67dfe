package dev.nacre.vfiouser;

import dev.nacre.pci.GuestMemory;
import dev.nacre.pci.Interrupts;
import dev.nacre.pci.Migratable;
import dev.nacre.pci.PciFunction;
import dev.nacre.pci.Region;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A function whose regions are plain memory, and which remembers what happened to it. */
final class FakeFunction implements PciFunction, AutoCloseable {
    static final int BAR0 = 0;
    static final int BAR1 = 1;
    static final int ABSENT = 2;
    static final int WRITE_ONLY = 4;
    static final long BAR0_SIZE = 4096;
    static final long BAR1_SIZE = 4L << 20;
    static final long ROM_SIZE = 8192;
    static final long CONFIG_SIZE = 4096;
    static final int MSI_VECTORS = 4;
    static final int MSIX_VECTORS = 2048;

    /** What a failing model throws; without a trace, since it goes to the log. */
    static final class PlantedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        PlantedException() {
            super("planted", null, false, false);
        }
    }

    /** What a model that has exhausted the virtual machine throws; without a trace too. */
    static final class PlantedError extends VirtualMachineError {
        private static final long serialVersionUID = 1L;

        PlantedError() {
            super("planted");
        }

        @Override
        public synchronized Throwable fillInStackTrace() {
            return this;
        }
    }

    /** What was called, such as {@code read 0 16 4}. Reads and writes only while {@link #recordAccesses} is set. */
    final List<String> calls = new CopyOnWriteArrayList<>();

    volatile @Nullable Runnable onRead;
    volatile @Nullable Runnable onReset;
    volatile @Nullable Runnable onDisconnected;
    volatile boolean recordAccesses;
    volatile @Nullable RuntimeException failure;

    /** Shows the second BAR as plain memory; to be set before it is served. */
    boolean showsMemory;

    /** Shows it, if at all, to be read only; to be set before it is served. */
    boolean showsReadOnly;

    volatile @Nullable Error fatalFailure;

    private final Arena arena = Arena.ofShared();
    private final Region[] regions = new Region[REGIONS];
    private final MemorySegment[] contents = new MemorySegment[REGIONS];
    private final Interrupts interrupts = new Interrupts(1, MSI_VECTORS, MSIX_VECTORS, 1, 1);
    private final GuestMemory memory = new GuestMemory();
    private final @Nullable Migratable migration;

    @Override
    public @Nullable MemorySegment plainMemory(int index) {
        if (!showsMemory || index != BAR1) {
            return null;
        }
        return showsReadOnly ? contents[index].asReadOnly() : contents[index];
    }

    FakeFunction() {
        this(null);
    }

    FakeFunction(@Nullable Migratable migration) {
        this.migration = migration;
        Arrays.fill(regions, Region.ABSENT);
        regions[BAR0] = Region.readWrite(BAR0_SIZE);
        regions[BAR1] = Region.readWrite(BAR1_SIZE);
        regions[WRITE_ONLY] = new Region(16, false, true);
        regions[ROM_REGION] = Region.readOnly(ROM_SIZE);
        regions[CONFIG_REGION] = Region.readWrite(CONFIG_SIZE);
        for (int i = 0; i < REGIONS; i++) {
            contents[i] = arena.allocate(Math.max(1, regions[i].size()), 8);
        }
        memory.busMaster(true);
    }

    /** Replaces a region; before the function is served. */
    void replace(int index, Region region) {
        regions[index] = region;
        contents[index] = arena.allocate(Math.max(1, region.size()), 8);
    }

    /** What a region holds. */
    MemorySegment contents(int region) {
        return contents[region];
    }

    @Override
    public Region region(int index) {
        return regions[index];
    }

    @Override
    public void read(int region, long offset, MemorySegment dst, long dstOffset, int count) {
        record("read", region, offset, count);
        fail();
        run(onRead);
        MemorySegment.copy(contents[region], offset, dst, dstOffset, count);
    }

    @Override
    public void write(int region, long offset, MemorySegment src, long srcOffset, int count) {
        record("write", region, offset, count);
        fail();
        MemorySegment.copy(src, srcOffset, contents[region], offset, count);
    }

    @Override
    public Interrupts interrupts() {
        return interrupts;
    }

    @Override
    public GuestMemory memory() {
        return memory;
    }

    @Override
    public Optional<Migratable> migration() {
        return Optional.ofNullable(migration);
    }

    @Override
    public void reset() {
        calls.add("reset");
        run(onReset);
        fail();
    }

    @Override
    public void disconnected() {
        calls.add("disconnected");
        run(onDisconnected);
        fail();
    }

    @Override
    public void close() {
        arena.close();
    }

    private static void run(@Nullable Runnable hook) {
        if (hook != null) {
            hook.run();
        }
    }

    private void record(String call, int region, long offset, int count) {
        if (recordAccesses) {
            calls.add(call + " " + region + " " + offset + " " + count);
        }
    }

    private void fail() {
        RuntimeException exception = failure;
        if (exception != null) {
            throw exception;
        }
        Error error = fatalFailure;
        if (error != null) {
            throw error;
        }
    }
}
