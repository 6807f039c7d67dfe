package dev.nacre.daemon.api;

import dev.nacre.daemon.console.HeadScreens;
import dev.nacre.daemon.host.VgpuOperations;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What the API shows.
 *
 * @param service boards and virtual GPUs
 * @param metrics metrics in the text format of Prometheus; empty if they are turned off
 * @param unready why the daemon is not ready; empty once it is
 * @param version of the program
 * @param screens makes what consoles show
 * @param meter is told of requests, but for those whose answers go on and on
 */
public record ApiParts(
        VgpuOperations service,
        Optional<Supplier<String>> metrics,
        Supplier<Optional<String>> unready,
        String version,
        HeadScreens screens,
        RequestMeter meter) {
    /** One that nobody measures. */
    public ApiParts(
            VgpuOperations service,
            Optional<Supplier<String>> metrics,
            Supplier<Optional<String>> unready,
            String version) {
        this(service, metrics, unready, version, new HeadScreens(service), RequestMeter.NONE);
    }
}
