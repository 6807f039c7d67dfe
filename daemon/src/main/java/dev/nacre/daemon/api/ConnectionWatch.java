package dev.nacre.daemon.api;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.NanoTime;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Closes connections on which the head of a request has not come for too long. That a byte comes now and then, as from a
 * client that wants to keep many connections busy, does not help.
 */
final class ConnectionWatch implements Connection.Listener {
    // TIMEOUT: a shell script may keep a connection between two requests; none takes longer to send a head.
    private static final long PATIENCE_MS = 30_000;

    private final long patienceNs;
    private final Map<Connection, Waiting> waiting = new ConcurrentHashMap<>();

    /**
     * What a connection waits for.
     *
     * @param request whether a request is being answered
     * @param sinceNs since when there is none
     */
    private record Waiting(boolean request, long sinceNs) {
        static Waiting forHead() {
            return new Waiting(false, NanoTime.now());
        }
    }

    ConnectionWatch() {
        this(PATIENCE_MS);
    }

    /** @param patienceMs how long a head may take */
    ConnectionWatch(long patienceMs) {
        this.patienceNs = TimeUnit.MILLISECONDS.toNanos(patienceMs);
    }

    @Override
    public void onOpened(Connection connection) {
        // Those that carry requests; neither TLS below them nor what they become afterwards.
        if (connection instanceof ConnectionMetaData) {
            waiting.put(connection, Waiting.forHead());
        }
    }

    @Override
    public void onClosed(Connection connection) {
        waiting.remove(connection);
    }

    /** A request's head has come. */
    void began(Request request) {
        waiting.computeIfPresent(connection(request), (connection, was) -> new Waiting(true, was.sinceNs));
    }

    /** A request has been answered. */
    void ended(Request request) {
        waiting.computeIfPresent(connection(request), (connection, was) -> Waiting.forHead());
    }

    private static Connection connection(Request request) {
        return request.getConnectionMetaData().getConnection();
    }

    /** Looks at all connections from time to time, for as long as the scheduler runs. */
    void start(Scheduler scheduler) {
        scheduler.schedule(
                () -> {
                    closeSilent();
                    start(scheduler);
                },
                patienceNs / 4,
                TimeUnit.NANOSECONDS);
    }

    private void closeSilent() {
        waiting.forEach((connection, state) -> {
            if (!state.request && NanoTime.since(state.sinceNs) > patienceNs) {
                connection.getEndPoint().close();
            }
        });
    }
}
