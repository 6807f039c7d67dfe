package dev.nacre.bench;

import dev.nacre.testsupport.guest.GuestKit;
import dev.nacre.testsupport.guest.KitOptions;
import dev.nacre.testsupport.guest.KitPart;
import dev.nacre.testsupport.guest.ProgressPrinter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A program of the host on a board of its own, by DRM, beside what the same process gets without it. */
final class DrmSection implements Section {
    private static final int RUNS = 3;

    /** The folder of the guests' programs. */
    private static final String PROGRAMS = "test-support/src/main/resources/dev/nacre/testsupport/guest/image/programs";

    private final Path launcher;
    private final Path root;

    DrmSection(Path launcher) {
        this.launcher = launcher.toAbsolutePath();
        this.root = this.launcher.resolveSibling("");
    }

    @Override
    public void measure(Table table) throws IOException, InterruptedException {
        CClient client = CClient.compile(
                List.of(root.resolve("bench/src/main/c/drm_bench.c")),
                root.resolve("bench/target/drm_bench"),
                headers());
        Map<String, Samples> results = new HashMap<>();
        for (int i = 0; i < RUNS; i++) {
            client.measureBy(List.of(launcher.toString(), "drm", "run", "--"))
                    .forEach((key, value) -> results.computeIfAbsent(key, it -> new Samples(RUNS))
                            .add(value));
        }
        String trip = "round trip of a socket pair, same bytes";
        table.add(
                "ioctl, p50",
                results(results, "ioctl.p50_us"),
                "us",
                trip,
                results(results, "socket_pair.p50_us"),
                Optional.of(Goal.ratioAtMost(1.2)));
        table.add(
                "ioctl, p99",
                results(results, "ioctl.p99_us"),
                "us",
                trip,
                results(results, "socket_pair.p99_us"),
                Optional.empty());
        table.add(
                "write to a mapped buffer",
                results(results, "mapped_write.mib_per_s"),
                "MiB/s",
                "memory of the program",
                results(results, "plain_write.mib_per_s"),
                Optional.of(Goal.ratioAtLeast(0.95)));
        table.add("EXEC of a copy to its fence, p50", results(results, "exec_to_fence.p50_us"), "us", Optional.empty());
        table.add("EXEC of a copy to its fence, p99", results(results, "exec_to_fence.p99_us"), "us", Optional.empty());
        table.add("copies of 4 KiB, an EXEC each", results(results, "copies.per_s"), "copies/s", Optional.empty());
    }

    private static Samples results(Map<String, Samples> results, String key) throws IOException {
        Samples samples = results.get(key);
        if (samples == null) {
            throw new IOException("The client did not measure " + key);
        }
        return samples;
    }

    /** The compiler's options for DRM's headers, which a host need not have, and for the helpers of the guests' programs. */
    private List<String> headers() {
        GuestKit kit = GuestKit.fetch(
                KitOptions.fromEnvironment(System.getenv()),
                EnumSet.of(KitPart.TOOLS),
                new ProgressPrinter(System.err, false));
        Path include = kit.root(KitPart.TOOLS).resolve("usr/include");
        List<String> options = new ArrayList<>();
        for (Path folder : List.of(include, include.resolve("x86_64-linux-gnu"))) {
            options.addAll(List.of("-idirafter", folder.toString()));
        }
        options.add("-I" + root.resolve(PROGRAMS));
        return options;
    }
}
