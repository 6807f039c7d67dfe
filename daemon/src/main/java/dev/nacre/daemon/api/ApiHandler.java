package dev.nacre.daemon.api;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.function.Function;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.NanoTime;

/** Takes each request from its listener's guard over the table of routes to its answer, on a virtual thread. */
final class ApiHandler extends Handler.Abstract {
    private static final Logger LOG = System.getLogger(ApiHandler.class.getName());

    /** The attribute of a request that has the name of its operation, if its time is measured. */
    private static final String OPERATION = "dev.nacre.daemon.operation";

    private final RouteTable routes;
    private final Function<Connector, Guard> guards;
    private final ConnectionWatch watch;
    private final RequestMeter meter;

    /**
     * Makes it.
     *
     * @param guards who may ask, by the listener
     * @param watch is told when requests begin and end
     * @param meter is told how long they took
     */
    ApiHandler(RouteTable routes, Function<Connector, Guard> guards, ConnectionWatch watch, RequestMeter meter) {
        this.routes = routes;
        this.guards = guards;
        this.watch = watch;
        this.meter = meter;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        watch.began(request);
        long beginNs = NanoTime.now();
        Request.addCompletionListener(request, failure -> {
            watch.ended(request);
            if (request.getAttribute(OPERATION) instanceof String operation
                    && response.getStatus() != HttpStatus.SWITCHING_PROTOCOLS_101) {
                meter.answered(operation, response.getStatus(), NanoTime.since(beginNs));
            }
            LOG.log(
                    Level.DEBUG,
                    () -> "Request id=" + RequestId.of(request) + " method=" + Quoted.of(request.getMethod()) + " path="
                            + Quoted.of(Request.getPathInContext(request)) + " status=" + response.getStatus() + " us="
                            + NanoTime.since(beginNs) / 1000);
        });
        AnswerWriter.prepare(request, response);
        try {
            AnswerWriter.write(request, response, callback, answer(request, response, callback));
        } catch (ProblemException e) {
            if (e.code() == ProblemCode.FAILED) {
                LOG.log(Level.WARNING, "A request failed: id=" + RequestId.of(request) + " reason=" + e.getMessage());
            }
            AnswerWriter.write(request, response, callback, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            AnswerWriter.write(
                    request, response, callback, ProblemException.of(ProblemCode.UNAVAILABLE, "The daemon stops"));
        } catch (RuntimeException | StackOverflowError e) {
            LOG.log(Level.ERROR, "A request hit a bug: id=" + RequestId.of(request), e);
            AnswerWriter.write(
                    request,
                    response,
                    callback,
                    ProblemException.of(ProblemCode.FAILED, "The daemon's log says more: id=" + RequestId.of(request)));
        }
        return true;
    }

    private Answer answer(Request request, Response response, Callback callback) throws InterruptedException {
        Guard guard = guards.apply(request.getConnectionMetaData().getConnector());
        guard.requireSite(request);
        RouteTable.Found found = find(guard, request);
        if (!found.route().produces().equals(EventStream.TYPE)) {
            request.setAttribute(OPERATION, found.route().operation());
        }
        if (!found.route().open()) {
            guard.requireToken(request);
        }
        Accept.require(request, found.route().produces());
        return found.route().handler().answer(new Exchange(request, response, callback, found.parameters()));
    }

    private RouteTable.Found find(Guard guard, Request request) {
        try {
            return routes.find(request.getMethod(), Request.getPathInContext(request));
        } catch (ProblemException e) {
            guard.requireToken(request);
            throw e;
        }
    }
}
