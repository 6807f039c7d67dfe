package dev.nacre.board.gsp;

import dev.nacre.board.host.ChannelControl;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongSupplier;

/** A host engine that remembers what it was told. */
public final class FakeHost implements ChannelControl {
    /** Channels by handle. */
    public final Map<Long, Request> channels = new LinkedHashMap<>();

    /** Whether a channel runs. */
    public final Map<Long, Boolean> scheduled = new HashMap<>();

    /** Engine types by channel. */
    public final Map<Long, Integer> bound = new HashMap<>();

    /** Page directories that were given anew. */
    public final Map<Long, LongSupplier> relinked = new HashMap<>();

    /** What {@link #enableAll} was last told. */
    public boolean enabled = true;

    private long next = 1;

    @Override
    public long allocate(Request request) {
        boolean taken = channels.values().stream().anyMatch(c -> c.channelId() == request.channelId());
        if (taken || request.rmEngineType() > 11) {
            return -1;
        }
        channels.put(next, request);
        return next++;
    }

    @Override
    public void pageDirectory(long channel, LongSupplier pageDirectory) {
        relinked.put(channel, pageDirectory);
    }

    @Override
    public boolean bind(long channel, int rmEngineType) {
        bound.put(channel, rmEngineType);
        return rmEngineType <= 11;
    }

    @Override
    public void schedule(long channel, boolean enable) {
        scheduled.put(channel, enable);
    }

    @Override
    public void free(long channel) {
        channels.remove(channel);
    }

    @Override
    public int workSubmitToken(long channel) {
        return 2 << 16 | Objects.requireNonNull(channels.get(channel)).channelId();
    }

    @Override
    public void enableAll(boolean enable) {
        enabled = enable;
    }
}
