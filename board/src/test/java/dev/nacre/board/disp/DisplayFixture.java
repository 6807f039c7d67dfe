package dev.nacre.board.disp;

import dev.nacre.board.Scanout;
import dev.nacre.board.disp.DisplayControl.Channel;
import dev.nacre.board.disp.DisplayControl.ChannelKind;
import dev.nacre.board.disp.DisplayControl.PushBuffer;
import dev.nacre.board.fb.Vram;
import dev.nacre.board.hal.Ad102Hal;
import dev.nacre.board.hal.ChipHal;
import dev.nacre.hw.disp.DisplayGeneration;
import dev.nacre.hw.disp.Nvc67e;
import dev.nacre.hw.regs.PdispHead;
import dev.nacre.pci.GuestMemory;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A display with 4 MiB of video and 1 MiB of system memory, a clock that stands still, and a driver that does what
 * nouveau does: push buffers in system memory, context DMAs in instance memory.
 */
final class DisplayFixture implements AutoCloseable {
    static final int SYSTEM_BASE = 0x4000_0000;
    static final int VIDEO_BYTES = 4 << 20;
    static final int INSTANCE = 0x30_0000;
    static final int SYNC = 0x2f_f000;
    static final int SYNC_HANDLE = 0xf000_0000;
    static final int VRAM_HANDLE = 0xf000_0001;
    static final int WINDOW_HANDLE = 0xfb00_0000;
    static final long FRAME_NS = 1344L * 806 * 1_000_000_000 / 65_000_000;
    static final Channel CORE = new Channel(ChannelKind.CORE, 0);

    final MemorySegment video = MemorySegment.ofArray(new long[VIDEO_BYTES / 8]);
    final MemorySegment system = MemorySegment.ofArray(new long[(1 << 20) / 8]);
    final Vram vram = new Vram(video);
    final GuestMemory guest = new GuestMemory();
    final AtomicLong timeNs = new AtomicLong(1_000_000_000L);
    final AtomicInteger interrupts = new AtomicInteger();
    final ChipHal hal;
    final Display display;
    volatile int lastVector;
    private final List<Channel> buffers = new ArrayList<>();
    private int nextObject = 0x2000;
    private int nextEntry;

    DisplayFixture(int heads) {
        this(new Ad102Hal(), heads);
    }

    DisplayFixture(ChipHal hal, int heads) {
        this.hal = hal;
        guest.map(SYSTEM_BASE, system, true, true);
        guest.busMaster(true);
        display = new Display(
                hal,
                heads,
                vram,
                guest,
                vector -> {
                    lastVector = vector;
                    interrupts.incrementAndGet();
                },
                timeNs::get);
    }

    /** One head, and all that nouveau sets up before its first modeset. */
    static DisplayFixture booted(int heads) {
        DisplayFixture fixture = new DisplayFixture(heads);
        fixture.boot();
        return fixture;
    }

    void boot() {
        display.instanceMemory(INSTANCE, 0x10000, false);
        allocate(CORE, 0);
        contextDma(SYNC_HANDLE, 0, 0x5, SYNC, SYNC + 0xfff);
        contextDma(VRAM_HANDLE, 0, 0x5, 0, VIDEO_BYTES - 1);
        for (int window = 0; window < display.windows(); window++) {
            allocate(window(window), 0);
            allocate(new Channel(ChannelKind.WINDOW_IMMEDIATE, window), 0);
            contextDma(SYNC_HANDLE, 1 + window, 0x5, SYNC, SYNC + 0xfff);
            contextDma(VRAM_HANDLE, 1 + window, 0x5, 0, VIDEO_BYTES - 1);
            contextDma(WINDOW_HANDLE, 1 + window, 0x45, 0, VIDEO_BYTES - 1);
        }
        for (int head = 0; head < display.heads(); head++) {
            display.pushBuffer(new Channel(ChannelKind.CURSOR, head), new PushBuffer(0, false, 0, false));
            display.allocate(new Channel(ChannelKind.CURSOR, head), 0);
        }
    }

    static Channel window(int instance) {
        return new Channel(ChannelKind.WINDOW, instance);
    }

    static Channel immediate(int instance) {
        return new Channel(ChannelKind.WINDOW_IMMEDIATE, instance);
    }

    void allocate(Channel channel, int offsetBytes) {
        display.pushBuffer(channel, new PushBuffer(bufferOf(channel), true, 0x1000, true));
        display.allocate(channel, offsetBytes);
    }

    long bufferOf(Channel channel) {
        if (!buffers.contains(channel)) {
            buffers.add(channel);
        }
        return SYSTEM_BASE + 0x1000L * (1 + buffers.indexOf(channel));
    }

    /** Enters a context DMA into the hash table, at any free place. */
    void contextDma(int handle, int channelId, int flags, long start, long limit) {
        int object = nextObject;
        nextObject += 32;
        int[] words = {flags, (int) (start >> 8), (int) (start >> 40), (int) (limit >> 8), (int) (limit >> 40)};
        for (int i = 0; i < words.length; i++) {
            vram.writeInt(INSTANCE + object + 4L * i, words[i]);
        }
        nextEntry = (nextEntry + 37) % 1024;
        vram.writeInt(INSTANCE + 8L * nextEntry, handle);
        vram.writeInt(INSTANCE + 8L * nextEntry + 4, channelId << 25 | object << 9 | 1);
    }

    /** Where a channel's registers are. */
    static int registersOf(Channel channel) {
        int page = channel.instance() * PdispHead.CHANNEL_STRIDE;
        return switch (channel.kind()) {
            case CORE -> PdispHead.CORE_CHANNEL;
            case WINDOW -> PdispHead.WINDOW_CHANNELS + page;
            case WINDOW_IMMEDIATE -> PdispHead.WINDOW_IMMEDIATE_CHANNELS + page;
            case CURSOR -> PdispHead.CURSOR_CHANNELS + page;
        };
    }

    int read(int address) {
        return display.registers().read(address);
    }

    void write(int address, int value) {
        display.registers().write(address, value);
    }

    int get(Channel channel) {
        return read(registersOf(channel) + PdispHead.GET);
    }

    /** Writes words after those that were written before, moves PUT, and lets the engine work. */
    void push(Channel channel, int... words) {
        kick(channel, words);
        display.pass();
    }

    /** Writes words and moves PUT. */
    void kick(Channel channel, int... words) {
        int put = read(registersOf(channel) + PdispHead.PUT);
        for (int word : words) {
            guest.writeInt(bufferOf(channel) + put, word);
            put += 4;
        }
        write(registersOf(channel) + PdispHead.PUT, put);
    }

    /** Pairs of method and value, as words of a push buffer. */
    static int[] methods(int... pairs) {
        int[] words = new int[pairs.length];
        for (int i = 0; i < pairs.length; i += 2) {
            words[i] = 1 << 18 | pairs[i];
            words[i + 1] = pairs[i + 1];
        }
        return words;
    }

    void core(int... pairs) {
        push(CORE, methods(pairs));
    }

    void window(int instance, int... pairs) {
        push(window(instance), methods(pairs));
    }

    int notifier(int offset) {
        return vram.readInt(SYNC + offset);
    }

    void advance(long ns) {
        timeNs.addAndGet(ns);
        display.pass();
    }

    /** What nouveau's first commit tells the core: 1024x768 at 60 Hz on a head, without a window. */
    static int[] modeset(int head) {
        int at = head * DisplayGeneration.C67X.headStrideBytes();
        return new int[] {
            0x208,
            SYNC_HANDLE,
            0x300 + 0x20 * head,
            0x100 | 1 << head,
            0x204c + at,
            0x0300_0400,
            0x2058 + at,
            0x0300_0400,
            0x2064 + at,
            0x0326_0540,
            0x2068 + at,
            0x0005_0087,
            0x206c + at,
            0x0022_0127,
            0x2070 + at,
            0x0322_0527,
            0x200c + at,
            65_000_000,
            0x2004 + at,
            0xfc00_004c,
            0x1000 + 0x100 * head,
            head,
            0x1080 + 0x100 * head,
            head,
            0x20c,
            0x1000,
            0x218,
            0,
            0x21c,
            0,
            0x200,
            1
        };
    }

    /** A modeset, up to the notifier that nouveau waits for. */
    void turnOn(int head) {
        core(modeset(head));
    }

    /** What nouveau tells a window of fbcon's picture: 1024x768, pitch 4 KiB, at 0; no notifier, no interlock. */
    static int[] fbcon(int interval) {
        return new int[] {
            Nvc67e.SET_PRESENT_CONTROL, interval,
            Nvc67e.SET_SIZE, 0x0300_0400,
            Nvc67e.SET_STORAGE, 0,
            Nvc67e.SET_PARAMS, 0xcf,
            Nvc67e.SET_PLANAR_STORAGE, 0x40,
            Nvc67e.SET_CONTEXT_DMA_ISO, WINDOW_HANDLE,
            Nvc67e.SET_OFFSET, 0,
            Nvc67e.SET_POINT_IN, 0,
            Nvc67e.SET_SIZE_IN, 0x0300_0400,
            Nvc67e.SET_SIZE_OUT, 0x0300_0400,
            Nvc67e.SET_COMPOSITION_CONTROL, 0xff0,
            Nvc67e.SET_COMPOSITION_CONSTANT_ALPHA, 0xff,
            Nvc67e.SET_COMPOSITION_FACTOR_SELECT, 0x7722
        };
    }

    static int[] with(int[] pairs, int... more) {
        int[] all = java.util.Arrays.copyOf(pairs, pairs.length + more.length);
        System.arraycopy(more, 0, all, pairs.length, more.length);
        return all;
    }

    /** A pixel of what head 0 shows. */
    int pixel(int x, int y) {
        Scanout shown = display.scanout(0).orElseThrow();
        return shown.pixels()[y * shown.width() + x];
    }

    @Override
    public void close() {
        display.close();
    }
}
