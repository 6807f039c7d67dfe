package dev.nacre.bench;

import com.sun.management.ThreadMXBean;
import dev.nacre.linux.UnixSocket;
import dev.nacre.samples.BenchDevice;
import dev.nacre.samples.BenchRegisters;
import dev.nacre.vfiouser.VfioUserClient;
import dev.nacre.vfiouser.VfioUserServer;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The vfio-user server, in a process and on a core of its own, with a collection of its heap every second, beside the
 * kernel's own costs of the same messages, in turn with it. docs/performance.md explains the rows.
 */
final class VfioUserSection implements Section {
    private static final int RUNS = 7;
    private static final int OPERATIONS = 50_000;

    // TIMEOUT: all runs take about a minute on a machine with nothing else to do; on a busy one there are fewer of
    // them,
    // so that the whole stays within the bound of BenchMain.
    private static final Duration BUDGET = Duration.ofSeconds(150);

    private static final String SERVER_CPU = "0";
    private static final String CLIENT_CPU = "1";
    private static final String TESTS = "rtt,bulk,irq,dma,mig";
    private static final int MESSAGE_RUNS = 3;
    private static final String MESSAGE_TESTS = "msg";
    private static final int ACCESSES = 20_000;

    private static final String SOCKET_PAIR = "socket pair, same bytes";
    private static final String MEMCPY = "copy within the server's memory";

    /**
     * A row.
     *
     * @param title its name
     * @param key what the client calls it
     * @param scale from the client's unit to the row's
     * @param unit the row's
     * @param floorTitle what it is beside
     * @param floorKey what the client calls that
     * @param goal what to reach
     */
    private record Metric(
            String title,
            String key,
            double scale,
            String unit,
            String floorTitle,
            String floorKey,
            Optional<Goal> goal) {
        static Metric time(String title, String key, String floorKey, Optional<Goal> goal) {
            return new Metric(title, key, 1e-3, "us", SOCKET_PAIR, floorKey, goal);
        }

        static Metric bandwidth(String title, String key, String floorKey, Optional<Goal> goal) {
            return new Metric(title, key + ".MiB_per_s", 1, "MiB/s", SOCKET_PAIR, floorKey + ".MiB_per_s", goal);
        }

        static Metric copy(String title, String key, String floorKey, double ratio) {
            return new Metric(
                    title,
                    key + ".MiB_per_s",
                    1,
                    "MiB/s",
                    MEMCPY,
                    floorKey + ".MiB_per_s",
                    Optional.of(Goal.ratioAtLeast(ratio)));
        }
    }

    private static final List<Metric> METRICS = List.of(
            Metric.time(
                    "REGION_READ 4 B, p50", "region_read_4.p50_ns", "floor_read_4.p50_ns", goal(Goal.ratioAtMost(0.9))),
            Metric.time(
                    "REGION_READ 4 B, p99", "region_read_4.p99_ns", "floor_read_4.p99_ns", goal(Goal.valueAtMost(18))),
            Metric.time(
                    "REGION_READ 4 B, p99.9",
                    "region_read_4.p999_ns",
                    "floor_read_4.p999_ns",
                    goal(Goal.valueAtMost(60))),
            Metric.time("REGION_WRITE 4 B, p50", "region_write_4.p50_ns", "floor_read_4.p50_ns", Optional.empty()),
            new Metric(
                    "posted REGION_WRITE 4 B",
                    "region_write_4_posted.per_s",
                    1e-3,
                    "k/s",
                    SOCKET_PAIR,
                    "floor_posted.per_s",
                    goal(Goal.valueAtLeast(1200))),
            Metric.bandwidth("REGION_READ 4 KiB", "region_read_4K", "floor_read_4K", goal(Goal.valueAtLeast(330))),
            Metric.bandwidth("REGION_READ 64 KiB", "region_read_64K", "floor_read_64K", Optional.empty()),
            Metric.bandwidth("REGION_READ 1 MiB", "region_read_1M", "floor_read_1M", goal(Goal.valueAtLeast(7000))),
            Metric.bandwidth("REGION_WRITE 4 KiB", "region_write_4K", "floor_write_4K", goal(Goal.valueAtLeast(450))),
            Metric.bandwidth("REGION_WRITE 64 KiB", "region_write_64K", "floor_write_64K", Optional.empty()),
            Metric.bandwidth("REGION_WRITE 1 MiB", "region_write_1M", "floor_write_1M", goal(Goal.valueAtLeast(6000))),
            Metric.bandwidth("MIG_DATA_READ 1 MiB", "mig_data_read_1M", "floor_read_1M", goal(Goal.valueAtLeast(2500))),
            Metric.bandwidth(
                    "MIG_DATA_WRITE 1 MiB", "mig_data_write_1M", "floor_write_1M", goal(Goal.valueAtLeast(2500))),
            Metric.copy("mapped DMA, from guest, 4 KiB", "dma_read_4K", "memcpy_4K", 0.8),
            Metric.copy("mapped DMA, to guest, 4 KiB", "dma_write_4K", "memcpy_4K", 0.8),
            Metric.copy("mapped DMA, from guest, 1 MiB", "dma_read_1M", "memcpy_1M", 0.98),
            Metric.copy("mapped DMA, to guest, 1 MiB", "dma_write_1M", "memcpy_1M", 0.98),
            Metric.copy("mapped DMA, from guest, 32 MiB", "dma_read_32M", "memcpy_32M", 0.98),
            Metric.copy("mapped DMA, to guest, 32 MiB", "dma_write_32M", "memcpy_32M", 0.98),
            Metric.bandwidth("DMA_READ 4 KiB", "dma_message_read_4K", "floor_read_4K", Optional.empty()),
            Metric.bandwidth("DMA_READ 1 MiB", "dma_message_read_1M", "floor_read_1M", Optional.empty()),
            Metric.bandwidth("DMA_WRITE 4 KiB", "dma_message_write_4K", "floor_write_4K", Optional.empty()),
            Metric.bandwidth("DMA_WRITE 1 MiB", "dma_message_write_1M", "floor_write_1M", Optional.empty()),
            new Metric(
                    "signal to wake-up, p50",
                    "irq_signal_to_wakeup.p50_ns",
                    1e-3,
                    "us",
                    "eventfd between two processes",
                    "floor_irq.p50_ns",
                    goal(Goal.valueAtMost(3.9))),
            new Metric(
                    "doorbell to wake-up, p50",
                    "irq_doorbell_to_wakeup.p50_ns",
                    1e-3,
                    "us",
                    "eventfd between two processes",
                    "floor_irq.p50_ns",
                    Optional.empty()));

    private final Path root;

    VfioUserSection(Path launcher) {
        root = launcher.toAbsolutePath().resolveSibling("");
    }

    private static Optional<Goal> goal(Goal goal) {
        return Optional.of(goal);
    }

    @Override
    public void measure(Table table) throws IOException, InterruptedException {
        CClient client = CClient.compile(sources(), root.resolve("bench/target/vfio_user_bench"), List.of());
        Map<String, Samples> results = new HashMap<>();
        int runs;
        // Short, because a socket's path has at most 107 bytes.
        Path folder = Files.createTempDirectory("nacre-bench");
        Path socket = folder.resolve("bench.sock");
        try {
            runs = measureMost(client, socket, results);
            measureMessages(client, socket, results);
        } finally {
            Files.deleteIfExists(socket);
            Files.deleteIfExists(folder);
        }
        METRICS.forEach(metric -> row(table, metric, results));
        table.add("allocated per access", allocations(), "B", goal(Goal.valueAtMost(0)));
        table.note("Medians of " + runs + " runs; server on CPU " + SERVER_CPU + ", client on CPU " + CLIENT_CPU
                + "; a full collection of the server's heap every second");
    }

    private List<Path> sources() {
        return Stream.of("main.c", "messages.c", "report.c", "tests.c", "floor.c")
                .map(root.resolve("bench/src/main/c/vfio_user_bench")::resolve)
                .toList();
    }

    /** Measures all but DMA by messages; returns the number of runs. */
    private int measureMost(CClient client, Path socket, Map<String, Samples> results)
            throws IOException, InterruptedException {
        String operations = Integer.toString(OPERATIONS);
        List<String> floor = List.of("-n", operations, "-c", CLIENT_CPU, "-C", SERVER_CPU, "--floor");
        List<String> whole = List.of("-n", operations, "-c", CLIENT_CPU, "-o", TESTS, socket.toString());
        try (StartedProcess server = StartedProcess.start(serverCommand(socket, "--collect-every", "1"))) {
            // Once that does not count, so that the server's code is compiled.
            long end = System.nanoTime() + BUDGET.toNanos();
            client.measure(whole);
            int runs = 0;
            do {
                add(results, client.measure(floor));
                add(results, client.measure(whole));
                runs++;
            } while (runs < RUNS && System.nanoTime() - end < 0);
            server.terminate();
            return runs;
        }
    }

    /** Measures DMA by messages, with a server of its own: it makes that server's every command pass two threads. */
    private void measureMessages(CClient client, Path socket, Map<String, Samples> results)
            throws IOException, InterruptedException {
        List<String> messages = List.of("-c", CLIENT_CPU, "-o", MESSAGE_TESTS, socket.toString());
        try (StartedProcess server = StartedProcess.start(serverCommand(socket, "--message-dma"))) {
            client.measure(messages);
            for (int run = 0; run < MESSAGE_RUNS; run++) {
                add(results, client.measure(messages));
            }
            server.terminate();
        }
    }

    private static void add(Map<String, Samples> results, Map<String, Double> run) {
        run.forEach((key, value) ->
                results.computeIfAbsent(key, k -> new Samples(RUNS)).add(value));
    }

    private static void row(Table table, Metric metric, Map<String, Samples> results) {
        Samples values = scaled(results, metric.key, metric.scale);
        Samples floor = scaled(results, metric.floorKey, metric.scale);
        table.add(metric.title, values, metric.unit, metric.floorTitle, floor, metric.goal);
    }

    private static Samples scaled(Map<String, Samples> results, String key, double scale) {
        Samples measured = results.get(key);
        if (measured == null) {
            throw new IllegalStateException("The client measured no " + key);
        }
        return measured.scaled(scale);
    }

    private List<String> serverCommand(Path socket, String... options) throws IOException {
        String java = ProcessHandle.current().info().command().orElseThrow(() -> new IOException("Where is java?"));
        // With the client's priority, for who may; and the options of ./dev sample.
        List<String> command = new ArrayList<>(List.of(
                "nice",
                "-n",
                "-20",
                "taskset",
                "-c",
                SERVER_CPU,
                java,
                "-XX:+UseSerialGC",
                "--enable-native-access=dev.nacre.linux",
                "--module-path",
                root.resolve("samples/target/lib").toString(),
                "--module",
                "dev.nacre.samples/dev.nacre.samples.SampleMain",
                "bench",
                "--socket",
                socket.toString()));
        command.addAll(List.of(options));
        return command;
    }

    /** Bytes that the server's thread allocates for a read and a posted write, per access. */
    private static Samples allocations() {
        String name = "bench-allocations";
        UnixSocket.Pair pair = UnixSocket.pair();
        try (BenchDevice device = new BenchDevice();
                VfioUserServer server = VfioUserServer.builder(device)
                        .connectedFd(pair.second())
                        .name(name)
                        .build()) {
            server.start();
            try (VfioUserClient client = VfioUserClient.over(pair.first())) {
                ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
                long thread = Thread.getAllStackTraces().keySet().stream()
                        .filter(it -> it.getName().equals("vfio-user-" + name))
                        .findAny()
                        .orElseThrow()
                        .threadId();
                Samples samples = new Samples(RUNS);
                for (int round = -RUNS; round < RUNS; round++) {
                    long before = threads.getThreadAllocatedBytes(thread);
                    access(client);
                    long bytes = threads.getThreadAllocatedBytes(thread) - before;
                    if (round >= 0) {
                        samples.add((double) bytes / (2 * ACCESSES));
                    }
                }
                return samples;
            }
        }
    }

    private static void access(VfioUserClient client) {
        for (int i = 0; i < ACCESSES; i++) {
            client.postInt(BenchRegisters.BAR_REGISTERS, BenchRegisters.SCRATCH, i);
            client.readInt(BenchRegisters.BAR_REGISTERS, BenchRegisters.SCRATCH);
        }
    }
}
