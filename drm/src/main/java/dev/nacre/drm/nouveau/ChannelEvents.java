package dev.nacre.drm.nouveau;

import dev.nacre.core.Attachment;
import dev.nacre.core.CoreEvent;
import dev.nacre.core.CoreException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Tells channels what the core says of them and of sleep, and lets the board go when the core loses it. Any thread. */
final class ChannelEvents implements Consumer<CoreEvent> {
    private static final System.Logger LOG = System.getLogger(ChannelEvents.class.getName());

    private final Map<Integer, NouveauChannel> channels = new ConcurrentHashMap<>();
    private final Wakefulness wakefulness = new Wakefulness();

    // Guarded by this.
    private @Nullable Attachment attachment;
    private boolean lost;

    /** The attachment, which is closed when the board goes. */
    void attached(Attachment made) {
        synchronized (this) {
            attachment = made;
            if (!lost) {
                return;
            }
        }
        made.close();
    }

    /** Whether the board sleeps. */
    Wakefulness wakefulness() {
        return wakefulness;
    }

    /** A channel wants to be told. */
    void add(NouveauChannel channel) {
        channels.put(channel.id(), channel);
    }

    /** A channel is about to end. */
    void remove(NouveauChannel channel) {
        channels.remove(channel.id());
    }

    @Override
    public void accept(CoreEvent event) {
        switch (event) {
            case CoreEvent.FifoNonstall(int id) -> {
                NouveauChannel channel = channels.get(id);
                if (channel != null) {
                    channel.progressed();
                }
            }
            case CoreEvent.Fault(int id, var cause, var address) -> {
                NouveauChannel channel = channels.get(id);
                if (channel != null) {
                    LOG.log(
                            System.Logger.Level.WARNING,
                            "Channel failed: channel={0} cause={1} address=0x{2}",
                            id,
                            cause,
                            Long.toHexString(address.orElse(0)));
                    channel.faulted();
                }
            }
            case CoreEvent.DriverUnbind() -> lose();
            case CoreEvent.Suspend() -> wakefulness.sleep();
            case CoreEvent.Resume() -> wakefulness.wake();
            default -> {
                // Nothing that concerns channels.
            }
        }
    }

    private void lose() {
        channels.values().forEach(NouveauChannel::kill);
        wakefulness.wake();
        Attachment made;
        synchronized (this) {
            lost = true;
            made = attachment;
        }
        try {
            if (made != null) {
                made.close();
            }
        } catch (CoreException e) {
            LOG.log(System.Logger.Level.WARNING, "Board was not left clean", e);
        }
    }
}
