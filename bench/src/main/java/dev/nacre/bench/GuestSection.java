package dev.nacre.bench;

import dev.nacre.board.Board;
import dev.nacre.board.BoardConfig;
import dev.nacre.hw.chip.Chip;
import dev.nacre.testsupport.guest.GuestKit;
import dev.nacre.testsupport.guest.KernelChoice;
import dev.nacre.testsupport.guest.KitOptions;
import dev.nacre.testsupport.guest.KitSelection;
import dev.nacre.testsupport.guest.ProgressPrinter;
import dev.nacre.testsupport.guest.qemu.GpuSlot;
import dev.nacre.testsupport.guest.qemu.GuestLaunch;
import dev.nacre.testsupport.guest.qemu.Qemu;
import dev.nacre.vfiouser.ConnectionCounts;
import dev.nacre.vfiouser.ServerListener;
import dev.nacre.vfiouser.VfioUserServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Two guests: one times its accesses to the first BAR without a driver, one loads nouveau. */
final class GuestSection implements Section {
    private static final String ADDRESS = "04.0";
    private static final String BAR_TIMING = "bar-timing:/sys/bus/pci/devices/0000:00:" + ADDRESS;
    private static final String TIME = ".* t=([0-9.]+)";

    // TIMEOUT: each guest takes some 10 s; a busy machine several times that.
    private static final Duration BOUND = Duration.ofSeconds(70);

    private static final Duration GONE = Duration.ofSeconds(10);

    /**
     * What a guest left.
     *
     * @param lines its serial line
     * @param counts its messages
     */
    private record Run(List<String> lines, ConnectionCounts counts) {}

    @Override
    public void measure(Table table) throws IOException, InterruptedException {
        GuestKit kit = GuestKit.fetch(
                KitOptions.fromEnvironment(System.getenv()),
                KitSelection.DEMO.parts(),
                new ProgressPrinter(System.err, false));
        Path initramfs = kit.initramfs(KernelChoice.BACKPORTS).build();

        Run driven = boot(kit, initramfs, "load");
        double begun = time(driven, "insmod nouveau(?! rc=)");
        double booted = time(driven, "init");
        table.add(
                "insmod to card0",
                time(driven, "card ready") - begun,
                "s",
                "the guest's kernel before its first program",
                booted);
        ConnectionCounts counts = driven.counts;
        table.add("messages, boot to power-off", (double) counts.messages(), "messages");
        table.add("posted among them", (double) counts.posted(), "messages", "all", (double) counts.messages());

        Run timed = boot(kit, initramfs, BAR_TIMING);
        SocketFloor.Costs floor = SocketFloor.measure();
        table.add(
                "BAR0 read, 4 B",
                timing(timed, "guest-bar-read"),
                "ns",
                "round trip of a socket pair, same bytes",
                floor.roundTripNs());
        table.add(
                "BAR0 posted write, 4 B",
                timing(timed, "guest-bar-posted-write"),
                "ns",
                "one way over a socket pair, same bytes",
                floor.oneWayNs());
    }

    private static Run boot(GuestKit kit, Path initramfs, String job) throws IOException, InterruptedException {
        // Short, because a socket's path has at most 107 bytes.
        Path folder = Files.createTempDirectory("nacre-bench");
        Path socket = folder.resolve("gpu.sock");
        CompletableFuture<ConnectionCounts> counts = new CompletableFuture<>();
        ServerListener listener = new ServerListener() {
            @Override
            public void disconnected(ConnectionCounts seen) {
                counts.complete(seen);
            }
        };
        try (Board board = new Board(BoardConfig.of(Chip.AD102));
                VfioUserServer server = VfioUserServer.builder(board)
                        .socketPath(socket)
                        .listener(listener)
                        .build()) {
            server.start();
            GuestLaunch launch = GuestLaunch.of(
                            kit.qemu(), kit.kernel(KernelChoice.BACKPORTS).image(), initramfs)
                    .gpu(GpuSlot.at(socket, ADDRESS))
                    .jobs(job)
                    .build();
            try (Qemu guest = Qemu.start(launch)) {
                guest.awaitExit(BOUND);
                return new Run(
                        guest.serial().lines(),
                        counts.orTimeout(GONE.toSeconds(), TimeUnit.SECONDS).join());
            }
        } finally {
            Files.deleteIfExists(socket);
            Files.deleteIfExists(folder);
        }
    }

    /** The guest's time in seconds at a marker. */
    private static double time(Run run, String marker) throws IOException {
        return number(run, "### nacre: " + marker + TIME);
    }

    /** What the guest's program measured, in nanoseconds. */
    private static double timing(Run run, String name) throws IOException {
        return number(run, "NACRE-BENCH " + name + " ([0-9]+) ns");
    }

    private static double number(Run run, String regex) throws IOException {
        Pattern pattern = Pattern.compile(regex);
        for (String line : run.lines) {
            Matcher match = pattern.matcher(line);
            if (match.find()) {
                return Double.parseDouble(match.group(1));
            }
        }
        throw new IOException("The guest never said \"" + regex + "\"");
    }
}
