package dev.nacre.daemon.api;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** All routes. */
final class RouteTable {
    private final List<Route> routes;

    RouteTable(List<Route.Resource> resources) {
        this.routes = resources.stream().flatMap(it -> it.routes().stream()).toList();
    }

    /**
     * What answers a request.
     *
     * @param route the route
     * @param parameters of its path
     */
    record Found(Route route, Map<String, String> parameters) {}

    List<Route> routes() {
        return routes;
    }

    /**
     * Finds what answers.
     *
     * @param method {@code HEAD} finds what answers {@code GET}
     * @throws ProblemException if there is no such path, or it has no such method
     */
    Found find(String method, String path) {
        String wanted = method.equals("HEAD") ? "GET" : method;
        SortedSet<String> others = new TreeSet<>();
        for (Route route : routes) {
            Optional<Map<String, String>> parameters = route.path().match(path);
            if (parameters.isPresent()) {
                if (route.method().equals(wanted)) {
                    return new Found(route, parameters.get());
                }
                others.add(route.method());
            }
        }
        if (others.isEmpty()) {
            throw ProblemException.of(ProblemCode.NOT_FOUND, "No such path: " + Quoted.of(path));
        }
        if (others.contains("GET")) {
            others.add("HEAD");
        }
        String allowed = String.join(", ", others);
        throw ProblemException.of(
                ProblemCode.METHOD_NOT_ALLOWED,
                Quoted.of(method) + " is not possible here: " + allowed,
                "Allow",
                allowed);
    }
}
