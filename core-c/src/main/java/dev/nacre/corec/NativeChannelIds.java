package dev.nacre.corec;

import dev.nacre.core.ChannelIds;

/** A range of channel ids, of a core in C. */
final class NativeChannelIds extends NativeObject implements ChannelIds {
    private final int first;
    private final int count;

    NativeChannelIds(CoreTable table, long handle, int first, int count) {
        super(table, handle, Op.FREE_CHIDS);
        this.first = first;
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
}
