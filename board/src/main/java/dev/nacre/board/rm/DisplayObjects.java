package dev.nacre.board.rm;

import dev.nacre.board.disp.DisplayControl;
import dev.nacre.board.disp.DisplayControl.Channel;
import dev.nacre.board.disp.DisplayControl.ChannelKind;
import dev.nacre.board.rm.ObjectState.DisplayChannel;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes and ends display channels as their objects come and go. GSP's engine thread. */
final class DisplayObjects {
    private final DisplayControl display;
    private final Set<Channel> taken = new HashSet<>();

    DisplayObjects(DisplayControl display) {
        this.display = display;
    }

    /** Makes a channel. Null, if there is no such channel or somebody has it. */
    @Nullable
    DisplayChannel allocate(ChannelKind kind, int instance, int offsetBytes) {
        Channel channel = new Channel(kind, instance);
        if (taken.contains(channel) || !display.allocate(channel, kind == ChannelKind.CURSOR ? 0 : offsetBytes)) {
            return null;
        }
        taken.add(channel);
        return new DisplayChannel(channel);
    }

    /** Goes on with a channel that was saved. */
    void restore(DisplayChannel channel) {
        taken.add(channel.channel());
    }

    void free(Channel channel) {
        taken.remove(channel);
        display.free(channel);
    }

    /** Forgets all channels; the display does the same by itself. */
    void reset() {
        taken.clear();
    }
}
