package dev.nacre.board.vf;

import dev.nacre.board.GuestFigures;
import dev.nacre.board.Scanout;
import dev.nacre.board.engine.SharingPolicy;
import dev.nacre.board.fb.Vmmu;
import dev.nacre.board.fb.VramStore;
import dev.nacre.board.gpu.Gpu;
import dev.nacre.board.hal.ChipHal;
import dev.nacre.board.hal.GpuModel;
import dev.nacre.board.vgpu.GuestGpuSpec;
import dev.nacre.board.vgpu.GuestGpuState;
import dev.nacre.board.vgpu.GuestGpuType;
import dev.nacre.board.vgpu.GuestGpus;
import dev.nacre.hw.chip.Chip;
import dev.nacre.pci.PciFunction;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The virtual functions of a board, as its SR-IOV capability has been told to have them, and the guests' GPUs behind them.
 * Any thread; what it calls while it is locked are functions and engines, which never call back.
 */
public final class VirtualFunctions implements GuestGpus, AutoCloseable {
    private static final System.Logger LOG = System.getLogger(VirtualFunctions.class.getName());

    // A guest's firmware keeps some 150 MiB for itself.
    private static final long MIN_FB_BYTES = 512L << 20;
    private static final long MIN_BAR1_BYTES = 64L << 20;
    private static final int MAX_NAME_CHARS = 63;

    private final Chip chip;
    private final Vmmu vmmu;
    private final SharedBoard board;
    private volatile List<VirtualFunction> functions = List.of();
    private volatile IntConsumer listener = gfid -> {};
    private final AtomicLong endedDefects = new AtomicLong();

    /**
     * Makes none yet.
     *
     * @param chip the board's chip
     * @param store its memory
     * @param board what they share
     */
    public VirtualFunctions(Chip chip, VramStore store, SharedBoard board) {
        this.chip = chip;
        this.vmmu = new Vmmu(store);
        this.board = board;
    }

    /** Those that show now. */
    public List<PciFunction> shown() {
        return List.copyOf(functions);
    }

    /**
     * Changes how many there are. If it is another number than before, those that were there have gone, with the GPUs behind
     * them.
     *
     * @param memoryDecoded whether their BARs are answered
     */
    public synchronized void show(int count, boolean memoryDecoded) {
        if (count != functions.size()) {
            List<VirtualFunction> old = functions;
            functions = List.of();
            for (int i = 0; i < old.size(); i++) {
                old.get(i).goAway();
                if (end(old.get(i))) {
                    listener.accept(i + 1);
                }
            }
            List<VirtualFunction> shown = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                shown.add(new VirtualFunction(chip));
            }
            functions = List.copyOf(shown);
        }
        functions.forEach(function -> function.decodeMemory(memoryDecoded));
    }

    @Override
    public int count() {
        return functions.size();
    }

    @Override
    public long vmmuSegmentBytes() {
        return Vmmu.SEGMENT_BYTES;
    }

    @Override
    public void scheduling(SharingPolicy policy, int sliceMs) {
        board.engines().scheduling(policy, sliceMs);
    }

    @Override
    public synchronized boolean start(GuestGpuSpec spec) {
        VirtualFunction function = function(spec.gfid());
        if (function == null || function.gpu() != null) {
            LOG.log(
                    Level.WARNING,
                    "Guest GPU is refused: gfid=" + spec.gfid() + " functions=" + count()
                            + (function == null ? "" : ", it runs already"));
            return false;
        }
        if (!isPossible(spec)) {
            LOG.log(Level.WARNING, "Guest GPU is refused, it is impossible: " + spec);
            return false;
        }
        Optional<VramStore> window = vmmu.open(spec.gfid(), spec.fbOffset(), spec.fbBytes());
        if (window.isEmpty()) {
            LOG.log(Level.WARNING, "Guest GPU is refused, its memory is not free or not whole segments: " + spec);
            return false;
        }
        GuestGpu gpu = new GuestGpu(ChipHal.of(chip), spec, window.get(), function, board);
        gpu.gpu().gsp().onDriver(() -> listener.accept(spec.gfid()));
        function.attach(gpu);
        return true;
    }

    // GUEST: all of it is the host driver's.
    private boolean isPossible(GuestGpuSpec spec) {
        GuestGpuType type = spec.type();
        return spec.fbBytes() >= MIN_FB_BYTES
                && spec.channels() >= 1
                && spec.channels() <= GpuModel.MAX_CHANNELS
                && !type.name().isEmpty()
                && type.name().length() <= MAX_NAME_CHARS
                && (type.pciDeviceId() | type.pciSubsystemId()) >>> 16 == 0
                && type.heads() >= 0
                && type.heads() <= ChipHal.of(chip).maxHeads()
                && type.frameRateLimit() >= 0
                && Long.bitCount(type.bar1Bytes()) == 1
                && type.bar1Bytes() >= MIN_BAR1_BYTES
                && type.bar1Bytes() <= Gpu.MEMORY.size()
                && type.maxInstances() >= 1;
    }

    @Override
    public synchronized void reset(int gfid) {
        VirtualFunction function = function(gfid);
        if (function != null) {
            function.resetGpu();
        }
    }

    @Override
    public synchronized void stop(int gfid) {
        VirtualFunction function = function(gfid);
        if (function != null) {
            boolean _ = end(function);
        }
    }

    @Override
    public synchronized Optional<GuestGpuState> state(int gfid) {
        VirtualFunction function = function(gfid);
        GuestGpu gpu = function == null ? null : function.gpu();
        return Optional.ofNullable(gpu).map(GuestGpu::state);
    }

    /** What can be measured of one; empty if there is none. Any thread. */
    public synchronized Optional<GuestFigures> figures(int gfid) {
        VirtualFunction function = function(gfid);
        GuestGpu gpu = function == null ? null : function.gpu();
        return Optional.ofNullable(gpu).map(GuestGpu::figures);
    }

    /**
     * What a head of one shows, its pointer apart; empty if it is off, or there is none now. Any thread; takes some
     * milliseconds.
     */
    public Optional<Scanout> scanout(int gfid, int head) {
        VirtualFunction function = function(gfid);
        GuestGpu gpu = function == null ? null : function.gpu();
        if (function == null
                || gpu == null
                || head < 0
                || head >= gpu.spec().type().heads()) {
            return Optional.empty();
        }
        Optional<Scanout> picture = gpu.gpu().display().scanoutAndPointer(head);
        // One that has ended meanwhile may have shown what is another's by now.
        return picture.filter(shown -> function.gpu() == gpu);
    }

    /** The GPUs that run now, by their function from 0. Any thread. */
    public SortedMap<Integer, Gpu> running() {
        List<VirtualFunction> all = functions;
        SortedMap<Integer, Gpu> running = new TreeMap<>();
        for (int i = 0; i < all.size(); i++) {
            GuestGpu guest = all.get(i).gpu();
            if (guest != null) {
                running.put(i, guest.gpu());
            }
        }
        return running;
    }

    /** Defects of the model in GPUs that have ended. Any thread. */
    public long endedDefects() {
        return endedDefects.get();
    }

    /**
     * Makes a fault happen to the GPU behind a function.
     *
     * @param gfid its number
     * @param fault makes it, and says whether there was anything that it could happen to
     * @return what it said; false if there is no such GPU now
     */
    public synchronized boolean inject(int gfid, Predicate<Gpu> fault) {
        VirtualFunction function = function(gfid);
        GuestGpu gpu = function == null ? null : function.gpu();
        return gpu != null && fault.test(gpu.gpu());
    }

    @Override
    public void onChange(IntConsumer to) {
        listener = to;
    }

    /** Ends the GPU behind a function; returns whether there was one. */
    private boolean end(VirtualFunction function) {
        GuestGpu gpu = function.detach();
        if (gpu == null) {
            return false;
        }
        gpu.close();
        endedDefects.addAndGet(gpu.gpu().faults().getOrDefault(Gpu.DEFECTS, 0L));
        // ORDERING: nothing of it runs, so its memory can be given to another.
        vmmu.close(gpu.spec().gfid());
        return true;
    }

    private @Nullable VirtualFunction function(int gfid) {
        List<VirtualFunction> all = functions;
        return gfid >= 1 && gfid <= all.size() ? all.get(gfid - 1) : null;
    }

    /** Ends all of them. Idempotent. */
    @Override
    public void close() {
        show(0, false);
    }
}
