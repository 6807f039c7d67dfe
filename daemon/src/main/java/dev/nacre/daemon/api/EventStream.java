package dev.nacre.daemon.api;

import dev.nacre.daemon.api.json.EventJson;
import dev.nacre.daemon.host.EventLog;
import dev.nacre.daemon.host.ServiceEvent;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * Events as server-sent events. Whoever adds events never waits for this: it reads the log at its own pace, and says so if
 * it was too slow. A reader that takes nothing is cut off by the connection's idle timeout.
 */
final class EventStream implements Answer.Body {
    /** Its media type. */
    static final String TYPE = "text/event-stream";

    // TIMEOUT: half of the connection's idle timeout, and less than what proxies wait for.
    private static final Duration HEARTBEAT = Duration.ofSeconds(15);

    /**
     * Which events are wanted.
     *
     * @param board only this board's
     * @param vgpu only this virtual GPU's
     */
    record Filter(Optional<String> board, Optional<String> vgpu) {
        boolean takes(ServiceEvent event) {
            return (board.isEmpty() || board.equals(event.board())) && (vgpu.isEmpty() || vgpu.equals(event.vgpu()));
        }
    }

    /**
     * Where it begins.
     *
     * @param afterId after the event with this number
     * @param gap whether the caller has missed events, as those of another life of the daemon
     */
    record Start(long afterId, boolean gap) {}

    private final EventLog events;
    private final Streams streams;
    private final String life;
    private final Filter filter;
    private final Start start;

    /**
     * Makes one, which has a place among the streams.
     *
     * @param life what tells this life of the daemon from others, in ids
     */
    EventStream(EventLog events, Streams streams, String life, Filter filter, Start start) {
        this.events = events;
        this.streams = streams;
        this.life = life;
        this.filter = filter;
        this.start = start;
    }

    @Override
    public void write(OutputStream out) throws IOException, InterruptedException {
        streams.begin();
        EventLog.Cursor cursor = events.cursor(start.afterId);
        long missed = 0;
        send(out, ": events\n\n");
        if (start.gap) {
            send(out, text(gap(0, Instant.now())));
        }
        while (true) {
            Optional<ServiceEvent> next = cursor.next(HEARTBEAT);
            if (next.isEmpty()) {
                send(out, ": alive\n\n");
                continue;
            }
            ServiceEvent event = next.get();
            if (cursor.missed() > missed) {
                missed = cursor.missed();
                send(out, text(gap(event.id() - 1, event.time())));
            }
            if (filter.takes(event)) {
                send(out, text(ToJson.event(event)));
            }
        }
    }

    @Override
    public void close() {
        streams.end();
        streams.leave();
    }

    private static EventJson gap(long id, Instant time) {
        return new EventJson(id, time.toString(), "gap", null, null, "Events before this one are lost", Map.of());
    }

    /** JSON has no line ends of its own, so that it is one line of data. */
    private String text(EventJson event) {
        return "id: " + life + "-" + event.id() + "\nevent: " + event.kind() + "\ndata: " + Json.text(event) + "\n\n";
    }

    private static void send(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }
}
