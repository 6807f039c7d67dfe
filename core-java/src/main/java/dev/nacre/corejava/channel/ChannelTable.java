package dev.nacre.corejava.channel;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** All channels of a core, by id. Any thread. */
public final class ChannelTable {
    private final Map<Integer, HostChannel> byId = new ConcurrentHashMap<>();

    /** Takes one in. */
    public void add(HostChannel channel) {
        byId.put(channel.id(), channel);
    }

    /** Lets one go. */
    public void remove(HostChannel channel) {
        byId.remove(channel.id(), channel);
    }

    /** The one with an id, or null. */
    public @Nullable HostChannel find(int id) {
        return byId.get(id);
    }

    /** All that there are now. */
    public Collection<HostChannel> all() {
        return List.copyOf(byId.values());
    }

    /** Those on a runlist that may have interrupted, after each has looked how far it has got. */
    public List<HostChannel> interrupted(int runlist) {
        return byId.values().stream()
                .filter(channel -> channel.engine().runlist() == runlist && channel.interrupted())
                .toList();
    }
}
