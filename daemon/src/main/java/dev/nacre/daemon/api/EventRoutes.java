package dev.nacre.daemon.api;

import dev.nacre.daemon.host.EventLog;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Events, as a stream. */
final class EventRoutes implements Route.Resource {
    private static final String LAST_ID = "Last-Event-ID";
    private static final Pattern FORM = Pattern.compile("([0-9a-f]{8})-([0-9]{1,18})");

    private final EventLog events;
    private final Streams streams;

    /** Event numbers begin again with every life of the daemon. */
    private final String life =
            HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());

    EventRoutes(EventLog events, Streams streams) {
        this.events = events;
        this.streams = streams;
    }

    @Override
    public List<Route> routes() {
        return List.of(Route.get("events", "/v1/events", EventStream.TYPE, this::stream));
    }

    private Answer stream(Exchange exchange) {
        exchange.allowQuery("vgpu", "board");
        EventStream.Filter filter = new EventStream.Filter(exchange.queryName("board"), exchange.queryName("vgpu"));
        EventStream.Start start = start(exchange.request().getHeaders().get(LAST_ID));
        streams.enter();
        return new Answer.Stream(EventStream.TYPE, new EventStream(events, streams, life, filter, start));
    }

    private EventStream.Start start(@Nullable String lastId) {
        if (lastId == null) {
            return new EventStream.Start(events.lastId(), false);
        }
        if (lastId.equals("0")) {
            return new EventStream.Start(0, false);
        }
        Matcher matcher = FORM.matcher(lastId);
        if (!matcher.matches()) {
            throw ProblemException.invalid(LAST_ID, "must be an id of an event, or 0", List.of());
        }
        long id = Long.parseLong(matcher.group(2));
        boolean known = matcher.group(1).equals(life) && id <= events.lastId();
        return new EventStream.Start(known ? id : 0, !known);
    }
}
