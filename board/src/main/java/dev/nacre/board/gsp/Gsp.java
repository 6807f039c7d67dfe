package dev.nacre.board.gsp;

import dev.nacre.board.disp.DisplayControl;
import dev.nacre.board.engine.EngineThread;
import dev.nacre.board.fb.Vram;
import dev.nacre.board.gsp.Inbox.Event;
import dev.nacre.board.gsp.Inbox.Lifecycle;
import dev.nacre.board.hal.GpuModel;
import dev.nacre.board.host.ChannelControl;
import dev.nacre.board.mmu.MmuControl;
import dev.nacre.board.rm.FirmwareMemory;
import dev.nacre.board.rm.ResourceManager;
import dev.nacre.board.rm.StaticInfo;
import dev.nacre.board.state.StateException;
import dev.nacre.board.state.StateReader;
import dev.nacre.board.state.StateWriter;
import dev.nacre.board.state.Stateful;
import dev.nacre.board.telemetry.Sensors;
import dev.nacre.board.telemetry.SharedFigures;
import dev.nacre.board.vgpu.GuestGpus;
import dev.nacre.board.vgpu.PluginListener;
import dev.nacre.board.vgpu.VgpuPlugins;
import dev.nacre.hw.gsp.GspAbi;
import dev.nacre.hw.gsp.GspVersion;
import dev.nacre.hw.gsp.SharedDataLayout;
import dev.nacre.hw.rm.RpcFunction;
import dev.nacre.pci.DmaFault;
import dev.nacre.pci.GuestMemory;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The GSP: the firmware that a driver starts and speaks to by two queues in its memory. All work is done on an engine
 * thread of its own; calls from other threads only leave a note and ring it.
 */
public final class Gsp implements GspFirmware, GspEvents, PluginListener, Stateful, AutoCloseable {
    /** Messages that one pass answers. */
    private static final int MESSAGES_PER_PASS = 32;

    // HW: what a driver waits for in the GSP's mailbox after it has said that it goes.
    private static final int MAILBOX_UNLOADED = 0x80000000;

    private final GuestMemory memory;
    private final Vram vram;
    private final GspFalconPort falcon;
    private final MmuControl mmu;
    private final ResourceManager rm;
    private final RpcServer server;
    private final Inbox inbox = new Inbox();
    private final QueueErrors errors = new QueueErrors();
    private final Exchange exchange;
    private final EventSender events;
    private final UtilisationSamples samples = new UtilisationSamples();
    private final SharedFigures figures;
    private final System.Logger log = System.getLogger(Gsp.class.getName());
    private final EngineThread thread;
    private @Nullable VgpuPlugins plugins;

    private Phase phase = Phase.OFF;
    private @Nullable BootArguments boot;
    private boolean restored;
    private long bootCount;
    private volatile boolean stalled;
    private volatile FirmwareDriver driver = new FirmwareDriver(false, "", 0);
    private volatile Runnable onDriver = () -> {};

    /**
     * What a GSP tells of its GPU.
     *
     * @param model the GPU
     * @param sensors how it is
     * @param timeNs its time
     */
    public record Subject(GpuModel model, Sensors sensors, LongSupplier timeNs) {}

    /**
     * Makes a GSP that waits to be started.
     *
     * @param subject the GPU
     * @param vram its memory
     * @param memory the driver's memory
     * @param falcon registers of the GSP that the firmware writes
     * @param mmu is told of page directories
     * @param display answers and is told what concerns the display
     */
    public Gsp(
            Subject subject,
            Vram vram,
            GuestMemory memory,
            GspFalconPort falcon,
            MmuControl mmu,
            DisplayControl display) {
        this.memory = memory;
        this.vram = vram;
        this.falcon = falcon;
        this.mmu = mmu;
        GpuModel model = subject.model();
        this.figures = new SharedFigures(memory, subject.sensors(), subject.timeNs());
        this.rm = new ResourceManager(model, mmu, display, figures);
        this.exchange = new Exchange(falcon, errors);
        this.events = new EventSender(rm, exchange.outbox());
        this.server =
                new RpcServer(rm, new StaticInfo(model), mmu, vram, model.hal().pageTables());
        this.thread = new EngineThread("gsp", this::pass);
    }

    /** Connects the host engine; before the first start. */
    public void connect(ChannelControl host) {
        rm.connect(host);
    }

    /** Connects the guests' GPUs of a board that can have virtual functions; before the first start. */
    public void connect(GuestGpus guests) {
        VgpuPlugins made = new VgpuPlugins(vram, guests, this);
        plugins = made;
        rm.connect(made);
        server.connect(made);
    }

    /** A driver calls the plugin of a virtual function. Any thread. */
    public void pluginDoorbell(int gfid) {
        if (plugins != null) {
            plugins.ring(gfid);
        }
    }

    /** Says whom to tell of drivers that come and go; before the first start. On the engine's thread, or where it is reset. */
    public void onDriver(Runnable listener) {
        onDriver = listener;
    }

    /** The driver. Any thread. */
    public FirmwareDriver driver() {
        return driver;
    }

    private void noteDriver() {
        boolean loaded = phase == Phase.RUNNING;
        FirmwareDriver now =
                new FirmwareDriver(loaded, loaded ? server.abi().version().id() : "", bootCount);
        if (!now.equals(driver)) {
            driver = now;
            onDriver.run();
        }
    }

    /** Waits until no plugin of a virtual GPU has anything to do. Any thread but plugins'. */
    public boolean drainPlugins(long timeoutNs) {
        return plugins == null || plugins.drain(timeoutNs);
    }

    /** Passes of plugins that ended by an exception: defects of the model. Any thread. */
    public long pluginDefects() {
        return plugins == null ? 0 : plugins.defects();
    }

    /** The thread that does all work. */
    public EngineThread thread() {
        return thread;
    }

    /** How often drivers sent which message, by NVIDIA's name; {@code unknown} for others. Any thread. */
    public Map<String, Long> messages() {
        return server.counts().byName();
    }

    /** Messages that the plugin of a virtual function has answered; 0 if there is none. Any thread. */
    public long pluginMessages(int gfid) {
        return plugins == null ? 0 : plugins.messages(gfid);
    }

    /** How often drivers asked for a control, class or function that the board does not know, by name. Any thread. */
    public Map<String, Long> unknownControls() {
        return rm.unknownCalls().counts();
    }

    /** How often something was wrong with the records of drivers, by kind. Any thread. */
    public Map<String, Long> queueErrors() {
        return new TreeMap<>(errors.counts());
    }

    @Override
    public void boot(long wprMetaAddress, long libosArgumentsAddress) {
        inbox.put(new Lifecycle.Boot(wprMetaAddress, libosArgumentsAddress));
        thread.ring();
    }

    @Override
    public void boot(FirmwareMemory division, long libosArgumentsAddress) {
        inbox.put(new Lifecycle.BootInto(division, libosArgumentsAddress));
        thread.ring();
    }

    @Override
    public void resume(long srMetaAddress) {
        inbox.put(new Lifecycle.Resume(srMetaAddress));
        thread.ring();
    }

    @Override
    public void halt() {
        inbox.put(new Lifecycle.Halt());
        thread.ring();
    }

    @Override
    public void doorbell() {
        thread.ring();
    }

    @Override
    public void channelError(int rmEngineType, int channelId, int exceptionType, long faultAddress, int faultType) {
        note(new Event.ChannelError(rmEngineType, channelId, exceptionType, faultAddress, faultType));
    }

    @Override
    public void hotplug(int plugged, int unplugged) {
        note(new Event.Hotplug(plugged, unplugged));
    }

    @Override
    public void errorLog(int xid, int runlist, int channelId, String text) {
        note(new Event.ErrorLog(xid, runlist, channelId, text.length() > 255 ? text.substring(0, 255) : text));
    }

    @Override
    public void triggered(int gfid, int notifyIndex) {
        note(new Event.PluginTriggered(gfid, notifyIndex));
    }

    @Override
    public void started() {
        thread.ring();
    }

    private void note(Event event) {
        if (!inbox.put(event)) {
            errors.count("event is lost, there are too many");
        }
        thread.ring();
    }

    /**
     * Has it answer nothing from now on, as a firmware that hangs, or go on. A reset ends it too. Any thread.
     *
     * @param stall whether it is to be silent
     */
    public void stall(boolean stall) {
        stalled = stall;
        thread.ring();
    }

    private long pass() {
        if (stalled) {
            return EngineThread.Pass.IDLE;
        }
        try {
            if (restored) {
                restored = false;
                rm.relink();
            }
            Lifecycle wanted = inbox.takeLifecycle();
            if (wanted != null) {
                change(wanted);
            }
            long samplesDueNs = plugins == null ? EngineThread.Pass.IDLE : samples.take(plugins, exchange.outbox());
            long next = Math.min(Math.min(serve(), samplesDueNs), publish());
            noteDriver();
            return next;
        } catch (DmaFault e) {
            // The driver's memory is gone, or bus mastering is off: nothing to do until somebody rings again.
            errors.count("memory cannot be reached");
            log.log(System.Logger.Level.DEBUG, "GSP cannot reach the driver's memory", e);
            return EngineThread.Pass.IDLE;
        }
    }

    private long publish() {
        SharedDataLayout layout = server.abi().sharedData();
        if (phase != Phase.RUNNING || layout == null) {
            return EngineThread.Pass.IDLE;
        }
        try {
            return figures.publish(layout);
        } catch (DmaFault e) {
            errors.count("memory of live figures cannot be reached");
            return EngineThread.Pass.IDLE;
        }
    }

    private void change(Lifecycle wanted) {
        try {
            switch (wanted) {
                case Lifecycle.Boot b -> {
                    shutDown();
                    start(BootArguments.division(memory, vram, b.wprMeta()), b.libosArguments());
                }
                case Lifecycle.BootInto b -> {
                    shutDown();
                    start(b.division(), b.libosArguments());
                }
                case Lifecycle.Resume resume -> goOn(resume);
                case Lifecycle.Halt h -> stop();
            }
        } catch (BootRefusedException e) {
            errors.count("start is refused");
            log.log(System.Logger.Level.WARNING, "GSP does not start: " + e.getMessage());
        }
    }

    private void start(FirmwareMemory division, long libosArguments) {
        attach(BootArguments.read(memory, vram, division, libosArguments));
        vram.segment()
                .asSlice(division.bar1PageDirectory(), FirmwareMemory.pageDirectoriesBytes())
                .fill((byte) 0);
        mmu.bar1PageDirectory(division.bar1PageDirectory());
        mmu.invalidateAll();
        rm.addInternalClient(StaticInfo.INTERNAL_CLIENT, StaticInfo.INTERNAL_DEVICE, StaticInfo.INTERNAL_SUBDEVICE);
        exchange.initialise();
        Outbox outbox = exchange.outbox();
        outbox.bootEvent(RpcFunction.GSP_RUN_CPU_SEQUENCER, EventEncoder.emptySequencer());
        outbox.bootEvent(RpcFunction.GSP_INIT_DONE, new byte[0]);
        if (plugins != null) {
            plugins.start(division.vfPartitions(), division.usableEnd());
        }
        phase = Phase.RUNNING;
        bootCount++;
    }

    private void attach(BootArguments arguments) {
        boot = arguments;
        exchange.attach(arguments);
        server.firmwareMemory(arguments.firmwareMemory());
    }

    // The queues go on where they stood: the driver does not start them anew.
    private void goOn(Lifecycle.Resume wanted) {
        BootArguments arguments = boot;
        if (phase != Phase.SUSPENDED || arguments == null) {
            throw new BootRefusedException("There is nothing to resume: phase=" + phase);
        }
        arguments.requireResume(memory, wanted.srMeta(), server.abi());
        mmu.bar1PageDirectory(arguments.firmwareMemory().bar1PageDirectory());
        mmu.bar2PageDirectory(arguments.firmwareMemory().bar2PageDirectory());
        mmu.invalidateAll();
        exchange.outbox().bootEvent(RpcFunction.GSP_INIT_DONE, new byte[0]);
        phase = Phase.RUNNING;
    }

    private void stop() {
        if (phase == Phase.SUSPENDED) {
            mmu.physicalBars();
        } else {
            shutDown();
        }
    }

    private void shutDown() {
        rm.freeAll();
        mmu.physicalBars();
        forget();
    }

    private void endPlugins() {
        if (plugins != null) {
            plugins.end();
        }
    }

    private void forget() {
        endPlugins();
        phase = Phase.OFF;
        boot = null;
        exchange.detach();
        server.firmwareMemory(null);
        server.abi(GspAbi.of(GspVersion.R570_144));
        figures.reset();
    }

    private long serve() {
        for (int i = 0; i < MESSAGES_PER_PASS; i++) {
            takeEvents();
            long retryNs = exchange.flush();
            if (retryNs != EngineThread.Pass.IDLE || phase != Phase.RUNNING) {
                return retryNs;
            }
            RpcMessage record = exchange.poll();
            if (record == null) {
                return EngineThread.Pass.IDLE;
            }
            RpcMessage message = exchange.complete(record);
            if (message != null) {
                finish(server.handle(message, exchange.outbox()));
            }
        }
        return 0;
    }

    private void finish(RpcServer.Outcome outcome) {
        switch (outcome) {
            case GO_ON -> {}
            case UNLOADED -> leave(Phase.OFF);
            case SUSPENDED -> leave(Phase.SUSPENDED);
        }
    }

    private void leave(Phase next) {
        phase = next;
        if (plugins != null && next == Phase.SUSPENDED) {
            // A driver does not tell again what it has told before.
            plugins.endPlugins();
        } else {
            endPlugins();
        }
        exchange.dropPartial();
        exchange.flush();
        boolean halted = falcon.ended();
        falcon.mailbox0(MAILBOX_UNLOADED);
        if (halted) {
            stop();
        }
    }

    private void takeEvents() {
        for (Event event = inbox.takeEvent(); event != null; event = inbox.takeEvent()) {
            if (phase == Phase.RUNNING) {
                events.send(event, server.abi());
            }
        }
    }

    @Override
    public String stateName() {
        return "gsp";
    }

    @Override
    public void save(StateWriter out) {
        if (plugins != null) {
            if (plugins.holdsState()) {
                throw new StateException("The board cannot be saved while there are virtual GPUs, or types of them");
            }
            Exchange.group(out, "vgpus", plugins::save);
        }
        phase.save(out);
        out.put("version", server.abi().version().id().getBytes(StandardCharsets.UTF_8));
        Exchange.group(out, "inbox", inbox::save);
        exchange.save(out);
        Exchange.group(out, "rm", rm::save);
        Exchange.group(out, "figures", figures::save);
        BootArguments arguments = boot;
        out.put("booted", arguments != null);
        if (arguments != null) {
            arguments.save(out);
            exchange.savePositions(out);
        }
    }

    @Override
    public void restore(StateReader in) {
        reset();
        try {
            server.abi(GspAbi.of(version(in)));
            inbox.restore(in.group("inbox"));
            exchange.restore(in);
            rm.restore(in.group("rm"));
            // State of before there were any has none.
            if (in.has("figures")) {
                figures.restore(in.group("figures"));
            }
            if (plugins != null && in.has("vgpus")) {
                plugins.restore(in.group("vgpus"));
            }
            if (in.booleanValue("booted")) {
                attach(BootArguments.restore(in, memory, vram));
                exchange.restorePositions(in);
            }
            phase = Phase.restore(in, boot != null);
        } catch (StateException e) {
            reset();
            throw e;
        }
        restored = true;
        thread.ring();
    }

    private static GspVersion version(StateReader in) {
        String id = new String(in.bytes("version"), StandardCharsets.UTF_8);
        for (GspVersion version : GspVersion.values()) {
            if (version.id().equals(id)) {
                return version;
            }
        }
        throw new StateException("Saved firmware version is unknown: version=" + id);
    }

    @Override
    public void reset() {
        stalled = false;
        forget();
        inbox.clear();
        rm.reset();
        restored = false;
        noteDriver();
    }

    @Override
    public void close() {
        thread.close();
        endPlugins();
    }
}
