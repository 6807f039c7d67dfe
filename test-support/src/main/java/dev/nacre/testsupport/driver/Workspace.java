package dev.nacre.testsupport.driver;

import dev.nacre.hw.copy.Nvc7b5;
import dev.nacre.hw.gsp.GspAbi;
import dev.nacre.hw.gsp.GspVersion;
import dev.nacre.hw.gsp.RpcLayout.RcTriggered;
import dev.nacre.hw.host.HostMethod;
import dev.nacre.hw.host.RobustChannel;
import dev.nacre.hw.host.SemExecute;
import dev.nacre.hw.rm.RpcFunction;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** The board's memory, the objects and the channels of a running driver. One thread. */
final class Workspace {
    private static final int OWNED_SPACE = 0x90f1_0000;
    private static final int SHARED_SPACE = 0x90f1_0001;
    private static final int GRAPHICS_CHANNEL = 1;
    private static final int COPY_CHANNEL = 10;
    private static final int REPLACED_CHANNEL = 1;
    private static final long MIB = 1 << 20;
    private static final long USERD_BYTES = 4096;
    private static final long UNMAPPED_VA = 0x7_1234_5000L;
    private static final long ABANDONED_VA = 0xb_0000_0000L;
    private static final long ABANDONED_SOURCE_VA = 0xc_0000_0000L;
    private static final int ABANDONED_BYTES = 8 << 20;
    private static final int ABANDONED_COPIES = 500;

    private final Device device;
    private final Check check;
    private final Rpc rpc;
    private final VramPlan plan;
    private final BarTables bars;
    private final RmObjects objects;
    private @Nullable VramAccess bar2;
    private @Nullable VramAccess bar1;
    private @Nullable EngineTable engines;
    private @Nullable AddressSpace ownedSpace;
    private @Nullable AddressSpace sharedSpace;
    private @Nullable CopyChannel graphics;
    private @Nullable CopyChannel copy;

    Workspace(Device device, Rpc rpc, StaticInfo info) {
        this.device = device;
        this.check = device.check;
        this.rpc = rpc;
        this.plan = new VramPlan(info.usableBytes());
        this.bars = new BarTables(device, rpc, plan, info);
        this.objects = new RmObjects(rpc, check);
    }

    /** Maps the pool into BAR2 and the data area into BAR1. */
    void mapBars() {
        BarWindow pool = bars.mapBar2();
        bar2 = pool;
        bar1 = bars.mapBar1(pool);
    }

    /** Takes BAR2's tables away. */
    void unmapBars() {
        bars.unmapBar2();
    }

    /** Makes the client's objects and two address spaces, and learns of the engines. */
    void makeObjects(RmClient internal, int subdevice) {
        engines = EngineTable.read(internal, subdevice, check);
        objects.make();
        AddressSpace owned = new AddressSpace(device, bars, plan, bar2());
        objects.makeOwnedSpace(OWNED_SPACE, owned.pageDirectory());
        ownedSpace = owned;
        AddressSpace shared = new AddressSpace(device, bars, plan, bar2());
        objects.makeSharedSpace(SHARED_SPACE, shared.pageDirectory());
        sharedSpace = shared;
    }

    EngineTable engines() {
        return Objects.requireNonNull(engines);
    }

    /** A channel as nouveau makes it: page directory in the instance block, USERD in the board's memory. */
    String makeGraphicsChannel() {
        CopyChannel made = graphicsChannel(GRAPHICS_CHANNEL);
        made.bindCopyObject();
        graphics = made;
        return describe(made);
    }

    /** A channel as NVIDIA's driver makes it: page directory by control, USERD in system memory. */
    String makeCopyChannel(ControlProbe.Vectors vectors) {
        CopyChannel made = new CopyChannel(
                new CopyChannel.Request(
                        device,
                        objects,
                        Objects.requireNonNull(sharedSpace),
                        SHARED_SPACE,
                        engines().copy(),
                        COPY_CHANNEL),
                new CopyChannel.UserdMemory.Host(device.memory.allocate(USERD_BYTES)),
                plan.table(bar2()),
                false);
        copy = made;
        int index = EngineTable.MC_COPY0 + made.engine().type() - EngineTable.COPY0;
        Integer vector = vectors.nonStall().get(index);
        check.that(
                "non-stall vector of engine index " + index,
                vector != null,
                "in the interrupt table",
                vectors.nonStall().toString());
        device.interrupts.enable(Objects.requireNonNull(vector));
        made.bindCopyObject();
        device.interrupts.await(vector);
        return describe(made) + ", non-stall interrupt " + vector;
    }

    /** Copies on both channels. */
    String copies() {
        long video = plan.data() + 2 * MIB;
        new CopyProbe(device, graphics(), Objects.requireNonNull(ownedSpace), bar1(), video).probe();
        return new CopyProbe(device, copy(), Objects.requireNonNull(sharedSpace), bar1(), video).probe();
    }

    /** Kills the graphics channel by a bad address; the copy channel goes on, and a new one takes the place. */
    String pageFault(MessageInterrupt interrupt) {
        CopyChannel victim = graphics();
        GspAbi.RcTriggeredLayout layout = GspAbi.of(GspVersion.R570_144).rcTriggered();
        interrupt.enable();
        victim.submit(Copies.linear(UNMAPPED_VA, UNMAPPED_VA + MIB, 64), false);
        interrupt.await();
        Message event = rpc.awaitEvent(RpcFunction.RC_TRIGGERED);
        Words payload = event.payload();
        check.equal("payload of RC_TRIGGERED", layout.bytes(), payload.size());
        check.equal("engine of RC_TRIGGERED", victim.engine().type(), payload.intAt(RcTriggered.ENGINE_TYPE));
        check.equal("channel of RC_TRIGGERED", victim.channelId(), payload.intAt(RcTriggered.CHANNEL_ID));
        check.equal(
                "exception of RC_TRIGGERED", RobustChannel.FIFO_ERROR_MMU_ERR_FLT, payload.intAt(layout.exceptType()));
        long address = (payload.intAt(layout.faultAddressLow()) & 0xffff_ffffL)
                | ((long) payload.intAt(layout.faultAddressHigh()) << 32);
        check.equal("fault address of RC_TRIGGERED, by page", UNMAPPED_VA >>> 12, address >>> 12);
        copy().submit(new PushBuffer().methods(CopyChannel.COPY, Nvc7b5.NOP, 0), true);
        int before = victim.semaphore().intAt(0);
        victim.releaseSemaphore();
        copy().submit(new PushBuffer().methods(CopyChannel.COPY, Nvc7b5.NOP, 0), true);
        check.equal("semaphore of the dead channel", before, victim.semaphore().intAt(0));
        victim.free();
        CopyChannel replacement = graphicsChannel(REPLACED_CHANNEL);
        replacement.bindCopyObject();
        graphics = replacement;
        drainErrorLog();
        return "fault at " + Check.hex(address) + " killed channel " + victim.channelId() + " only";
    }

    /** Frees channels and objects. */
    void free() {
        graphics().free();
        copy().free();
        objects.unsetPageDirectory(OWNED_SPACE);
        objects.free();
    }

    /**
     * Submits copies to system memory that take a while, and an acquire that nobody will meet with a copy behind it, and
     * goes away.
     *
     * @return the memory that is written
     */
    DmaBuffer leaveWorkRunning() {
        AddressSpace shared = Objects.requireNonNull(sharedSpace);
        AddressSpace owned = Objects.requireNonNull(ownedSpace);
        DmaBuffer target = shared.mapNew(ABANDONED_VA, ABANDONED_BYTES);
        shared.mapVideo(ABANDONED_SOURCE_VA, plan.data() + 16 * MIB, ABANDONED_BYTES, PageTables.Page.HUGE);
        owned.mapVideo(ABANDONED_SOURCE_VA, plan.data() + 16 * MIB, ABANDONED_BYTES, PageTables.Page.HUGE);
        graphics().bindCopyObject();
        copy().bindCopyObject();
        long semaphore = graphics().semaphoreVa() + 0x400;
        graphics()
                .submitAll(List.of(
                        new PushBuffer()
                                .host(
                                        HostMethod.SEM_ADDR_LO,
                                        (int) semaphore,
                                        (int) (semaphore >>> 32),
                                        1,
                                        0,
                                        PushBuffer.semaphore(SemExecute.Operation.ACQUIRE)),
                        Copies.linear(ABANDONED_SOURCE_VA, ABANDONED_SOURCE_VA + MIB, (int) MIB)));
        PushBuffer work = Copies.linear(ABANDONED_SOURCE_VA, ABANDONED_VA, ABANDONED_BYTES);
        copy().submitAll(Collections.nCopies(ABANDONED_COPIES, work));
        return target;
    }

    CopyTimer copyTimer(Random random) {
        return new CopyTimer(device, copy(), Objects.requireNonNull(sharedSpace), plan, random);
    }

    /** The firmware may add a line for the driver's log; nothing else may have come. */
    private void drainErrorLog() {
        rpc.discard(RpcFunction.OS_ERROR_LOG);
        rpc.discard(RpcFunction.MMU_FAULT_QUEUED);
        rpc.expectNoEvent();
    }

    private CopyChannel graphicsChannel(int channelId) {
        long userd = plan.data() + channelId * USERD_BYTES;
        return new CopyChannel(
                new CopyChannel.Request(
                        device,
                        objects,
                        Objects.requireNonNull(ownedSpace),
                        OWNED_SPACE,
                        engines().graphics(),
                        channelId),
                new CopyChannel.UserdMemory.Video(bar1(), userd),
                plan.table(bar2()),
                true);
    }

    private static String describe(CopyChannel channel) {
        return "channel %d on %s, runlist %d"
                .formatted(
                        channel.channelId(),
                        channel.engine().name(),
                        channel.engine().runlist());
    }

    private VramAccess bar1() {
        return Objects.requireNonNull(bar1);
    }

    private VramAccess bar2() {
        return Objects.requireNonNull(bar2);
    }

    private CopyChannel graphics() {
        return Objects.requireNonNull(graphics);
    }

    private CopyChannel copy() {
        return Objects.requireNonNull(copy);
    }
}
