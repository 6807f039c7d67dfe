package dev.nacre.daemon.api;

import dev.nacre.daemon.host.ServiceError;
import dev.nacre.daemon.host.ServiceException;
import dev.nacre.daemon.host.VgpuOperations;
import dev.nacre.display.Frame;
import dev.nacre.display.rfb.RfbLimits;
import dev.nacre.display.rfb.RfbScreen;
import dev.nacre.display.rfb.RfbSource;
import dev.nacre.display.rfb.RfbTransport;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The screens of heads that somebody looks at: one for all who look at a head. Any thread. */
final class Consoles implements AutoCloseable {
    /**
     * A head.
     *
     * @param vgpu its virtual GPU, by its id, so that a later one of the same name is another
     * @param head from 0
     */
    private record Head(UUID vgpu, int head) {}

    /** A screen and how many look at it. */
    private static final class Shared {
        private final RfbScreen screen;
        private int viewers;

        Shared(RfbScreen screen) {
            this.screen = screen;
        }
    }

    private final VgpuOperations service;
    private final Map<Head, Shared> screens = new HashMap<>();
    private boolean closed;

    Consoles(VgpuOperations service) {
        this.service = service;
    }

    /**
     * Serves a viewer until it, its virtual GPU or the server ends; blocks.
     *
     * @param transport closed at the end
     */
    void serve(UUID vgpu, int head, RfbTransport transport) {
        Head key = new Head(vgpu, head);
        RfbScreen screen = enter(key);
        try {
            screen.serve(transport);
        } finally {
            leave(key, screen);
        }
    }

    private synchronized RfbScreen enter(Head head) {
        Shared shared =
                screens.computeIfAbsent(head, key -> new Shared(new RfbScreen(new Source(key), RfbLimits.defaults())));
        shared.viewers++;
        if (closed) {
            shared.screen.close();
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
        screen.close();
    }

    /** Ends all who look at a head that is no more. */
    private void gone(Head head) {
        @Nullable Shared ended;
        synchronized (this) {
            ended = screens.remove(head);
        }
        if (ended != null) {
            ended.screen.close();
        }
    }

    @Override
    public void close() {
        List<Shared> all;
        synchronized (this) {
            closed = true;
            all = List.copyOf(screens.values());
        }
        all.forEach(shared -> shared.screen.close());
    }

    /** What a head shows. */
    private final class Source implements RfbSource {
        private final Head head;

        Source(Head head) {
            this.head = head;
        }

        @Override
        public String name() {
            return service.vgpu(head.vgpu.toString()).name() + ", head " + head.head;
        }

        @Override
        public Optional<Frame> frame() {
            try {
                return service.screenshot(head.vgpu.toString(), head.head);
            } catch (ServiceException e) {
                if (e.error() == ServiceError.NOT_FOUND) {
                    // Not here: the screen is being looked at by this thread.
                    Thread.ofVirtual().name("nacre-api-gone").start(() -> gone(head));
                }
                return Optional.empty();
            }
        }
    }
}
