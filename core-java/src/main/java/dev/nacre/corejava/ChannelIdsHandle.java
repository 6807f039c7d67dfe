package dev.nacre.corejava;

import dev.nacre.core.ChannelIds;
import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;
import java.util.BitSet;

/** A range of the channel ids that are kept for virtual GPUs. */
final class ChannelIdsHandle extends Handle implements ChannelIds {
    private final int first;
    private final int count;

    /** Those that have channels; guarded by the gate. */
    private final BitSet used = new BitSet();

    ChannelIdsHandle(JavaAttachment attachment, int count) {
        super(attachment);
        this.first = core().parts().ids().allocateReserved(count);
        this.count = count;
    }

    @Override
    public int first() {
        return first;
    }

    @Override
    public int count() {
        return count;
    }

    /** Takes one for a channel. With the gate's lock. @return the id */
    int take(int index) {
        requireLive();
        if (index < 0 || index >= count) {
            throw new CoreException(
                    CoreError.INVALID_ARGUMENT,
                    "There is no such channel id: index=" + index + " allowed=0 to " + (count - 1));
        }
        if (used.get(index)) {
            throw new CoreException(CoreError.BUSY, "That id has a channel: channel=" + (first + index));
        }
        used.set(index);
        return first + index;
    }

    /** Gives one back. With the gate's lock. */
    void giveBack(int id) {
        used.clear(id - first);
    }

    @Override
    String describe() {
        return "channel ids first=" + first + " count=" + count;
    }

    @Override
    void requireUnused() {
        if (!used.isEmpty()) {
            throw new CoreException(
                    CoreError.BUSY, "A channel id has a channel: channel=" + (first + used.nextSetBit(0)));
        }
    }

    @Override
    void release() {
        core().parts().ids().freeReserved(first);
    }
}
