package dev.nacre.daemon.api;

import dev.nacre.daemon.console.Head;
import dev.nacre.daemon.console.HeadScreens;
import dev.nacre.display.rfb.RfbScreen;
import dev.nacre.display.rfb.RfbTransport;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The screens of heads that somebody looks at: one for all who look at a head. Any thread. */
final class Consoles implements AutoCloseable {
    /** A screen and how many look at it. */
    private static final class Shared {
        private final RfbScreen screen;
        private int viewers;

        Shared(RfbScreen screen) {
            this.screen = screen;
        }
    }

    private final HeadScreens made;
    private final Map<Head, Shared> screens = new HashMap<>();
    private boolean closed;

    Consoles(HeadScreens made) {
        this.made = made;
    }

    /**
     * Serves a viewer until it, whose head it is or the server ends; blocks.
     *
     * @param transport closed at the end
     */
    void serve(Head head, RfbTransport transport) {
        RfbScreen screen = enter(head);
        try {
            screen.serve(transport);
        } finally {
            leave(head, screen);
        }
    }

    private synchronized RfbScreen enter(Head head) {
        Shared shared = screens.computeIfAbsent(
                head,
                key -> new Shared(made.open(
                        key,
                        // Not here: the screen is being looked at by this thread.
                        () -> Thread.ofVirtual().name("nacre-api-gone").start(() -> gone(key)))));
        shared.viewers++;
        if (closed) {
            made.close(shared.screen);
        }
        return shared.screen;
    }

    private void leave(Head head, RfbScreen screen) {
        synchronized (this) {
            Shared shared = screens.get(head);
            if (shared == null || shared.screen != screen || --shared.viewers > 0) {
                return;
            }
            screens.remove(head);
        }
        made.close(screen);
    }

    /** Ends all who look at a head that is no more. */
    private void gone(Head head) {
        @Nullable Shared ended;
        synchronized (this) {
            ended = screens.remove(head);
        }
        if (ended != null) {
            made.close(ended.screen);
        }
    }

    @Override
    public void close() {
        List<Shared> all;
        synchronized (this) {
            closed = true;
            all = List.copyOf(screens.values());
        }
        all.forEach(shared -> made.close(shared.screen));
    }
}
