package dev.nacre.board.disp;

import dev.nacre.board.PictureSize;
import dev.nacre.board.Scanout;
import dev.nacre.board.bus.RegisterBlock;
import dev.nacre.board.disp.HeadPicture.Layer;
import dev.nacre.board.engine.EngineThread;
import dev.nacre.board.fb.Vram;
import dev.nacre.board.gsp.GspEvents;
import dev.nacre.board.hal.ChipHal;
import dev.nacre.board.intr.InterruptLine;
import dev.nacre.board.state.StateException;
import dev.nacre.board.state.StateReader;
import dev.nacre.board.state.StateWriter;
import dev.nacre.board.state.Stateful;
import dev.nacre.board.vgpu.GuestSurface;
import dev.nacre.hw.disp.DisplayGeneration;
import dev.nacre.hw.disp.Nvc67d;
import dev.nacre.hw.regs.PdispHead;
import dev.nacre.pci.GuestMemory;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The display engine: up to four heads, each with a monitor on a DVI connector, two windows and a cursor.
 *
 * <p>One lock guards all of it; it is held for microseconds, and never while a picture is put together or while others
 * are told of something. Registers and RM only note what is asked; push buffers are followed, updates are taken and
 * frames are counted on the engine's thread.
 */
public final class Display implements DisplayControl, Stateful, AutoCloseable {
    /** First address of the registers in BAR0. */
    public static final int REGISTERS_START = DisplayRegisters.START;

    /** Bytes of the registers. */
    public static final int REGISTERS_BYTES = DisplayRegisters.SIZE_BYTES;

    private static final int WINDOWS_PER_HEAD = 2;
    // Display ids are bits that RM chooses; the first ones are kept free, as on real boards.
    private static final int FIRST_DISPLAY_ID = 0x100;
    private static final int OR_TYPE_SOR = 2;
    private static final int OR_PROTOCOL_TMDS_A = 1;
    // HW: open-gpu-kernel-modules ctrl0073specific.h, DCB connector types: 0x31 DVI-D. With HDMI drivers add packets.
    private static final int CONNECTOR_DVI_D = 0x31;
    private static final int SOR_OWNER_MASK = 0xff;

    /** Words that a pass executes at most. A driver writes a few dozen a frame; a buffer holds a thousand. */
    private static final int PASS_WORDS = 8192;

    /** What taking an update costs, in words: it looks for handles. */
    private static final int UPDATE_WORDS = 64;

    // A push buffer that jumps in a circle costs the host little, and its guest only itself.
    private static final long BACKOFF_NS = 1_000_000;

    private final LongSupplier timeNs;
    private final InterruptLine interrupts;
    private final int vector;
    private final DisplayMemory memory;
    private final Surfaces surfaces;
    private final ChannelSet channels;
    private final List<Head> heads;
    private final ChannelExecutor executor;
    private final Updates updates;
    private final Compositor compositor;
    private final DisplayRegisters registers;
    private final EngineThread thread;
    private int plugged;
    private volatile @Nullable GspEvents gsp;
    private volatile IntSupplier frameRateLimit = () -> 0;

    /**
     * Makes it, with every monitor plugged in.
     *
     * @param hal the chip's vectors, and how its display channels and registers look
     * @param heads 0 to 4
     * @param vram the board's memory
     * @param memory the guest's memory
     * @param interrupts where vblanks are reported
     * @param timeNs the board's time in nanoseconds, which never goes back
     */
    public Display(
            ChipHal hal, int heads, Vram vram, GuestMemory memory, InterruptLine interrupts, LongSupplier timeNs) {
        this.timeNs = timeNs;
        this.interrupts = interrupts;
        this.vector = hal.displayLowLatencyVector().orElse(hal.displayStallVector());
        this.memory = new DisplayMemory(vram, memory);
        DisplayGeneration generation = hal.displayGeneration();
        this.surfaces = Surfaces.of(generation, this.memory);
        this.channels = new ChannelSet(heads, heads * WINDOWS_PER_HEAD, generation);
        this.heads = IntStream.range(0, heads)
                .mapToObj(head -> new Head(head, channels.core()))
                .toList();
        this.executor = new ChannelExecutor(this.memory);
        this.updates = new Updates(this.memory, surfaces, channels, this.heads);
        this.compositor = new Compositor(this.memory, surfaces, generation);
        this.registers = new DisplayRegisters(this, hal.places());
        this.plugged = supportedDisplays();
        this.thread = new EngineThread("display", this::pass);
    }

    /** Says whom to tell of monitors that come and go. */
    public void onHotplug(GspEvents to) {
        gsp = to;
    }

    /**
     * Says how many frames a second a head may have at most: one whose raster is faster scans slower, so that its events
     * come and its flips are done no more often.
     *
     * @param framesPerSecond asked before each frame; 0 for no limit
     */
    public void frameRateLimit(IntSupplier framesPerSecond) {
        frameRateLimit = framesPerSecond;
        thread.ring();
    }

    /**
     * Says how large a head's picture may be: its monitor shows no larger mode, and an update that asks for one stops the
     * core's channel. Any thread.
     */
    public synchronized void pictureLimit(PictureLimit limit) {
        updates.limit(limit);
    }

    /** The registers from {@link #REGISTERS_START} on. */
    public RegisterBlock registers() {
        return registers;
    }

    /** The engine's threads. */
    public List<EngineThread> threads() {
        return List.of(thread);
    }

    /**
     * Plugs or unplugs a head's monitor, and has the driver told if that changes something. Any thread.
     *
     * @param head from 0
     * @throws IndexOutOfBoundsException if there is no such head
     */
    public void plug(int head, boolean in) {
        int id = displayId(Objects.checkIndex(head, heads()));
        boolean changed;
        synchronized (this) {
            changed = ((plugged & id) != 0) != in;
            plugged = in ? plugged | id : plugged & ~id;
        }
        GspEvents events = gsp;
        if (changed && events != null) {
            events.hotplug(in ? id : 0, in ? 0 : id);
        }
    }

    /**
     * What a head shows now. Any thread.
     *
     * @param head from 0
     * @return empty if the head is off
     * @throws IndexOutOfBoundsException if there is no such head
     */
    public Optional<Scanout> scanout(int head) {
        return picture(Objects.checkIndex(head, heads())).flatMap(it -> compositor.compose(it, false));
    }

    /** The same with the cursor apart from the pixels. Any thread. */
    public Optional<Scanout> scanoutAndPointer(int head) {
        return picture(Objects.checkIndex(head, heads())).flatMap(it -> compositor.compose(it, true));
    }

    /** How large what a head shows is, without a look at it; empty if it is off. Any thread. */
    public Optional<PictureSize> size(int head) {
        return picture(Objects.checkIndex(head, heads())).flatMap(compositor::size);
    }

    /** The rearmost pictures of the heads that are on, as far as they lie in the board's memory. Any thread. */
    public List<GuestSurface> memorySurfaces() {
        return IntStream.range(0, heads())
                .mapToObj(this::picture)
                .flatMap(Optional::stream)
                .map(compositor::rearmost)
                .flatMap(Optional::stream)
                .toList();
    }

    private synchronized Optional<HeadPicture> picture(int head) {
        if (!heads.get(head).raster().running() || activeDisplay(head) == 0) {
            return Optional.empty();
        }
        Head shown = heads.get(head);
        List<Layer> layers = channels.windows().stream()
                .filter(surfaces::isOn)
                .filter(window -> updates.headOf(window).orElse(null) == shown)
                .map(window -> new Layer(
                        window.snapshot(),
                        channels.windowImmediate(window.instance()).snapshot()))
                .toList();
        return Optional.of(new HeadPicture(
                head, channels.core().snapshot(), layers, channels.cursor(head).snapshot()));
    }

    private static int displayId(int head) {
        return FIRST_DISPLAY_ID << head;
    }

    // What RM asks and tells.

    @Override
    public int heads() {
        return heads.size();
    }

    @Override
    public int windows() {
        return heads() * WINDOWS_PER_HEAD;
    }

    @Override
    public int supportedDisplays() {
        return FIRST_DISPLAY_ID * ((1 << heads()) - 1);
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
    public synchronized byte[] edid(int displayId) {
        return (plugged & displayId) == 0 ? new byte[0] : Edid.of(headOf(displayId), updates.limit());
    }

    @Override
    public int assignSor(int displayId) {
        return (supportedDisplays() & displayId) == 0 ? -1 : headOf(displayId);
    }

    @Override
    public synchronized int activeDisplay(int head) {
        // Each display has a SOR of its own; the one that names the head as its owner shows it.
        for (int sor = 0; sor < heads(); sor++) {
            int control = channels.core().armed(Nvc67d.SOR_SET_CONTROL + sor * Nvc67d.SOR_STRIDE);
            if ((control & SOR_OWNER_MASK & (1 << head)) != 0) {
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
    public boolean allocate(Channel channel, int offsetBytes) {
        return renew(channel, state -> state.allocate(offsetBytes));
    }

    @Override
    public void free(Channel channel) {
        boolean _ = renew(channel, ChannelState::free);
    }

    /** Changes a channel as a whole; others may have waited for it. */
    private boolean renew(Channel channel, Consumer<ChannelState> how) {
        synchronized (this) {
            ChannelState state = channels.find(channel);
            if (state == null) {
                return false;
            }
            how.accept(state);
            heads.forEach(head -> head.follow(channels.core(), timeNs.getAsLong()));
        }
        thread.ring();
        return true;
    }

    // What the registers ask and tell.

    ChannelSet channels() {
        return channels;
    }

    synchronized int core(int offset) {
        ChannelState core = channels.core();
        int armedStart = PdispHead.CORE_ARMED - PdispHead.CORE_CHANNEL;
        return offset >= armedStart ? core.armed(offset - armedStart) : channelRegister(core, offset);
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
            if (channel.isAllocated()) {
                channel.put(bytes);
            }
        }
        thread.ring();
    }

    synchronized void cursorMethod(ChannelState cursor, int method, int value) {
        if (cursor.isAllocated()) {
            executor.method(cursor, method, value);
        }
    }

    synchronized int pendingEvents(int head) {
        return head < heads() ? heads.get(head).pending() : 0;
    }

    synchronized int interruptingEvents(int head) {
        return head < heads() ? heads.get(head).interrupting() : 0;
    }

    synchronized int enabledEvents(int head) {
        return head < heads() ? heads.get(head).enabled() : 0;
    }

    void enableEvents(int head, int value) {
        if (head < heads()) {
            synchronized (this) {
                heads.get(head).enable(value, timeNs.getAsLong());
            }
            raiseIfPending();
            thread.ring();
        }
    }

    void acknowledge(int head, int value) {
        if (head < heads()) {
            synchronized (this) {
                heads.get(head).acknowledge(value);
            }
            raiseIfPending();
        }
    }

    /** The line to the interrupt tree is a level: what is left is reported again. */
    void raiseIfPending() {
        if (dispatch() != 0) {
            interrupts.raise(vector);
        }
    }

    synchronized int dispatch() {
        int mask = 0;
        for (int head = 0; head < heads(); head++) {
            mask |= heads.get(head).interrupting() != 0 ? 1 << head : 0;
        }
        return mask;
    }

    synchronized int rasterLine(int head) {
        return head < heads() ? heads.get(head).line(timeNs.getAsLong()) : 0;
    }

    synchronized int rasterPixel(int head) {
        return head < heads() ? heads.get(head).heldPixel() : 0;
    }

    // The engine.

    /** One turn of the engine; see {@link EngineThread.Pass}. */
    long pass() {
        boolean interrupt = false;
        long delay;
        synchronized (this) {
            long now = timeNs.getAsLong();
            int limit = frameRateLimit.getAsInt();
            heads.forEach(head -> head.limit(limit, channels.core(), now));
            boolean exhausted = !followChannels(now);
            long wake = exhausted ? now + BACKOFF_NS : updates.wakeNs();
            for (Head head : heads) {
                interrupt |= head.tick(now);
                wake = Math.min(wake, head.nextEventNs(now));
            }
            delay = wake == EngineThread.Pass.IDLE ? wake : Math.max(1, wake - now);
        }
        if (interrupt) {
            interrupts.raise(vector);
        }
        return delay;
    }

    /** Executes and takes updates until nothing is left to do, or for as long as a pass may last: then false. */
    private boolean followChannels(long now) {
        int budget = PASS_WORDS;
        for (boolean progress = true; progress; ) {
            int before = budget;
            budget -= UPDATE_WORDS * updates.take(now);
            for (ChannelState channel : channels.all()) {
                budget -= executor.run(channel, budget);
            }
            if (budget <= 0) {
                return false;
            }
            progress = budget != before;
        }
        return true;
    }

    // State.

    @Override
    public String stateName() {
        return "display";
    }

    @Override
    public synchronized void save(StateWriter out) {
        long now = timeNs.getAsLong();
        memory.save(out);
        out.put("plugged", plugged);
        for (ChannelState channel : channels.all()) {
            out.put(channelName(channel), channel.save());
        }
        for (int head = 0; head < heads(); head++) {
            StateWriter group = new StateWriter();
            heads.get(head).save(group, now);
            out.put("head." + head, group);
        }
    }

    @Override
    public void restore(StateReader in) {
        synchronized (this) {
            try {
                memory.restore(in);
                plugged = in.intValue("plugged") & supportedDisplays();
                for (ChannelState channel : channels.all()) {
                    channel.restore(in.group(channelName(channel)));
                }
                long now = timeNs.getAsLong();
                for (int head = 0; head < heads(); head++) {
                    heads.get(head).restore(in.group("head." + head), channels.core(), now);
                }
            } catch (StateException e) {
                reset();
                throw e;
            }
        }
        thread.ring();
    }

    private static String channelName(ChannelState channel) {
        return "channel." + channel.kind() + "." + channel.instance();
    }

    @Override
    public synchronized void reset() {
        memory.reset();
        channels.all().forEach(ChannelState::reset);
        heads.forEach(head -> head.reset(channels.core()));
        plugged = supportedDisplays();
    }

    @Override
    public void close() {
        thread.close();
    }
}
