package dev.nacre.board.disp;

import dev.nacre.board.Scanout;
import dev.nacre.board.bus.RegisterBlock;
import dev.nacre.board.engine.EngineThread;
import dev.nacre.board.fb.Vram;
import dev.nacre.board.gsp.GspEvents;
import dev.nacre.board.hal.ChipHal;
import dev.nacre.board.intr.InterruptLine;
import dev.nacre.board.state.StateReader;
import dev.nacre.board.state.StateWriter;
import dev.nacre.board.state.Stateful;
import dev.nacre.hw.disp.Nvc67d;
import dev.nacre.hw.regs.PdispHead;
import dev.nacre.pci.GuestMemory;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The display engine: up to four heads, each with a monitor on a DVI connector, two windows and a cursor.
 *
 * <p>One lock guards all of it; it is held for microseconds. Push buffers are followed and frames are counted on the
 * engine's thread.
 */
public final class Display implements DisplayControl, Stateful, AutoCloseable {
    private static final int WINDOWS_PER_HEAD = 2;
    // Display ids are bits that RM chooses; the first ones are kept free, as on real boards.
    private static final int FIRST_DISPLAY_ID = 0x100;
    private static final int OR_TYPE_SOR = 2;
    private static final int OR_PROTOCOL_TMDS_A = 1;
    // HW: open-gpu-kernel-modules ctrl0073specific.h, DCB connector types: 0x31 DVI-D.
    private static final int CONNECTOR_DVI_D = 0x31;
    /** A frame that is late by this many is not made up for. */
    private static final int MAX_LATE_FRAMES = 4;

    private final int heads;
    private final LongSupplier timeNs;
    private final DisplayMemory memory;
    private final ChannelSet channels;
    private final ChannelExecutor executor;
    private final Compositor compositor;
    private final HeadEvents events;
    private final DisplayRegisters registers;
    private final EngineThread thread;
    private final long[] nextFrameNs;
    private int plugged;
    private @Nullable GspEvents gsp;

    /**
     * Makes it, with every monitor plugged in.
     *
     * @param hal the chip's vectors
     * @param heads 0 to 4
     * @param vram the board's memory
     * @param memory the guest's memory
     * @param interrupts where vblanks are reported
     * @param timeNs the board's time in nanoseconds
     */
    public Display(
            ChipHal hal, int heads, Vram vram, GuestMemory memory, InterruptLine interrupts, LongSupplier timeNs) {
        this.heads = heads;
        this.timeNs = timeNs;
        this.memory = new DisplayMemory(vram, memory);
        this.channels = new ChannelSet(heads, heads * WINDOWS_PER_HEAD);
        this.executor = new ChannelExecutor(this.memory, channels);
        this.compositor = new Compositor(this.memory);
        this.events = new HeadEvents(interrupts, hal.displayStallVector());
        this.registers = new DisplayRegisters(this);
        this.nextFrameNs = new long[heads];
        reset();
        this.thread = new EngineThread("display", this::pass);
    }

    /** Says whom to tell of monitors that come and go. */
    public void onHotplug(GspEvents to) {
        gsp = to;
    }

    /** The registers from {@link #REGISTERS_START} on. */
    public RegisterBlock registers() {
        return registers;
    }

    /** First address of the registers in BAR0. */
    public static final int REGISTERS_START = DisplayRegisters.START;

    /** Bytes of the registers. */
    public static final int REGISTERS_BYTES = DisplayRegisters.SIZE_BYTES;

    /** The engine's threads. */
    public List<EngineThread> threads() {
        return List.of(thread);
    }

    /**
     * Plugs or unplugs a head's monitor. Any thread.
     *
     * @param head from 0
     * @throws IndexOutOfBoundsException if there is no such head
     */
    public void plug(int head, boolean in) {
        int id = displayId(java.util.Objects.checkIndex(head, heads));
        int before;
        synchronized (this) {
            before = plugged;
            plugged = in ? plugged | id : plugged & ~id;
        }
        boolean changed = (before & id) != (in ? id : 0);
        if (changed && gsp != null) {
            gsp.hotplug(in ? id : 0, in ? 0 : id);
        }
    }

    /**
     * What a head shows now. Any thread.
     *
     * @param head from 0
     * @return empty if the head is off
     * @throws IndexOutOfBoundsException if there is no such head
     */
    public synchronized Optional<Scanout> scanout(int head) {
        java.util.Objects.checkIndex(head, heads);
        List<ChannelState> shown = channels.windows().stream()
                .filter(window -> executor.ownerOf(window) == head)
                .toList();
        return compositor.compose(channels.core(), head, shown, channels);
    }

    private static int displayId(int head) {
        return FIRST_DISPLAY_ID << head;
    }

    // What RM asks and tells.

    @Override
    public int heads() {
        return heads;
    }

    @Override
    public int windows() {
        return heads * WINDOWS_PER_HEAD;
    }

    @Override
    public int supportedDisplays() {
        return FIRST_DISPLAY_ID * ((1 << heads) - 1);
    }

    @Override
    public synchronized int connectedDisplays() {
        return plugged;
    }

    @Override
    public Output output(int displayId) {
        return new Output(headOf(displayId), OR_TYPE_SOR, OR_PROTOCOL_TMDS_A, CONNECTOR_DVI_D);
    }

    @Override
    public byte[] edid(int displayId) {
        return (connectedDisplays() & displayId) == 0 ? new byte[0] : Edid.of(headOf(displayId));
    }

    @Override
    public int assignSor(int displayId) {
        return (supportedDisplays() & displayId) == 0 ? -1 : headOf(displayId);
    }

    @Override
    public synchronized int activeDisplay(int head) {
        // Each display has a SOR of its own; the one that names the head as its owner shows it.
        for (int sor = 0; sor < heads; sor++) {
            int control = channels.core().armed(Nvc67d.SOR_SET_CONTROL + sor * Nvc67d.SOR_STRIDE);
            if ((control & (1 << head)) != 0) {
                return displayId(sor);
            }
        }
        return 0;
    }

    private static int headOf(int displayId) {
        return Integer.numberOfTrailingZeros(displayId / FIRST_DISPLAY_ID);
    }

    @Override
    public synchronized void instanceMemory(long address, long sizeBytes, boolean system) {
        memory.instance(address, sizeBytes, system);
    }

    @Override
    public synchronized void pushBuffer(Channel channel, PushBuffer pushBuffer) {
        ChannelState state = channels.find(channel);
        if (state != null) {
            state.buffer(pushBuffer);
        }
    }

    @Override
    public synchronized boolean allocate(Channel channel, int offsetBytes) {
        ChannelState state = channels.find(channel);
        if (state != null) {
            state.allocate(
                    offsetBytes,
                    Nvc67d.HEAD_SET_CONTROL_OUTPUT_RESOURCE,
                    Nvc67d.HEAD_SET_CONTROL_OUTPUT_RESOURCE_RESET);
        }
        return state != null;
    }

    @Override
    public synchronized void free(Channel channel) {
        ChannelState state = channels.find(channel);
        if (state != null) {
            state.free();
        }
    }

    // What the registers ask and tell.

    ChannelSet channels() {
        return channels;
    }

    synchronized int core(int offset) {
        ChannelState core = channels.core();
        int armedStart = PdispHead.CORE_ARMED - PdispHead.CORE_CHANNEL;
        if (offset >= armedStart) {
            return core.armed(offset - armedStart);
        }
        return offset < Nvc67d.UPDATE ? channelRegister(core, offset) : core.assembly(offset);
    }

    synchronized int channelRegister(ChannelState channel, int offset) {
        return switch (offset) {
            case PdispHead.PUT -> channel.put();
            case PdispHead.GET -> channel.get();
            default -> channel.assembly(offset);
        };
    }

    void put(ChannelState channel, int bytes) {
        synchronized (this) {
            channel.put(bytes);
        }
        thread.ring();
    }

    synchronized void cursorMethod(ChannelState cursor, int method, int value) {
        executor.method(cursor, method, value);
    }

    synchronized int pendingEvents(int head) {
        return events.pending(head);
    }

    synchronized int enabledEvents(int head) {
        return events.enabled(head);
    }

    void enableEvents(int head, int value) {
        synchronized (this) {
            events.enable(head, value);
            if (head < heads) {
                nextFrameNs[head] = timing(head).nextBlankAfter(timeNs.getAsLong());
            }
        }
        thread.ring();
    }

    synchronized int acknowledge(int head, int value) {
        events.acknowledge(head, value);
        return 0;
    }

    synchronized int dispatch() {
        return events.dispatch();
    }

    synchronized int rasterLine(int head) {
        return head < heads ? timing(head).lineAt(timeNs.getAsLong()) : 0;
    }

    synchronized int rasterPixel(int head) {
        return head < heads ? timing(head).pixelAt(timeNs.getAsLong()) : 0;
    }

    private HeadTiming timing(int head) {
        return HeadTiming.of(channels.core(), head);
    }

    // The engine.

    private synchronized long pass() {
        boolean more = false;
        for (ChannelState channel : channels.all()) {
            more |= executor.run(channel);
        }
        long now = timeNs.getAsLong();
        long delay = EngineThread.Pass.IDLE;
        for (int head = 0; head < heads; head++) {
            if (events.wantsVblank(head) || flipPending(head)) {
                delay = Math.min(delay, frames(head, now));
            }
        }
        return more ? 0 : delay;
    }

    /** Ends a head's frames that are due; returns the time to the next one. */
    private long frames(int head, long now) {
        HeadTiming timing = timing(head);
        if (now - nextFrameNs[head] > MAX_LATE_FRAMES * timing.periodNs()
                || nextFrameNs[head] - now > timing.periodNs()) {
            nextFrameNs[head] = timing.nextBlankAfter(now);
        }
        if (now >= nextFrameNs[head]) {
            nextFrameNs[head] = timing.nextBlankAfter(now);
            for (ChannelState window : channels.windows()) {
                if (window.flipPending() && executor.ownerOf(window) == head) {
                    executor.complete(window);
                    thread.ring();
                }
            }
            events.vblank(head);
        }
        return Math.max(1, nextFrameNs[head] - now);
    }

    private boolean flipPending(int head) {
        for (ChannelState window : channels.windows()) {
            if (window.flipPending() && executor.ownerOf(window) == head) {
                return true;
            }
        }
        return false;
    }

    // State.

    @Override
    public String stateName() {
        return "display";
    }

    @Override
    public synchronized void save(StateWriter out) {
        memory.save(out);
        events.save(out);
        out.put("plugged", plugged);
        for (ChannelState channel : channels.all()) {
            out.put(channelName(channel), channel.save());
        }
    }

    @Override
    public synchronized void restore(StateReader in) {
        memory.restore(in);
        events.restore(in);
        plugged = in.intValue("plugged") & supportedDisplays();
        for (ChannelState channel : channels.all()) {
            channel.restore(in.group(channelName(channel)));
        }
        Arrays.fill(nextFrameNs, 0);
        thread.ring();
    }

    private static String channelName(ChannelState channel) {
        return "channel." + channel.kind() + "." + channel.instance();
    }

    @Override
    public synchronized void reset() {
        memory.reset();
        events.reset();
        channels.all().forEach(ChannelState::reset);
        plugged = supportedDisplays();
        Arrays.fill(nextFrameNs, 0);
    }

    @Override
    public void close() {
        thread.close();
    }
}
