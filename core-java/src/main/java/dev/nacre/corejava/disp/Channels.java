package dev.nacre.corejava.disp;

import dev.nacre.core.spi.DmaMemory;
import dev.nacre.corejava.disp.PushChannel.Place;
import dev.nacre.corejava.gpu.DisplayAccess;
import dev.nacre.corejava.gpu.DisplayModel;
import dev.nacre.corejava.gpu.WatchedGpu;
import dev.nacre.corejava.io.Waits;
import dev.nacre.hw.disp.Nvc67a;
import dev.nacre.hw.disp.Nvc67d;
import dev.nacre.hw.regs.PdispHead;
import java.util.ArrayList;
import java.util.List;

/** All channels of a display: the core, windows and their positions, cursors. Guarded by the display. */
final class Channels implements AutoCloseable {
    // TIMEOUT: positions are taken at once.
    private static final long CURSOR_NS = 100_000_000L;

    // HW: nouveau dispnv50/curs507a.c waits for as many free entries
    private static final int CURSOR_ENTRIES = 4;

    private final DisplayAccess access;
    private final DisplayObjects objects;
    private final Notifiers notifiers;
    private final int windowsPerHead;
    private final List<PushChannel> opened = new ArrayList<>();
    private final List<Integer> cursors = new ArrayList<>();
    private final PushChannel core;
    private final List<PushChannel> windows = new ArrayList<>();
    private final List<PushChannel> immediates = new ArrayList<>();

    /** Opens them. */
    Channels(WatchedGpu live, DisplayAccess access, DisplayObjects objects, Notifiers notifiers, int windowsPerHead) {
        this.access = access;
        this.objects = objects;
        this.notifiers = notifiers;
        this.windowsPerHead = windowsPerHead;
        DmaMemory dma = live.gpu().dma();
        DisplayModel model = access.model();
        boolean made = false;
        try {
            core = open(dma, new Place(model.core(), 0, PdispHead.CORE_CHANNEL));
            for (int window = 0; window < objects.heads() * windowsPerHead; window++) {
                int page = window * PdispHead.CHANNEL_STRIDE;
                windows.add(open(dma, new Place(model.window(), window, PdispHead.WINDOW_CHANNELS + page)));
                immediates.add(open(
                        dma, new Place(model.windowImmediate(), window, PdispHead.WINDOW_IMMEDIATE_CHANNELS + page)));
            }
            for (int head = 0; head < objects.heads(); head++) {
                cursors.add(objects.channel(model.cursor(), head, 0, 0));
            }
            made = true;
        } finally {
            if (!made) {
                live.release(this::close);
            }
        }
    }

    private PushChannel open(DmaMemory dma, Place place) {
        PushChannel made = new PushChannel(access, objects, dma, place);
        opened.add(made);
        return made;
    }

    PushChannel core() {
        return core;
    }

    PushChannel window(int window) {
        return windows.get(window);
    }

    PushChannel immediate(int window) {
        return immediates.get(window);
    }

    /** Gives each head its windows. */
    void ownWindows() {
        Methods methods = new Methods();
        for (int window = 0; window < windows.size(); window++) {
            methods.add(Nvc67d.WINDOW_SET_CONTROL + window * Nvc67d.WINDOW_STRIDE, window / windowsPerHead);
        }
        Pointers.of(access.model().generation()).coreNotifier(methods, notifiers);
        notifiers.reset(Notifiers.CORE);
        methods.add(Nvc67d.UPDATE, 1);
        methods.kick(core);
    }

    /** Whether the core's last update was taken. */
    boolean isCoreTaken() {
        return notifiers.isTaken(Notifiers.CORE);
    }

    /** Moves a head's cursor. */
    void moveCursor(int head, int x, int y) {
        int registers = PdispHead.CURSOR_CHANNELS + head * PdispHead.CHANNEL_STRIDE;
        boolean _ = Waits.until(CURSOR_NS, () -> access.read(registers + Nvc67a.FREE) >= CURSOR_ENTRIES);
        access.write(registers + Nvc67a.SET_CURSOR_HOT_SPOT_POINT_OUT, y << Short.SIZE | (x & 0xffff));
        access.write(registers + Nvc67a.UPDATE, 1);
    }

    /** Ends them; nothing is shown any more. */
    @Override
    public void close() {
        cursors.forEach(objects::free);
        opened.reversed().forEach(PushChannel::close);
    }
}
