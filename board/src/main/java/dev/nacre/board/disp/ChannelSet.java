package dev.nacre.board.disp;

import dev.nacre.board.disp.DisplayControl.Channel;
import dev.nacre.board.disp.DisplayControl.ChannelKind;
import dev.nacre.hw.disp.DisplayGeneration;
import dev.nacre.hw.regs.PdispHead;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All channels of a display: the core, two windows and two window immediates a head, a cursor a head. */
final class ChannelSet {
    private final ChannelState core;
    private final ChannelState[] windows;
    private final ChannelState[] windowImmediates;
    private final ChannelState[] cursors;
    private final List<ChannelState> all = new ArrayList<>();

    ChannelSet(int heads, int windowCount, DisplayGeneration generation) {
        core = new ChannelState(ChannelKind.CORE, 0, generation);
        windows = make(ChannelKind.WINDOW, windowCount, generation);
        windowImmediates = make(ChannelKind.WINDOW_IMMEDIATE, windowCount, generation);
        cursors = make(ChannelKind.CURSOR, heads, generation);
        all.add(core);
        all.addAll(List.of(windows));
        all.addAll(List.of(windowImmediates));
        all.addAll(List.of(cursors));
    }

    private static ChannelState[] make(ChannelKind kind, int count, DisplayGeneration generation) {
        ChannelState[] made = new ChannelState[count];
        for (int i = 0; i < count; i++) {
            made[i] = new ChannelState(kind, i, generation);
        }
        return made;
    }

    List<ChannelState> all() {
        return all;
    }

    ChannelState core() {
        return core;
    }

    List<ChannelState> windows() {
        return List.of(windows);
    }

    ChannelState windowImmediate(int instance) {
        return windowImmediates[instance];
    }

    ChannelState cursor(int head) {
        return cursors[head];
    }

    /** The channel of a name that RM uses. */
    @Nullable
    ChannelState find(Channel channel) {
        ChannelState[] kind = switch (channel.kind()) {
            case CORE -> new ChannelState[] {core};
            case WINDOW -> windows;
            case WINDOW_IMMEDIATE -> windowImmediates;
            case CURSOR -> cursors;
        };
        return channel.instance() >= 0 && channel.instance() < kind.length ? kind[channel.instance()] : null;
    }

    /** The channel whose window in BAR0 an address lies in. */
    @Nullable
    ChannelState at(int address) {
        if (address >= PdispHead.CORE_CHANNEL && address < PdispHead.CORE_END) {
            return core;
        }
        if (address >= PdispHead.CURSOR_CHANNELS) {
            return at(cursors, address - PdispHead.CURSOR_CHANNELS);
        }
        if (address >= PdispHead.WINDOW_IMMEDIATE_CHANNELS) {
            return at(windowImmediates, address - PdispHead.WINDOW_IMMEDIATE_CHANNELS);
        }
        return address >= PdispHead.WINDOW_CHANNELS ? at(windows, address - PdispHead.WINDOW_CHANNELS) : null;
    }

    private static @Nullable ChannelState at(ChannelState[] kind, int offset) {
        int index = offset / PdispHead.CHANNEL_STRIDE;
        return index < kind.length ? kind[index] : null;
    }
}
