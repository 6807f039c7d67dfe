package dev.nacre.board.disp;

import dev.nacre.board.disp.DisplayControl.ChannelKind;
import dev.nacre.board.disp.DisplayControl.PushBuffer;
import dev.nacre.hw.disp.DisplayPush;
import dev.nacre.hw.disp.Nvc67d;
import dev.nacre.hw.disp.Nvc67e;

/** Follows a channel's push buffer: sets methods, and on UPDATE shows the new state and tells who waits. */
final class ChannelExecutor {
    /** Words that one turn executes at most; a push buffer can jump in a circle. */
    private static final int TURN_WORDS = 4096;

    private static final int NOTIFIER_ENABLE = 1 << 12;
    private static final int NOTIFIER_UNIT_BYTES = 16;
    // HW: nouveau dispnv50/base507c.c, core507d.c: status of NV_DISP_NOTIFIER in bits 31:30.
    private static final int CORE_FINISHED = 2 << 30;
    private static final int WINDOW_BEGUN = 1 << 30;
    private static final int MIN_INTERVAL = 0xf;

    private final DisplayMemory memory;
    private final ChannelSet channels;

    ChannelExecutor(DisplayMemory memory, ChannelSet channels) {
        this.memory = memory;
        this.channels = channels;
    }

    /** Executes a channel up to PUT, or for as long as a turn lasts. True if there is more to do at once. */
    boolean run(ChannelState channel) {
        for (int words = 0; words < TURN_WORDS && channel.hasWork(); words++) {
            PushBuffer buffer = channel.buffer();
            if (!buffer.valid() || !inside(buffer, channel.get(), 4)) {
                channel.get(channel.put());
                return false;
            }
            int header = word(buffer, channel.get());
            int next = channel.get() + 4;
            switch (DisplayPush.opcode(header)) {
                case DisplayPush.OPCODE_JUMP -> next = DisplayPush.jumpOffset(header);
                case DisplayPush.OPCODE_METHOD -> {
                    methods(channel, header, next, 4);
                    next += 4 * DisplayPush.count(header);
                    words += DisplayPush.count(header);
                }
                case DisplayPush.OPCODE_NONINC_METHOD -> {
                    methods(channel, header, next, 0);
                    next += 4 * DisplayPush.count(header);
                    words += DisplayPush.count(header);
                }
                default -> {
                    // SET_SUBDEVICE_MASK: there is one device, and it always listens.
                }
            }
            channel.get(next);
        }
        return channel.hasWork();
    }

    private void methods(ChannelState channel, int header, int from, int step) {
        int method = DisplayPush.method(header);
        for (int i = 0; i < DisplayPush.count(header); i++) {
            if (inside(channel.buffer(), from + 4 * i, 4)) {
                method(channel, method + step * i, word(channel.buffer(), from + 4 * i));
            }
        }
    }

    private int word(PushBuffer buffer, int offset) {
        return memory.readInt(buffer.system(), buffer.address() + offset);
    }

    private static boolean inside(PushBuffer buffer, int offset, int count) {
        return offset >= 0 && offset + (long) count <= buffer.sizeBytes();
    }

    /** Sets a method; UPDATE has the channel show what it was told. */
    void method(ChannelState channel, int method, int value) {
        channel.assembly(method, value);
        if (method != Nvc67d.UPDATE) {
            return;
        }
        if (channel.kind() == ChannelKind.WINDOW && waitsForFrame(channel)) {
            channel.flipPending(true);
        } else {
            complete(channel);
        }
    }

    /** Shows what was assembled, and tells who waits for it. */
    void complete(ChannelState channel) {
        channel.flipPending(false);
        channel.arm();
        switch (channel.kind()) {
            case CORE -> coreNotifier(channel);
            case WINDOW -> windowNotifier(channel);
            case WINDOW_IMMEDIATE, CURSOR -> {
                // Nobody is told of a position.
            }
        }
    }

    /** A picture that is to stay for a frame is taken at the next one, if the window's head shows frames. */
    private boolean waitsForFrame(ChannelState window) {
        boolean shown = window.armed(Nvc67e.SET_CONTEXT_DMA_ISO) != 0;
        boolean next = window.assembly(Nvc67e.SET_CONTEXT_DMA_ISO) != 0;
        boolean interval = (window.assembly(Nvc67e.SET_PRESENT_CONTROL) & MIN_INTERVAL) != 0;
        int head = ownerOf(window);
        return shown
                && next
                && interval
                && head >= 0
                && HeadTiming.of(channels.core(), head).isOn();
    }

    /** The head that a window belongs to; -1 for none. */
    int ownerOf(ChannelState window) {
        int control = channels.core().armed(Nvc67d.WINDOW_SET_CONTROL + Nvc67d.WINDOW_STRIDE * window.instance());
        int head = control & 0xf;
        return head < channels.windows().size() / 2 ? head : -1;
    }

    private void coreNotifier(ChannelState core) {
        int control = core.armed(Nvc67d.SET_NOTIFIER_CONTROL);
        if ((control & NOTIFIER_ENABLE) != 0) {
            long offset = (control >> 4 & 0xff) * (long) NOTIFIER_UNIT_BYTES;
            memory.contextDma(core.armed(Nvc67d.SET_CONTEXT_DMA_NOTIFIER), core.hashId())
                    .ifPresent(place -> memory.writeInt(place.plus(offset), CORE_FINISHED));
        }
    }

    private void windowNotifier(ChannelState window) {
        int semaphore = window.armed(Nvc67e.SET_CONTEXT_DMA_SEMAPHORE);
        if (semaphore != 0) {
            long offset = (window.armed(Nvc67e.SET_SEMAPHORE_CONTROL) & 0xff) * (long) NOTIFIER_UNIT_BYTES;
            memory.contextDma(semaphore, window.hashId())
                    .ifPresent(
                            place -> memory.writeInt(place.plus(offset), window.armed(Nvc67e.SET_SEMAPHORE_RELEASE)));
        }
        int notifier = window.armed(Nvc67e.SET_CONTEXT_DMA_NOTIFIER);
        if (notifier != 0) {
            long offset = (window.armed(Nvc67e.SET_NOTIFIER_CONTROL) >> 4 & 0xff) * (long) NOTIFIER_UNIT_BYTES;
            memory.contextDma(notifier, window.hashId())
                    .ifPresent(place -> memory.writeInt(place.plus(offset), WINDOW_BEGUN));
        }
    }
}
