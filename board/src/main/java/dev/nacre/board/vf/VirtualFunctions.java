package dev.nacre.board.vf;

import dev.nacre.board.Scanout;
import dev.nacre.board.engine.SharedEngines;
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
import java.util.function.IntConsumer;
import java.util.function.LongSupplier;
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
    private final SharedEngines engines;
    private final LongSupplier clockNs;
    private volatile List<VirtualFunction> functions = List.of();
    private volatile IntConsumer listener = gfid -> {};

    /**
     * Makes none yet.
     *
     * @param chip the board's chip
     * @param store its memory
     * @param engines its engines
     * @param clockNs its clock
     */
    public VirtualFunctions(Chip chip, VramStore store, SharedEngines engines, LongSupplier clockNs) {
        this.chip = chip;
        this.vmmu = new Vmmu(store);
        this.engines = engines;
        this.clockNs = clockNs;
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
        engines.scheduling(policy, sliceMs);
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
        GuestGpu gpu = new GuestGpu(ChipHal.of(chip), spec, window.get(), function, engines, clockNs);
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

    /** What a head of one shows; empty if it is off, or there is none now. Any thread; takes some milliseconds. */
    public Optional<Scanout> scanout(int gfid, int head) {
        VirtualFunction function = function(gfid);
        GuestGpu gpu = function == null ? null : function.gpu();
        if (function == null
                || gpu == null
                || head < 0
                || head >= gpu.spec().type().heads()) {
            return Optional.empty();
        }
        Optional<Scanout> picture = gpu.gpu().display().scanout(head);
        // One that has ended meanwhile may have shown what is another's by now.
        return picture.filter(shown -> function.gpu() == gpu);
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
