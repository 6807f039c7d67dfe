package dev.nacre.corejava.boot;

import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;
import dev.nacre.core.GspLog;
import dev.nacre.core.spi.DmaMemory;
import dev.nacre.corejava.gpu.BarAccess;
import dev.nacre.corejava.gpu.BootedGpu;
import dev.nacre.corejava.gpu.ChannelModel;
import dev.nacre.corejava.gpu.DisplayAccess;
import dev.nacre.corejava.gpu.GpuDescription;
import dev.nacre.corejava.gpu.GpuEngine;
import dev.nacre.corejava.gpu.GpuListener;
import dev.nacre.corejava.gpu.RmSession;
import dev.nacre.corejava.gpu.VramAccess;
import dev.nacre.corejava.gsp.DriverInfo;
import dev.nacre.corejava.gsp.GspMessage;
import dev.nacre.corejava.gsp.Rpc;
import dev.nacre.corejava.gsp.Sequencer;
import dev.nacre.corejava.gsp.StartMemory;
import dev.nacre.corejava.gsp.StaticInfo;
import dev.nacre.corejava.intr.GpuInterrupts;
import dev.nacre.corejava.intr.HeadInterrupts;
import dev.nacre.corejava.intr.InterruptThread;
import dev.nacre.corejava.intr.InterruptTree;
import dev.nacre.corejava.io.Registers;
import dev.nacre.corejava.io.Waits;
import dev.nacre.corejava.io.WireStruct;
import dev.nacre.corejava.mem.Bar1;
import dev.nacre.corejava.mem.Pramin;
import dev.nacre.corejava.mem.Tlb;
import dev.nacre.corejava.rm.BoardControls;
import dev.nacre.corejava.rm.InterruptVectors;
import dev.nacre.corejava.rm.Rm;
import dev.nacre.corejava.rm.Sessions;
import dev.nacre.hw.gsp.BootLayout;
import dev.nacre.hw.gsp.GspAbi;
import dev.nacre.hw.gsp.RpcLayout.Unloading;
import dev.nacre.hw.mmu.PageTableFormat;
import dev.nacre.hw.regs.Pfalcon;
import dev.nacre.hw.regs.Pgsp;
import dev.nacre.hw.regs.Pmc;
import dev.nacre.hw.regs.RegisterPlaces;
import dev.nacre.hw.regs.VirtualFunction;
import dev.nacre.hw.rm.RpcFunction;
import dev.nacre.hw.vgpu.SharedArea;
import dev.nacre.hw.vgpu.VgpuAbi;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A GPU from the start of its firmware on. */
final class LiveGpu implements BootedGpu {
    private static final System.Logger LOG = System.getLogger(LiveGpu.class.getName());

    // HW: what the GSP puts into its first mailbox when it has stopped
    private static final int MAILBOX_STOPPED = 0x8000_0000;

    // HW: MC_ENGINE_IDX_DISP
    private static final int INDEX_DISPLAY = 2;

    // TIMEOUT: drivers allow 5 s for each message of the start, and for the end.
    private static final long START_NS = 30_000_000_000L;
    private static final long STOP_NS = 10_000_000_000L;

    // HW: the field of a doorbell that names a function has 6 bits, and 0 is the GPU itself
    private static final int MOST_VIRTUAL_FUNCTIONS = 63;

    /** Where the firmware is in its life. */
    private enum Phase {
        STARTING,
        RUNNING,
        SUSPENDED,
        CLOSED
    }

    private final Launch launch;
    private final Sharing sharing;
    private final Registers registers;
    private final GspAbi abi;
    private final StartMemory memory;
    private final Rpc rpc;
    private final Rm rm;
    private final Sessions sessions;
    private final Sequencer sequencer;
    private final Pramin pramin;
    private final Bar1 bar1;
    private final Tlb tlb;

    /** Guarded by this, as what follows. */
    private Phase phase = Phase.STARTING;

    private @Nullable Running running;
    private DmaMemory.@Nullable Buffer saved;
    private long srMeta;

    // Not guarded: the interrupt thread reads it.
    private volatile @Nullable InterruptThread thread;

    /** What there is once the firmware has answered. */
    private record Running(
            StaticInfo info,
            BoardControls controls,
            GpuDescription description,
            GpuInterrupts interrupts,
            Optional<LiveDisplay> display) {}

    LiveGpu(Launch launch, Sharing sharing) {
        this.launch = launch;
        this.sharing = sharing;
        Hardware hardware = launch.hardware();
        this.registers = hardware.registers();
        this.abi = launch.firmware().abi();
        this.memory = new StartMemory(hardware.dma(), abi);
        this.rpc = new Rpc(memory.queues(), registers, this::wakeInterrupts);
        this.rm = new Rm(rpc);
        this.sessions = new Sessions(rm, abi);
        this.sequencer = new Sequencer(
                registers,
                hardware.gsp(),
                hardware.sec2(),
                launch.firmware().bootloader().appVersion(),
                memory.libosArguments());
        this.pramin = new Pramin(registers, hardware.hal().places().bar0Window(), hardware.fbBytes());
        this.bar1 = new Bar1(registers.function());
        this.tlb = new Tlb(registers);
    }

    private void wakeInterrupts() {
        InterruptThread woken = thread;
        if (woken != null) {
            woken.wake();
        }
    }

    /** Starts the firmware and asks it what there is. */
    synchronized void start() {
        Hardware hardware = launch.hardware();
        rpc.send(
                RpcFunction.GSP_SET_SYSTEM_INFO,
                DriverInfo.systemInfo(
                        abi, hardware.config(), hardware.hal().places().configMirror(), sharing.sriov()));
        rpc.send(RpcFunction.SET_REGISTRY, DriverInfo.registry(sharing.scheduling()));
        launch.starter().start(memory);
        awaitInitDone();
        memory.queues().checkStatusQueue();
        memory.started();
        StaticInfo info = StaticInfo.read(rpc, abi, hardware.fbBytes());
        launch.starter().laidOut(info);
        BoardControls controls = new BoardControls(rm, abi, info);
        InterruptVectors vectors = InterruptVectors.read(controls, InterruptTree.END);
        List<GpuEngine> engines = controls.engines(vectors, channels());
        GpuDescription description = describe(info, controls, engines);
        Optional<HeadInterrupts> heads = headInterrupts(vectors);
        GpuInterrupts interrupts = new GpuInterrupts(
                new GpuInterrupts.Parts(
                        registers,
                        new InterruptTree(registers, hardware.hal().rearmsMessages()),
                        hardware.gsp(),
                        rpc,
                        abi,
                        sequencer),
                gspVector(vectors),
                heads,
                engines);
        Optional<LiveDisplay> display = heads.flatMap(events ->
                hardware.hal().display().map(model -> new LiveDisplay(model, abi, controls, registers, events)));
        running = new Running(info, controls, description, interrupts, display);
        thread = new InterruptThread(registers.function(), interrupts);
        interrupts.enable();
        phase = Phase.RUNNING;
    }

    private int gspVector(InterruptVectors vectors) {
        int vector = vectors.stall(abi.interruptIndexes().gsp());
        if (vector == InterruptVectors.NONE) {
            throw new CoreException(CoreError.IO, "GSP has no interrupt vector");
        }
        return vector;
    }

    /** Empty if the board has no heads. */
    private Optional<HeadInterrupts> headInterrupts(InterruptVectors vectors) {
        RegisterPlaces places = launch.hardware().hal().places();
        int index = places.headInterruptRetrigger().isPresent()
                ? abi.interruptIndexes().displayLowLatency()
                : INDEX_DISPLAY;
        int vector = vectors.stall(index);
        return vector == InterruptVectors.NONE
                ? Optional.empty()
                : Optional.of(new HeadInterrupts(registers, places, vector));
    }

    private GpuDescription describe(StaticInfo info, BoardControls controls, List<GpuEngine> engines) {
        return new GpuDescription(
                launch.hardware().hal().chip().name(),
                launch.hardware().config().ids(),
                controls.silicon(registers.read(Pmc.BOOT_0)),
                info.name(),
                info.uuid(),
                abi.version().id(),
                launch.hardware().fbBytes(),
                info.fbRegions(),
                bar1.bytes(),
                info.bar1PageDirectory(),
                controls.vmmuSegmentBytes(),
                controls.isEccEnabled(),
                controls.channels(engines),
                info.sriovMaxGfid() > 0 ? Math.min(sharing.virtualFunctions(), MOST_VIRTUAL_FUNCTIONS) : 0,
                engines);
    }

    /** Waits until the firmware is up, and makes the accesses that it asks for on the way. */
    private void awaitInitDone() {
        boolean done = Waits.until(START_NS, () -> {
            rpc.receive();
            Optional<GspMessage> event = rpc.takeEvent();
            while (event.isPresent()) {
                GspMessage message = event.get();
                if (message.is(RpcFunction.GSP_INIT_DONE)) {
                    requireGood(message);
                    return true;
                }
                if (message.is(RpcFunction.GSP_RUN_CPU_SEQUENCER)) {
                    sequencer.run(message.payload());
                } else {
                    LOG.log(System.Logger.Level.DEBUG, "GSP sends {0}", message);
                }
                event = rpc.takeEvent();
            }
            rpc.requireWhole();
            return false;
        });
        if (!done) {
            registers.requirePresent();
            throw new CoreException(CoreError.TIMED_OUT, "GSP does not start: seconds=" + START_NS / 1_000_000_000L);
        }
    }

    private static void requireGood(GspMessage initDone) {
        if (initDone.result() != 0) {
            throw new CoreException(
                    CoreError.IO, "GSP does not start: result=0x" + Integer.toHexString(initDone.result()));
        }
    }

    @Override
    public GpuDescription description() {
        return running().description();
    }

    @Override
    public PageTableFormat pageTables() {
        return launch.hardware().hal().pageTables();
    }

    @Override
    public ChannelModel channels() {
        return launch.hardware().hal().channels(abi);
    }

    @Override
    public DmaMemory dma() {
        return launch.hardware().dma();
    }

    @Override
    public VramAccess vram() {
        return pramin;
    }

    @Override
    public BarAccess bar1() {
        return bar1;
    }

    @Override
    public RmSession createSession() {
        return sessions.create();
    }

    @Override
    public void invalidateTlb(long pageDirectory) {
        tlb.invalidate(pageDirectory);
    }

    @Override
    public void ringDoorbell(int token) {
        registers.write(
                VirtualFunction.DOORBELL, token | launch.hardware().hal().doorbellFlags());
    }

    @Override
    public Optional<DisplayAccess> display() {
        return running().display().map(display -> display);
    }

    @Override
    public VgpuAbi vgpu() {
        return abi.vgpu();
    }

    @Override
    public void ringPlugin(int gfid) {
        registers.write(VirtualFunction.PRIV_DOORBELL, SharedArea.doorbell(gfid));
        // ORDERING: a read has the write arrive; drivers read the same register.
        registers.read(VirtualFunction.PRIV_DOORBELL);
    }

    @Override
    public void listen(GpuListener listener) {
        running().interrupts().listen(listener);
    }

    @Override
    public synchronized List<GspLog> logs() {
        if (phase == Phase.CLOSED) {
            throw Registers.gone();
        }
        return memory.logs();
    }

    @Override
    public synchronized void suspend() {
        require(Phase.RUNNING);
        Running parts = running();
        try {
            setScheduling(parts, false);
            srMeta = memory.makeSuspendMemory(launch.starter().protectedBytes());
            saveFirmwareMemory(parts);
        } catch (CoreException e) {
            freeSuspendMemory();
            setScheduling(parts, true);
            throw e;
        }
        parts.interrupts().disable();
        unload(true);
        launch.starter().suspend(srMeta);
        phase = Phase.SUSPENDED;
    }

    /** Stops or starts all channels, where the firmware takes that from a driver. */
    private void setScheduling(Running parts, boolean on) {
        int control = abi.fbsr().schedulingControl();
        if (control != 0) {
            parts.controls().control(control, new byte[] {(byte) (on ? 0 : 1)});
        }
    }

    private void saveFirmwareMemory(Running parts) {
        GspStarter starter = launch.starter();
        long nonWprHeap = starter.nonWprHeap();
        long nonWprHeapBytes = launch.hardware().hal().nonWprHeapBytes();
        long reserved = Math.max(0, nonWprHeap - parts.info().reservedFrom());
        DmaMemory.Buffer buffer = dma().allocate(nonWprHeapBytes + reserved + starter.vgaWorkspaceBytes());
        saved = buffer;
        new SuspendMemory(rpc, rm, parts.controls(), sessions, abi, parts.info())
                .announce(buffer, nonWprHeap, nonWprHeapBytes, srMeta);
    }

    private void freeSuspendMemory() {
        memory.freeSuspendMemory();
        if (saved != null) {
            saved.close();
            saved = null;
        }
    }

    @Override
    public synchronized void resume() {
        require(Phase.SUSPENDED);
        Hardware hardware = launch.hardware();
        hardware.config().enable();
        registers.requirePresent();
        launch.starter().awaitPowerOn();
        hardware.quiesce();
        pramin.forget();
        memory.markTransition(true);
        launch.starter().resume(memory, srMeta);
        awaitInitDone();
        memory.markTransition(false);
        freeSuspendMemory();
        phase = Phase.RUNNING;
        Running parts = running();
        parts.interrupts().enable();
        wakeInterrupts();
        setScheduling(parts, true);
    }

    /** Tells the firmware to stop, and waits until it has. */
    private void unload(boolean suspending) {
        WireStruct request = new WireStruct(Unloading.BYTES);
        request.put8(Unloading.IN_PM_TRANSITION, suspending ? 1 : 0);
        request.put32(Unloading.NEW_LEVEL, suspending ? BootLayout.POWER_LEVEL_3 : 0);
        GspMessage reply = rpc.exchange(RpcFunction.UNLOADING_GUEST_DRIVER, request.bytes());
        if (reply.result() != 0) {
            throw new CoreException(
                    CoreError.IO, "GSP refuses to stop: result=0x" + Integer.toHexString(reply.result()));
        }
        registers.await(
                Pfalcon.FALCON_MAILBOX0.at(Pgsp.BASE), "GSP has stopped", STOP_NS, raw -> (raw & MAILBOX_STOPPED) != 0);
    }

    private void require(Phase wanted) {
        if (phase == Phase.CLOSED) {
            throw Registers.gone();
        }
        if (phase != wanted) {
            throw new CoreException(CoreError.SUSPENDED, "The GPU is " + phase + ", not " + wanted);
        }
    }

    private Running running() {
        return Objects.requireNonNull(running, "not started");
    }

    @Override
    public void close() {
        InterruptThread waiting;
        synchronized (this) {
            if (phase == Phase.CLOSED) {
                return;
            }
            if (phase == Phase.RUNNING) {
                leaveClean();
            }
            phase = Phase.CLOSED;
            waiting = thread;
        }
        end(waiting);
    }

    /** Leaves the GPU as after a reset, in whatever way that can be had. */
    private void leaveClean() {
        try {
            registers.requirePresent();
            running().interrupts().disable();
            unload(false);
            launch.starter().stop();
        } catch (CoreException e) {
            if (!registers.isGone()) {
                LOG.log(System.Logger.Level.WARNING, "GPU did not stop, and is reset: {0}", e.getMessage());
                registers.function().reset();
            }
        }
    }

    /** Lets go of a GPU that did not start, which somebody else resets. */
    void abandon() {
        InterruptThread waiting;
        synchronized (this) {
            phase = Phase.CLOSED;
            waiting = thread;
        }
        rpc.end(Registers.gone());
        if (waiting != null) {
            waiting.close();
        }
    }

    private void end(@Nullable InterruptThread waiting) {
        if (waiting != null) {
            waiting.close();
        }
        rpc.end(Registers.gone());
        launch.hardware().config().stopBusMaster();
        dma().close();
    }
}
