package dev.nacre.corejava.intr;

import dev.nacre.core.CoreException;
import dev.nacre.core.FaultCause;
import dev.nacre.corejava.falcon.Falcon;
import dev.nacre.corejava.gpu.GpuEngine;
import dev.nacre.corejava.gpu.GpuListener;
import dev.nacre.corejava.gsp.GspMessage;
import dev.nacre.corejava.gsp.Rpc;
import dev.nacre.corejava.gsp.Sequencer;
import dev.nacre.corejava.io.HostileBytes;
import dev.nacre.corejava.io.Registers;
import dev.nacre.hw.gsp.GspAbi;
import dev.nacre.hw.gsp.RpcLayout.OsErrorLog;
import dev.nacre.hw.gsp.RpcLayout.PluginTriggered;
import dev.nacre.hw.gsp.RpcLayout.PostEvent;
import dev.nacre.hw.gsp.RpcLayout.RcTriggered;
import dev.nacre.hw.host.RobustChannel;
import dev.nacre.hw.regs.Pfalcon;
import dev.nacre.hw.rm.ParamLayout.Nv0005Alloc;
import dev.nacre.hw.rm.RpcFunction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** What is done about interrupts: the GSP's messages are taken, and a listener is told. The interrupt thread. */
public final class GpuInterrupts implements InterruptThread.Handler {
    private static final System.Logger LOG = System.getLogger(GpuInterrupts.class.getName());

    private final Registers registers;
    private final InterruptTree tree;
    private final Falcon gsp;
    private final Rpc rpc;
    private final GspAbi abi;
    private final Sequencer sequencer;
    private final int gspVector;
    private final Optional<HeadInterrupts> heads;

    /** Bits of the engines that a vector is of. */
    private final Map<Integer, List<Integer>> nonStall = new HashMap<>();

    private final Object switching = new Object();

    /** Guarded by {@link #switching}: whether interrupts are served and events are taken here. */
    private boolean enabled;

    private volatile @Nullable GpuListener listener;
    private boolean goneTold;

    /** The parts of a GPU that interrupts concern. */
    public record Parts(
            Registers registers, InterruptTree tree, Falcon gsp, Rpc rpc, GspAbi abi, Sequencer sequencer) {}

    /**
     * Serves interrupts.
     *
     * @param gspVector the GSP's
     * @param heads the display's, if there is one
     * @param engines with their vectors
     */
    public GpuInterrupts(Parts parts, int gspVector, Optional<HeadInterrupts> heads, List<GpuEngine> engines) {
        this.registers = parts.registers();
        this.tree = parts.tree();
        this.gsp = parts.gsp();
        this.rpc = parts.rpc();
        this.abi = parts.abi();
        this.sequencer = parts.sequencer();
        this.gspVector = gspVector;
        this.heads = heads;
        for (GpuEngine engine : engines) {
            if (engine.nonStallVector() >= 0) {
                nonStall.computeIfAbsent(engine.nonStallVector(), v -> new ArrayList<>())
                        .add(engine.engine().bit());
            }
        }
    }

    /** Whom to tell. Any thread. */
    public void listen(GpuListener next) {
        listener = next;
    }

    /** Lets the GPU interrupt. Any thread. */
    public void enable() {
        tree.disable();
        gsp.write(Pfalcon.FALCON_IRQSCLR, Pfalcon.FALCON_IRQSTAT_SWGEN0.mask());
        List<Integer> vectors = new ArrayList<>(nonStall.keySet());
        vectors.add(gspVector);
        heads.ifPresent(display -> vectors.add(display.vector()));
        setEnabled(true);
        tree.enable(vectors);
    }

    /** Has the GPU interrupt no more; when this returns, events are left to whoever takes them. Any thread. */
    public void disable() {
        setEnabled(false);
        tree.disable();
    }

    private void setEnabled(boolean on) {
        synchronized (switching) {
            enabled = on;
            rpc.delivering(on);
        }
    }

    private boolean isEnabled() {
        synchronized (switching) {
            return enabled;
        }
    }

    @Override
    public void interrupt() {
        if (registers.isGone()) {
            tellGone();
            return;
        }
        if (isEnabled()) {
            tree.service(this::vector);
        }
        deliverEvents();
    }

    @Override
    public void idle() {
        if (registers.function().isGone()) {
            tellGone();
        }
    }

    private void vector(int vector) {
        if (vector == gspVector) {
            gspInterrupt();
        }
        GpuListener told = listener;
        heads.filter(display -> display.vector() == vector).ifPresent(display -> vblank(display.take(), told));
        if (told != null) {
            for (int engine : nonStall.getOrDefault(vector, List.of())) {
                told.nonStall(engine);
            }
        }
    }

    private static void vblank(int heads, @Nullable GpuListener told) {
        if (told != null && heads != 0) {
            told.vblank(heads);
        }
    }

    private void gspInterrupt() {
        int pending = gsp.read(Pfalcon.FALCON_IRQSTAT) & gsp.read(Pfalcon.RISCV_IRQMASK);
        if ((pending & Pfalcon.FALCON_IRQSTAT_SWGEN0.mask()) != 0) {
            gsp.write(Pfalcon.FALCON_IRQSCLR, Pfalcon.FALCON_IRQSTAT_SWGEN0.mask());
            // ORDERING: cleared first, so that a message that comes now interrupts again. Writes may still be on their
            // way when memory is read, but not beyond a read of the same function.
            gsp.read(Pfalcon.FALCON_IRQSTAT);
            rpc.receive();
        }
        gsp.write(Pfalcon.FALCON_INTR_RETRIGGER.at(0), 1);
    }

    private void deliverEvents() {
        Optional<GspMessage> event = takeEvent();
        while (event.isPresent()) {
            try {
                deliver(event.get());
            } catch (CoreException e) {
                // A malformed event says nothing; the next one may.
                LOG.log(System.Logger.Level.WARNING, "GSP sends {0}: {1}", event.get(), e.getMessage());
            } finally {
                rpc.eventDelivered();
            }
            event = takeEvent();
        }
        if (rpc.isBroken()) {
            tellGone();
        }
    }

    private Optional<GspMessage> takeEvent() {
        synchronized (switching) {
            return enabled ? rpc.takeEvent() : Optional.empty();
        }
    }

    private void deliver(GspMessage event) {
        switch (RpcFunction.of(event.function())) {
            case RC_TRIGGERED -> channelFault(event.payload());
            case POST_EVENT -> posted(event.payload());
            case OS_ERROR_LOG -> errorLog(event.payload());
            case VGPU_GSP_PLUGIN_TRIGGERED -> vgpuNotice(event.payload());
            case GPUACCT_PERFMON_UTIL_SAMPLES -> vgpuShares(event.payload());
            case GSP_RUN_CPU_SEQUENCER -> sequencer.run(event.payload());
            case null, default -> LOG.log(System.Logger.Level.DEBUG, "GSP sends {0}", event);
        }
    }

    private void channelFault(HostileBytes event) {
        GspAbi.RcTriggeredLayout layout = abi.rcTriggered();
        int exception = event.intAt(layout.exceptType());
        FaultCause cause = cause(exception);
        OptionalLong address = cause == FaultCause.MMU && layout.faultAddressLow() >= 0
                ? OptionalLong.of(event.uintAt(layout.faultAddressLow())
                        | event.uintAt(layout.faultAddressHigh()) << Integer.SIZE)
                : OptionalLong.empty();
        GpuListener told = listener;
        if (told != null) {
            told.channelFault(event.intAt(RcTriggered.CHANNEL_ID), cause, address);
        }
    }

    private void posted(HostileBytes event) {
        GpuListener told = listener;
        if (told != null && event.intAt(PostEvent.NOTIFY_INDEX) == Nv0005Alloc.HOTPLUG) {
            told.hotplug();
        }
    }

    private void vgpuNotice(HostileBytes event) {
        GpuListener told = listener;
        if (told != null) {
            told.vgpuNotice(event.intAt(PluginTriggered.GFID), event.intAt(PluginTriggered.NOTIFY_INDEX));
        }
    }

    private void vgpuShares(HostileBytes event) {
        GpuListener told = listener;
        if (told != null) {
            told.vgpuShares(VgpuSamples.shares(event));
        }
    }

    private static FaultCause cause(int exception) {
        if (exception == RobustChannel.FIFO_ERROR_MMU_ERR_FLT) {
            return FaultCause.MMU;
        }
        if (exception == RobustChannel.PBDMA_ERROR) {
            return FaultCause.PUSHBUFFER;
        }
        if (exception == RobustChannel.CTXSW_TIMEOUT_ERROR || exception == RobustChannel.IDLE_TIMEOUT) {
            return FaultCause.TIMEOUT;
        }
        boolean copy =
                exception >= RobustChannel.CE0_ERROR && exception < RobustChannel.CE0_ERROR + RobustChannel.CE_ERRORS;
        return copy || exception == RobustChannel.GR_EXCEPTION || exception == RobustChannel.GR_CLASS_ERROR
                ? FaultCause.ENGINE
                : FaultCause.OTHER;
    }

    private static void errorLog(HostileBytes event) {
        LOG.log(
                System.Logger.Level.WARNING,
                "GPU reports error {0} of channel {1}: {2}",
                event.uintAt(OsErrorLog.EXCEPT_TYPE),
                event.uintAt(OsErrorLog.CHANNEL_ID),
                event.textAt(OsErrorLog.TEXT, Math.min(OsErrorLog.TEXT_BYTES, event.size() - OsErrorLog.TEXT)));
    }

    private void tellGone() {
        GpuListener told = listener;
        if (told != null && !goneTold) {
            goneTold = true;
            told.gone();
        }
    }
}
