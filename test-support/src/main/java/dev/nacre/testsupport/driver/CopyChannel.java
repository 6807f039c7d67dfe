package dev.nacre.testsupport.driver;

import dev.nacre.hw.copy.Nvc7b5;
import dev.nacre.hw.host.GpEntry;
import dev.nacre.hw.host.HostMethod;
import dev.nacre.hw.host.InstanceBlock;
import dev.nacre.hw.host.SemExecute;
import dev.nacre.hw.host.Userd;
import dev.nacre.hw.regs.VirtualFunction;
import dev.nacre.hw.rm.ParamLayout.Bind;
import dev.nacre.hw.rm.ParamLayout.ChannelAlloc;
import dev.nacre.hw.rm.ParamLayout.MemoryDesc;
import dev.nacre.hw.rm.RmControl;

/** A channel with a copy object on it: ring, USERD, push buffer and a semaphore. One thread. */
final class CopyChannel {
    /** Subchannel of the copy object, as nouveau and Mesa use it. */
    static final int COPY = 4;

    private static final int PAGE = 4096;

    // HW: nouveau nvif/class.h: AMPERE_CHANNEL_GPFIFO_A on GA10x and AD10x.
    private static final int CHANNEL_CLASS = 0xc56f;
    private static final int CHANNEL_BYTES = 368;
    private static final int CHANNEL_FLAGS_PRIVILEGED = 1 << 5;
    private static final int CHANNEL_FLAGS_USERD_FIXED = 1 << 21;
    private static final int RAMFC_MEM = 0xc0;
    private static final int SPACE_SYSTEM = 1;
    private static final int SPACE_VIDEO = 2;
    private static final int COPY_OBJECT_BYTES = 8;
    private static final int WORK_SUBMIT_TOKEN_BYTES = 4;

    private static final int RING_ENTRIES = 1024;
    private static final int PUSH_BYTES = 64 << 10;

    /** Where in the channel's address space its own things are; each channel has 16 MiB. */
    private static final long VA_BASE = 0x1_0000_0000L;

    private static final long VA_PER_CHANNEL = 16 << 20;
    private static final long VA_PUSH = 1 << 20;
    private static final long VA_SEMAPHORE = 2 << 20;

    /**
     * What a channel is made of.
     *
     * @param device the device
     * @param objects the client's objects
     * @param space address space with page tables
     * @param spaceHandle its handle
     * @param engine the engine
     * @param channelId its number
     */
    record Request(
            Device device,
            RmObjects objects,
            AddressSpace space,
            int spaceHandle,
            EngineTable.Engine engine,
            int channelId) {}

    private final Request request;
    private final Check check;
    private final int handle;
    private final long va;
    private final DmaBuffer ring;
    private final DmaBuffer push;
    private final DmaBuffer semaphore;
    private final UserdMemory userd;
    private int put;
    private int pushAt;
    private int sequence;

    /** Where USERD lies: in the board's memory behind BAR1, or in system memory. */
    sealed interface UserdMemory {
        /** In the board's memory. */
        record Video(VramAccess window, long address) implements UserdMemory {}

        /** In system memory. */
        record Host(DmaBuffer memory) implements UserdMemory {}
    }

    /**
     * Makes a channel and lets it run.
     *
     * @param instance a page of the board's memory for the instance block, through a window
     */
    CopyChannel(Request request, UserdMemory userd, PageTables.Table instance, boolean pageDirectoryInInstance) {
        this.request = request;
        this.check = request.device().check;
        this.userd = userd;
        this.handle = 0xf1f0_0000 | request.channelId();
        this.va = VA_BASE + request.channelId() * VA_PER_CHANNEL;
        this.ring = request.space().mapNew(va, (long) RING_ENTRIES * GpEntry.SIZE);
        this.push = request.space().mapNew(va + VA_PUSH, PUSH_BYTES);
        this.semaphore = request.space().mapNew(va + VA_SEMAPHORE, PAGE);
        if (pageDirectoryInInstance) {
            long root = request.space().pageDirectory();
            instance.put(
                    InstanceBlock.PAGE_DIR_BASE,
                    InstanceBlock.PAGE_DIR_BASE_ADDRESS.set(InstanceBlock.USE_VER2_PT_FORMAT.mask(), root >>> 12));
            instance.put(InstanceBlock.PAGE_DIR_BASE + 8, (1L << 49) - 1);
        }
        putUserd(Userd.GP_PUT, 0);
        allocate(instance.address());
    }

    int handle() {
        return handle;
    }

    EngineTable.Engine engine() {
        return request.engine();
    }

    int channelId() {
        return request.channelId();
    }

    /** Binds a copy class to the subchannel. */
    void bindCopyObject() {
        submit(new PushBuffer().methods(COPY, HostMethod.SET_OBJECT.address(), Nvc7b5.CLASS), true);
    }

    /**
     * Submits work followed by a semaphore release and a non-stall interrupt, and waits for the semaphore.
     *
     * @param work bound to a class already
     */
    void run(PushBuffer work) {
        submit(work, false);
        int release = releaseSemaphore();
        awaitSemaphore(release);
    }

    /** Submits work without waiting; {@code release} adds a release and waits for it. */
    void submit(PushBuffer work, boolean release) {
        putEntry(work);
        ring();
        if (release) {
            awaitSemaphore(releaseSemaphore());
        }
    }

    /** Submits several pieces of work with one doorbell. */
    void submitAll(Iterable<PushBuffer> pieces) {
        for (PushBuffer piece : pieces) {
            putEntry(piece);
        }
        ring();
    }

    /** Has the host write the next sequence number with a time stamp, and interrupt. @return the number */
    int releaseSemaphore() {
        sequence++;
        int execute = PushBuffer.semaphore(SemExecute.Operation.RELEASE);
        execute = SemExecute.RELEASE_WFI.set(execute, true);
        execute = SemExecute.RELEASE_TIMESTAMP.set(execute, true);
        long address = va + VA_SEMAPHORE;
        PushBuffer release = new PushBuffer()
                .host(HostMethod.SEM_ADDR_LO, (int) address, (int) (address >>> 32), sequence, 0, execute)
                .host(HostMethod.NON_STALL_INTERRUPT, 0);
        putEntry(release);
        ring();
        return sequence;
    }

    /** Waits for a sequence number, and checks the time stamp beside it and GP_GET. */
    void awaitSemaphore(int number) {
        check.await(
                "semaphore of channel " + request.channelId(),
                () -> semaphore.intAtAcquire(0) == number,
                () -> "value " + semaphore.intAt(0) + " instead of " + number + ", GP_GET " + userdAt(Userd.GP_GET)
                        + ", GP_PUT " + put);
        check.differ("time stamp of the semaphore", 0, semaphore.longAt(8));
        check.await(
                "GP_GET reaches GP_PUT",
                () -> userdAt(Userd.GP_GET) == put,
                () -> "GP_GET " + userdAt(Userd.GP_GET) + ", GP_PUT " + put);
    }

    /** Virtual address of the semaphore page; its first 16 bytes are the channel's own. */
    long semaphoreVa() {
        return va + VA_SEMAPHORE;
    }

    /** The semaphore page. */
    DmaBuffer semaphore() {
        return semaphore;
    }

    /** Frees the channel. */
    void free() {
        request.objects().rm().free(request.objects().device(), handle);
    }

    private void allocate(long instance) {
        RmClient rm = request.objects().rm();
        Words params = new Words(CHANNEL_BYTES);
        int id = request.channelId();
        params.putLong(ChannelAlloc.GP_FIFO_OFFSET, va);
        params.putInt(ChannelAlloc.GP_FIFO_ENTRIES, RING_ENTRIES);
        params.putInt(
                ChannelAlloc.FLAGS,
                CHANNEL_FLAGS_USERD_FIXED | ((id >>> 3) << 12) | ((id & 7) << 8) | CHANNEL_FLAGS_PRIVILEGED);
        params.putInt(ChannelAlloc.VA_SPACE, request.spaceHandle());
        params.putInt(ChannelAlloc.ENGINE_TYPE, request.engine().type());
        describe(params, ChannelAlloc.INSTANCE_MEM, instance, PAGE, SPACE_VIDEO);
        describe(params, RAMFC_MEM, instance, Userd.SIZE, SPACE_VIDEO);
        switch (userd) {
            case UserdMemory.Video(VramAccess window, long address) ->
                describe(params, ChannelAlloc.USERD_MEM, address, Userd.SIZE, SPACE_VIDEO);
            case UserdMemory.Host(DmaBuffer memory) ->
                describe(params, ChannelAlloc.USERD_MEM, memory.iova(0), Userd.SIZE, SPACE_SYSTEM);
        }
        rm.allocate(request.objects().device(), handle, CHANNEL_CLASS, params);
        Words bind = new Words(4);
        bind.putInt(Bind.ENGINE_TYPE, request.engine().type());
        rm.control(handle, RmControl.NVA06F_CTRL_CMD_BIND, bind);
        Words schedule = new Words(2);
        schedule.putByte(0, 1);
        rm.control(handle, RmControl.NVA06F_CTRL_CMD_GPFIFO_SCHEDULE, schedule);
        Words copy = new Words(COPY_OBJECT_BYTES);
        copy.putInt(0, 1);
        copy.putInt(4, EngineTable.COPY0);
        rm.allocate(handle, Nvc7b5.CLASS | (id << 16), Nvc7b5.CLASS, copy);
        Words token = rm.control(
                handle, RmControl.NVC36F_CTRL_CMD_GPFIFO_GET_WORK_SUBMIT_TOKEN, new Words(WORK_SUBMIT_TOKEN_BYTES));
        check.equal("channel id in the work submit token", id, token.intAt(0) & 0xffff);
    }

    private static void describe(Words params, int at, long address, long bytes, int space) {
        params.putLong(at + MemoryDesc.BASE, address);
        params.putLong(at + MemoryDesc.SIZE, bytes);
        params.putInt(at + MemoryDesc.ADDRESS_SPACE, space);
    }

    private void putEntry(PushBuffer work) {
        byte[] bytes = work.bytes();
        if (pushAt + bytes.length > PUSH_BYTES) {
            ring();
            check.await(
                    "GPFIFO drained before the push buffer wraps",
                    () -> userdAt(Userd.GP_GET) == put,
                    () -> "GP_GET " + userdAt(Userd.GP_GET) + ", GP_PUT " + put);
            pushAt = 0;
        }
        push.putBytes(pushAt, bytes);
        long entry = GpEntry.GET.set(0, (va + VA_PUSH + pushAt) >>> 2);
        ring.putLong((long) put * GpEntry.SIZE, GpEntry.LENGTH.set(entry, work.count()));
        pushAt += bytes.length;
        put = (put + 1) % RING_ENTRIES;
    }

    private void ring() {
        putUserd(Userd.GP_PUT, put);
        request.device()
                .registers
                .write(VirtualFunction.DOORBELL, (request.engine().runlist() << 16) | request.channelId());
    }

    private int userdAt(int offset) {
        return switch (userd) {
            case UserdMemory.Video(VramAccess window, long address) -> window.intAt(address + offset);
            case UserdMemory.Host(DmaBuffer memory) -> memory.intAtAcquire(offset);
        };
    }

    private void putUserd(int offset, int value) {
        switch (userd) {
            case UserdMemory.Video(VramAccess window, long address) -> window.putInt(address + offset, value);
            case UserdMemory.Host(DmaBuffer memory) -> memory.putIntRelease(offset, value);
        }
    }
}
