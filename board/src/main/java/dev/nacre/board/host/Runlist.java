package dev.nacre.board.host;

import dev.nacre.board.ce.CopyEngine;
import dev.nacre.board.ce.CopyError;
import dev.nacre.board.engine.EngineSource;
import dev.nacre.board.engine.EngineThread;
import dev.nacre.board.engine.EngineWorker;
import dev.nacre.board.engine.Semaphores;
import dev.nacre.board.engine.WorkBudget;
import dev.nacre.board.gsp.GspEvents;
import dev.nacre.board.hal.ClassSet;
import dev.nacre.board.hal.EngineInfo;
import dev.nacre.board.intr.InterruptLine;
import dev.nacre.board.mmu.Mmu;
import dev.nacre.board.mmu.MmuFault;
import dev.nacre.board.mmu.PhysicalSpace;
import dev.nacre.hw.host.GraphicsMethod;
import dev.nacre.hw.host.InstanceBlock;
import dev.nacre.hw.host.RobustChannel;
import dev.nacre.hw.host.Userd;
import dev.nacre.hw.mmu.FaultType;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A runlist: the channels of one set of engines, and the worker that gives them turns. Each pass serves them in turn,
 * each for a bounded piece of work, until none can go on or the pass's budget is spent.
 */
final class Runlist implements AutoCloseable {
    /** Channel ids of a runlist. */
    // HW: 9 + 3 bits in the channel's flags, see ChannelControl
    static final int CHANNELS = 4096;

    /** Work of a turn, in bytes copied: about half a millisecond, the longest piece of a copy. */
    private static final long TURN_WORK = 4 << 20;

    /** Subchannel of the copy engine beside the graphics engine. */
    // HW: open-gpu-doc manuals/ampere/ga100/dev_ram.ref.txt: subchannel 4 of the graphics runlist; class/cla06fsubch.h
    private static final int COPY_SUBCHANNEL = 4;

    // TIMEOUT: how often semaphores are looked at that the CPU may release. Short at first, since most waits are; a
    // wait
    // that lasts costs a thousand looks a second.
    private static final long POLL_FIRST_NS = 20_000;
    private static final long POLL_LONGEST_NS = 1_000_000;

    private static final System.Logger LOG = System.getLogger(Runlist.class.getName());

    private final int id;
    private final List<EngineInfo> engines;
    private final ClassSet classes;
    private final InterruptLine interrupts;
    private final GspEvents events;
    private final Runnable onRelease;
    private final PhysicalSpace video;
    private final PhysicalSpace system;
    private final CopyEngine copyEngine;
    private final GraphicsMethods graphics;
    private final boolean hasGraphics;
    private final Pbdma pbdma;
    private final WorkBudget budget = new WorkBudget();
    private final AtomicReferenceArray<@Nullable Channel> byId = new AtomicReferenceArray<>(CHANNELS);
    private final AtomicLong entries = new AtomicLong();
    private final AtomicLong methods = new AtomicLong();
    private final AtomicLong errors = new AtomicLong();
    private final AtomicLong defects = new AtomicLong();
    private final EngineWorker worker;

    /** All channels; changed while the worker is held. */
    private Channel[] channels = {};

    private int cursor;
    private long pollNs = POLL_FIRST_NS;
    private boolean enabled = true;
    private boolean releasedSome;
    private volatile int blocked;

    Runlist(int id, List<EngineInfo> engines, Parts parts, EngineSource source, Runnable onRelease) {
        this.id = id;
        this.engines = engines;
        this.classes = parts.classes();
        this.interrupts = parts.interrupts();
        this.events = parts.events();
        this.onRelease = onRelease;
        this.video = new PhysicalSpace(parts.mmu().memory(), false);
        this.system = new PhysicalSpace(parts.mmu().memory(), true);
        this.copyEngine = new CopyEngine(parts.mmu().memory(), parts.semaphores(), this::raiseCopy);
        this.hasGraphics = engines.stream().anyMatch(engine -> engine.kind() == EngineInfo.Kind.GRAPHICS);
        this.graphics = new GraphicsMethods(classes, parts.semaphores(), this, hasGraphics);
        HostMethods hostMethods = new HostMethods(this, parts.mmu(), parts.semaphores());
        this.pbdma = new Pbdma(this, hostMethods, copyEngine, graphics, classes.copy());
        this.worker = source.worker(id, hasGraphics ? EngineInfo.Kind.GRAPHICS : EngineInfo.Kind.COPY, this::pass);
    }

    EngineWorker worker() {
        return worker;
    }

    List<EngineInfo> engines() {
        return engines;
    }

    /** The channel of an id. Any thread. */
    @Nullable
    Channel channel(int channelId) {
        return channelId < CHANNELS ? byId.get(channelId) : null;
    }

    /** A snapshot of all channels. While the worker is held. */
    List<Channel> channels() {
        return List.of(channels);
    }

    /** Takes a channel in. While the worker is held. */
    void add(Channel channel) {
        byId.set(channel.id, channel);
        channels = Stream.concat(Arrays.stream(channels), Stream.of(channel)).toArray(Channel[]::new);
    }

    /** Lets a channel go. While the worker is held. */
    void remove(Channel channel) {
        byId.set(channel.id, null);
        channels = Arrays.stream(channels).filter(other -> other != channel).toArray(Channel[]::new);
        cursor = 0;
    }

    /** Lets all channels run, or none. While the worker is held. */
    void enable(boolean enable) {
        enabled = enable;
    }

    /** Classes as they are bound to a new channel's subchannels. */
    // HW: open-gpu-doc manuals/ampere/ga100/dev_ram.ref.txt: on the graphics runlist 3D, compute, inline-to-memory, 2D
    // and copy; on others subchannels 0 to 4 are the engine's; 5 to 7 are for software
    void bindDefaults(int[] bound) {
        Arrays.fill(bound, 0);
        Arrays.fill(bound, 0, COPY_SUBCHANNEL + 1, classes.copy());
        if (hasGraphics) {
            bound[0] = classes.threeD();
            bound[1] = classes.compute();
            bound[2] = classes.inlineToMemory();
            bound[3] = GraphicsMethod.CLASS_FERMI_TWOD_A;
        }
    }

    /** Looks at waiting channels again: a semaphore was released elsewhere. Any thread. */
    void wakeBlocked() {
        if (blocked > 0) {
            worker.ring();
        }
    }

    HostStatistics statistics() {
        return new HostStatistics(
                entries.get(),
                methods.get(),
                graphics.ignored(),
                copyEngine.launches(),
                copyEngine.bytes(),
                errors.get(),
                0,
                defects.get());
    }

    @Override
    public void close() {
        worker.close();
    }

    private long pass(WorkBudget pass) {
        Channel[] all = channels;
        if (!enabled) {
            return EngineThread.Pass.IDLE;
        }
        int idle = 0;
        int waiting = 0;
        boolean progress = false;
        while (idle < all.length && !pass.isSpent()) {
            Channel channel = all[cursor];
            cursor = (cursor + 1) % all.length;
            budget.grant(Math.min(TURN_WORK, pass.left()));
            Pbdma.Turn turn = channel.takesTurn() ? serve(channel) : Pbdma.Turn.IDLE;
            if (budget.spent() > 0) {
                pass.spend(budget.spent());
                idle = 0;
                waiting = 0;
                progress = true;
            } else {
                idle++;
                waiting += turn == Pbdma.Turn.BLOCKED ? 1 : 0;
            }
        }
        blocked = waiting;
        if (pass.isSpent()) {
            return 0;
        }
        if (waiting == 0) {
            return EngineThread.Pass.IDLE;
        }
        pollNs = progress ? POLL_FIRST_NS : Math.min(2 * pollNs, POLL_LONGEST_NS);
        return pollNs;
    }

    private Pbdma.Turn serve(Channel channel) {
        Pbdma.Turn turn = Pbdma.Turn.IDLE;
        try {
            bind(channel);
            turn = pbdma.run(channel, budget);
        } catch (MmuFault e) {
            fail(channel, RobustChannel.FIFO_ERROR_MMU_ERR_FLT, e.getMessage(), e.address(), e.type());
        } catch (CopyError e) {
            fail(channel, RobustChannel.CE0_ERROR + copyInstance(), e.getMessage(), 0, 0);
        } catch (ChannelError e) {
            fail(channel, e.exceptionType(), e.getMessage(), 0, 0);
        } catch (RuntimeException e) {
            LOG.log(
                    System.Logger.Level.ERROR,
                    "Defect in a channel's work; runlist=" + id + " channel=" + channel.id,
                    e);
            defects.incrementAndGet();
            fail(channel, RobustChannel.PBDMA_ERROR, "Defect of the board", 0, 0);
        }
        if (turn == Pbdma.Turn.IDLE) {
            channel.working = false;
        }
        if (releasedSome) {
            releasedSome = false;
            onRelease.run();
        }
        return turn;
    }

    /** Finds the page directory. */
    private void bind(Channel channel) {
        long directory = channel.pageDirectory.getAsLong();
        if (directory != ChannelControl.NO_PAGE_DIRECTORY) {
            channel.space.bind(directory, false);
            return;
        }
        long fields = 0;
        try {
            fields = physical(channel.instanceBlock)
                    .readLong(channel.instanceBlock.address() + InstanceBlock.PAGE_DIR_BASE);
        } catch (MmuFault e) {
            LOG.log(System.Logger.Level.DEBUG, "Instance block cannot be read: {0}", e.getMessage());
        }
        int target = (int) InstanceBlock.PAGE_DIR_BASE_TARGET.get(fields);
        if (!InstanceBlock.USE_VER2_PT_FORMAT.isSet(fields) || target == InstanceBlock.PAGE_DIR_BASE_TARGET_INVALID) {
            channel.space.unbind();
        } else {
            channel.space.bind(
                    InstanceBlock.PAGE_DIR_BASE_ADDRESS.get(fields) << 12,
                    target != InstanceBlock.PAGE_DIR_BASE_TARGET_VID_MEM);
        }
    }

    private void fail(Channel channel, int exceptionType, @Nullable String why, long address, int faultType) {
        channel.dead = true;
        errors.incrementAndGet();
        events.errorLog(exceptionType, id, channel.id, String.valueOf(why));
        events.channelError(channel.engine.rmEngineType(), channel.id, exceptionType, address, faultType);
    }

    /** Ends a channel as a fault of its own would. While the worker is held. */
    void injectPageFault(Channel channel, long address) {
        MmuFault fault = new MmuFault(address, FaultType.PTE);
        fail(channel, RobustChannel.FIFO_ERROR_MMU_ERR_FLT, fault.getMessage(), fault.address(), fault.type());
    }

    /** Reads GP_PUT. */
    int readPut(Channel channel) {
        try {
            int put = physical(channel.userd).readInt(channel.userd.address() + Userd.GP_PUT);
            // ORDERING: entries before GP_PUT were written before it.
            VarHandle.acquireFence();
            return put;
        } catch (MmuFault e) {
            throw noUserd(channel);
        }
    }

    /** Writes how far a channel has got: the last entry is done. */
    void report(Channel channel) {
        PushState push = channel.push;
        PhysicalSpace where = physical(channel.userd);
        long userd = channel.userd.address();
        try {
            where.writeInt(userd + Userd.GET, (int) push.wordAddress);
            where.writeInt(userd + Userd.GET_HI, (int) (push.wordAddress >>> 32));
            if (push.topLevel) {
                where.writeInt(userd + Userd.TOP_LEVEL_GET, (int) push.wordAddress);
                where.writeInt(userd + Userd.TOP_LEVEL_GET_HI, (int) (push.wordAddress >>> 32));
            }
            // ORDERING: who sees the new GP_GET sees what the entry's methods have written, and may use the entry
            // again.
            VarHandle.releaseFence();
            where.writeInt(userd + Userd.GP_GET, push.get);
        } catch (MmuFault e) {
            throw noUserd(channel);
        }
    }

    /** Writes the reference count. */
    void reference(Channel channel, int count) {
        try {
            physical(channel.userd).writeInt(channel.userd.address() + Userd.REFERENCE, count);
        } catch (MmuFault e) {
            throw noUserd(channel);
        }
    }

    /** Raises the non-stall interrupt of a channel's engine, and of the runlist's first, which stands for all. */
    // HW: nouveau nvkm/engine/fifo/ga100.c listens to the first engine of each runlist only
    void raiseNonStall(Channel channel) {
        interrupts.raise(channel.engine.nonStallVector());
        EngineInfo first = engines.getFirst();
        if (first.nonStallVector() != channel.engine.nonStallVector()) {
            interrupts.raise(first.nonStallVector());
        }
    }

    /** Notes that a semaphore was released, for which others may wait. */
    void released() {
        releasedSome = true;
    }

    /** Checks that an engine of the runlist has a class. @throws ChannelError if none has */
    void requireClass(int objectClass) {
        if (objectClass != classes.copy() && !graphics.hasClass(objectClass)) {
            throw new ChannelError(
                    hasGraphics ? RobustChannel.GR_CLASS_ERROR : RobustChannel.PBDMA_ERROR,
                    "There is no such class: class=0x" + Integer.toHexString(objectClass));
        }
    }

    void countEntry() {
        entries.lazySet(entries.get() + 1);
    }

    void countMethod() {
        methods.lazySet(methods.get() + 1);
    }

    private void raiseCopy() {
        for (EngineInfo engine : engines) {
            if (engine.kind() == EngineInfo.Kind.COPY) {
                interrupts.raise(engine.nonStallVector());
            }
        }
    }

    private int copyInstance() {
        for (EngineInfo engine : engines) {
            if (engine.kind() == EngineInfo.Kind.COPY) {
                return Math.min(engine.instance(), RobustChannel.CE_ERRORS - 1);
            }
        }
        return 0;
    }

    private PhysicalSpace physical(ChannelControl.MemoryRef ref) {
        return ref.system() ? system : video;
    }

    private static ChannelError noUserd(Channel channel) {
        return new ChannelError(
                RobustChannel.PBDMA_ERROR,
                "USERD cannot be reached: address=0x" + Long.toHexString(channel.userd.address()));
    }

    /**
     * What the runlists of a board share.
     *
     * @param classes the chip's classes
     * @param mmu translates addresses
     * @param semaphores releases semaphores
     * @param interrupts takes interrupts
     * @param events takes errors
     */
    record Parts(ClassSet classes, Mmu mmu, Semaphores semaphores, InterruptLine interrupts, GspEvents events) {}
}
