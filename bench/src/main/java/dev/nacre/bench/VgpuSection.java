package dev.nacre.bench;

import dev.nacre.bench.SharedBoard.Tenant;
import dev.nacre.core.Attachment;
import dev.nacre.core.ChannelIds;
import dev.nacre.core.Client;
import dev.nacre.core.ClientKind;
import dev.nacre.core.FbMemory;
import dev.nacre.core.FbRequest;
import dev.nacre.core.VgpuUsage;
import dev.nacre.core.spi.CoreProvider;
import dev.nacre.core.spi.VgpuScheduling;
import dev.nacre.core.spi.VgpuScheduling.Policy;
import dev.nacre.vfio.manager.Vgpu;
import dev.nacre.vfio.scrub.Scrubber;
import dev.nacre.vfio.type.CatalogType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;

/** Virtual GPUs: how soon they come and go, what they cost, and how they share the copy engine. */
final class VgpuSection implements Section {
    private static final double MIB = 1 << 20;
    private static final int ROUNDS = 60;
    private static final int WARM_UPS = 10;
    private static final int MANY = 32;
    private static final int COPY_ROUNDS = 3;
    private static final List<Integer> BUSY = List.of(1, 2, 4, 8);

    /** Copies of {@link CoreCopier#BYTES} that a tenant submits at once, so that it nearly always has work. */
    private static final int BATCH = 4;

    /** The same where what it does not use of its time is lost to it. */
    private static final int SHARE_BATCH = 16;

    private static final Duration WINDOW = Duration.ofMillis(1500);

    /**
     * When a share read has nothing of the time before: the board counts by whole seconds of the clock, and says once a
     * second what the last of them was, so what is read is up to three seconds old at its begin.
     */
    private static final Duration SHARE_LAG = Duration.ofMillis(3100);

    /** Long enough for three such seconds after that. */
    private static final Duration SHARE_WINDOW = Duration.ofMillis(6200);

    private static final double CREATE_GOAL_MS = 50;
    private static final double RESIDENT_GOAL_MIB = 8;
    private static final double MANY_GOAL_S = 5;
    private static final double SUM_GOAL = 0.75;
    private static final double SHARE_GOAL_PERCENT = 5;

    // HW: how many virtual GPUs of this type an L40 can have
    private static final String QUARTER = "L40-12Q";
    private static final int QUARTERS = 4;

    // TIMEOUT: what NVIDIA's proposed vGPU manager gives the copy engine.
    private static final Duration SCRUB_PATIENCE = Duration.ofSeconds(4);

    private final CoreProvider provider = CoreProvider.named("java");

    @Override
    public void measure(Table table) throws IOException, InterruptedException {
        try (SharedBoard board = new SharedBoard(provider, MANY, VgpuScheduling.DEFAULT)) {
            lifecycle(board, table);
            many(board, table);
            throughput(board, table);
        }
        for (Policy policy : Policy.values()) {
            share(policy, table);
        }
    }

    private static void lifecycle(SharedBoard board, Table table) {
        CatalogType type = board.type("L40-2Q");
        Samples create = new Samples(ROUNDS);
        Samples destroy = new Samples(ROUNDS);
        Samples scrub = new Samples(ROUNDS);
        for (int i = -WARM_UPS; i < ROUNDS; i++) {
            long begin = System.nanoTime();
            Vgpu vgpu = board.start("a", type);
            long created = System.nanoTime();
            vgpu.close();
            long destroyed = System.nanoTime();
            double scrubMs = scrubMs(board, type.memory().fbBytes());
            if (i >= 0) {
                create.add((created - begin) / 1e6);
                destroy.add((destroyed - created) / 1e6);
                scrub.add(scrubMs);
            }
        }
        Optional<Goal> goal = Optional.of(Goal.valueAtMost(CREATE_GOAL_MS));
        table.add("create and start an L40-2Q, scrub and all, p50", create, "ms", goal);
        table.add("the same, p99", single(create.percentile(99)), "ms", Optional.empty());
        table.add("destroy it, scrub and all, p50", destroy, "ms", goal);
        table.add("the same, p99", single(destroy.percentile(99)), "ms", Optional.empty());
        table.add("a scrub of so much untouched memory by itself, p50", scrub, "ms", Optional.empty());
    }

    private static double scrubMs(SharedBoard board, long bytes) {
        try (Scrubber scrubber = new Scrubber(SCRUB_PATIENCE);
                Attachment attachment =
                        board.core().attach(Client.of("bench", ClientKind.VFIO, Set.of(), scrubber::accept));
                ChannelIds channels = attachment.allocChannelIds(1);
                FbMemory memory = attachment.allocFbMemory(FbRequest.of(bytes))) {
            scrubber.attach(attachment);
            long begin = System.nanoTime();
            scrubber.scrub(channels, memory);
            return (System.nanoTime() - begin) / 1e6;
        }
    }

    private static void many(SharedBoard board, Table table) throws IOException {
        CatalogType type = board.type("L40-1Q");
        List<Vgpu> vgpus = new ArrayList<>();
        double before = residentMib();
        long begin = System.nanoTime();
        for (int i = 0; i < MANY; i++) {
            vgpus.add(board.start("vgpu" + i, type));
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        double each = (residentMib() - before) / MANY;
        vgpus.forEach(Vgpu::close);
        table.add(MANY + " of type L40-1Q up", single(seconds), "s", Optional.of(Goal.valueAtMost(MANY_GOAL_S)));
        table.add("resident for each, idle", single(each), "MiB", Optional.of(Goal.valueAtMost(RESIDENT_GOAL_MIB)));
    }

    /** What of this process is in memory, without what the collector would find. */
    private static double residentMib() throws IOException {
        System.gc();
        try (var lines = Files.lines(Path.of("/proc/self/status"))) {
            String line = lines.filter(it -> it.startsWith("VmRSS:"))
                    .findFirst()
                    .orElseThrow(() -> new IOException("No VmRSS"));
            return Long.parseLong(line.replaceAll("\\D", "")) / 1024.0;
        }
    }

    private static void throughput(SharedBoard board, Table table) throws InterruptedException {
        List<Samples> sums = new ArrayList<>();
        BUSY.forEach(count -> sums.add(new Samples(COPY_ROUNDS)));
        List<Tenant> tenants = new ArrayList<>();
        try {
            for (int i = 0; i < BUSY.getLast(); i++) {
                tenants.add(board.tenant("t" + i, board.type("L40-2Q")));
            }
            for (int round = -1; round < COPY_ROUNDS; round++) {
                for (int which = 0; which < BUSY.size(); which++) {
                    double sum = Arrays.stream(busy(tenants.subList(0, BUSY.get(which)), BATCH, WINDOW))
                            .sum();
                    if (round >= 0) {
                        sums.get(which).add(sum);
                    }
                }
            }
            tenants.forEach(tenant -> tenant.copier().verify());
        } finally {
            tenants.forEach(Tenant::close);
        }
        table.add("copies of 32 MiB, one busy", sums.getFirst(), "MiB/s", Optional.empty());
        for (int which = 1; which < BUSY.size(); which++) {
            String name = "sum of " + BUSY.get(which) + " busy";
            Optional<Goal> goal = Optional.of(Goal.ratioAtLeast(SUM_GOAL));
            table.add(name, sums.get(which), "MiB/s", "one busy", sums.getFirst(), goal);
        }
    }

    /** Has tenants copy for a while. @return the MiB/s of each */
    private static double[] busy(List<Tenant> tenants, int batch, Duration window) throws InterruptedException {
        double[] rates = new double[tenants.size()];
        List<Future<Double>> results = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(tenants.size())) {
            long end = System.nanoTime() + window.toNanos();
            tenants.forEach(tenant -> results.add(threads.submit(() -> rate(tenant, batch, end))));
            for (int i = 0; i < rates.length; i++) {
                rates[i] = results.get(i).get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("A virtual GPU cannot copy: " + e.getCause(), e);
        }
        return rates;
    }

    private static double rate(Tenant tenant, int batch, long endNs) throws InterruptedException {
        long begin = System.nanoTime();
        long copies = 0;
        while (System.nanoTime() - endNs < 0) {
            tenant.copier().copiesNs(batch);
            copies += batch;
        }
        return copies * (CoreCopier.BYTES / MIB) / ((System.nanoTime() - begin) / 1e9);
    }

    private void share(Policy policy, Table table) throws IOException, InterruptedException {
        List<Tenant> tenants = new ArrayList<>();
        try (SharedBoard board = new SharedBoard(provider, QUARTERS, new VgpuScheduling(policy, 0))) {
            try {
                for (int i = 0; i < QUARTERS; i++) {
                    tenants.add(board.tenant("t" + i, board.type(QUARTER)));
                }
                String name = policy.name().toLowerCase(Locale.ROOT).replace('_', ' ');
                double[] rates = busy(tenants, SHARE_BATCH, SHARE_WINDOW);
                table.add(
                        name + ", " + QUARTERS + " busy: the slowest",
                        Arrays.stream(rates).min().orElseThrow(),
                        "MiB/s",
                        "the fastest",
                        Arrays.stream(rates).max().orElseThrow());
                if (policy != Policy.BEST_EFFORT) {
                    while (policy == Policy.FIXED_SHARE && tenants.size() > 2) {
                        tenants.removeLast().close();
                    }
                    errors(name, tenants, board.copyRunlists(), table);
                }
            } finally {
                tenants.forEach(Tenant::close);
            }
        }
    }

    /**
     * How far two busy ones are from a quarter of the engine each.
     *
     * @param runlists of copy engines: the board counts use as their mean, and a tenant uses one
     */
    private static void errors(String name, List<Tenant> tenants, int runlists, Table table)
            throws InterruptedException {
        List<Tenant> pair = tenants.subList(0, 2);
        List<List<Integer>> seen = List.of(new ArrayList<>(), new ArrayList<>());
        try (ExecutorService watch = Executors.newSingleThreadExecutor()) {
            long end = System.nanoTime() + SHARE_WINDOW.toNanos();
            Future<?> watched = watch.submit(() -> watch(pair, seen, end));
            busy(pair, SHARE_BATCH, SHARE_WINDOW);
            watched.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("A share cannot be seen: " + e.getCause(), e);
        }
        double worst = 0;
        for (List<Integer> shares : seen) {
            double mean = shares.stream().mapToInt(it -> it).average().orElseThrow() * runlists / 10_000;
            worst = Math.max(worst, Math.abs(mean * QUARTERS - 1) * 100);
        }
        table.add(
                name + " of a quarter, " + tenants.size() + " exist, 2 busy: error",
                single(worst),
                "%",
                Optional.of(Goal.valueAtMost(SHARE_GOAL_PERCENT)));
    }

    /** Takes down their shares of the copy engines' time, once a second. */
    private static void watch(List<Tenant> pair, List<List<Integer>> seen, long endNs) {
        long next = System.nanoTime() + SHARE_LAG.toNanos();
        while (next - endNs < 0) {
            for (long left = next - System.nanoTime(); left > 0; left = next - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            for (int i = 0; i < pair.size(); i++) {
                seen.get(i).add(pair.get(i).vgpu().usage().map(VgpuUsage::copy).orElseThrow());
            }
            next += Duration.ofSeconds(1).toNanos();
        }
    }

    private static Samples single(double value) {
        Samples samples = new Samples(1);
        samples.add(value);
        return samples;
    }
}
