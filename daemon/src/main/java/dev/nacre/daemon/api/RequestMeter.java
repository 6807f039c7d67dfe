package dev.nacre.daemon.api;

/** Told of each request that was answered. Any thread; must return soon. */
@FunctionalInterface
public interface RequestMeter {
    /** Takes no note. */
    RequestMeter NONE = (operation, status, ns) -> {};

    /**
     * A request was answered.
     *
     * @param operation its name in {@code openapi.yaml}
     * @param status HTTP status of the answer
     * @param ns how long it took until the answer was sent, in nanoseconds
     */
    void answered(String operation, int status, long ns);
}
