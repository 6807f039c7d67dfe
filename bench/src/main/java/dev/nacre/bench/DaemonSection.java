package dev.nacre.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/** The packaged daemon and command line, as processes, and the console that it serves. */
final class DaemonSection implements Section {
    private static final int STARTS = 7;
    private static final int ANSWERS = 15;
    private static final Duration IDLE = Duration.ofSeconds(6);
    private static final Duration SCROLLING = Duration.ofSeconds(4);
    private static final double READY_MS = 800;
    private static final double ANSWER_MS = 150;

    private final Optional<Path> archive;

    /**
     * Of a package.
     *
     * @param archive the tar.gz that {@code ./dev package} makes; empty if there is none
     */
    DaemonSection(Optional<Path> archive) {
        this.archive = archive;
    }

    @Override
    public void measure(Table table) throws IOException, InterruptedException {
        console(table);
        Path packed = archive.orElseThrow(() -> new IOException("No --package was given"));
        try (UnpackedPackage unpacked = UnpackedPackage.of(packed)) {
            starts(table, unpacked);
            running(table, unpacked);
        }
    }

    private static void starts(Table table, UnpackedPackage unpacked) throws IOException, InterruptedException {
        Samples ready = new Samples(STARTS);
        Samples empty = new Samples(STARTS);
        for (int i = 0; i < STARTS; i++) {
            try (StartedProcess nothing = StartedProcess.start(EmptyMain.command())) {
                empty.add(nothing.readyMs());
            }
            try (DaemonProcess daemon = DaemonProcess.start(unpacked)) {
                ready.add(daemon.readyMs());
                daemon.terminate();
            }
        }
        table.add(
                "nacred ready after",
                ready,
                "ms",
                "a Java program that does nothing",
                empty,
                Optional.of(Goal.valueAtMost(READY_MS)));
    }

    private static void running(Table table, UnpackedPackage unpacked) throws IOException, InterruptedException {
        try (DaemonProcess daemon = DaemonProcess.start(unpacked)) {
            Samples answers = new Samples(ANSWERS);
            Samples empty = new Samples(ANSWERS);
            for (int i = 0; i < ANSWERS; i++) {
                try (StartedProcess nothing = StartedProcess.start(EmptyMain.command())) {
                    empty.add(nothing.readyMs());
                }
                answers.add(daemon.answerMs());
            }
            table.add(
                    "nacre vgpu ls",
                    answers,
                    "ms",
                    "a Java program that does nothing",
                    empty,
                    Optional.of(Goal.valueAtMost(ANSWER_MS)));
            double before = daemon.processorMs();
            LockSupport.parkNanos(IDLE.toNanos());
            table.add("idle, of one CPU", 100 * (daemon.processorMs() - before) / IDLE.toMillis(), "%");
            table.add("resident, one idle board", daemon.residentMib(), "MiB");
            daemon.terminate();
        }
    }

    /** A screen of text that scrolls by a line a frame, seen by one viewer as fast as it can take it. */
    private static void console(Table table) throws IOException {
        // Once for the compilers.
        RfbViewer.watch(RfbViewer.Encoding.RAW, SCROLLING);
        RfbViewer.watch(RfbViewer.Encoding.ZRLE, SCROLLING);
        RfbViewer.Seen raw = RfbViewer.watch(RfbViewer.Encoding.RAW, SCROLLING);
        RfbViewer.Seen zrle = RfbViewer.watch(RfbViewer.Encoding.ZRLE, SCROLLING);
        table.add("console, scrolling text, ZRLE", zrle.framesPerSecond(), "frames/s", "raw", raw.framesPerSecond());
        table.add("the same, a frame", zrle.bytesPerFrame() / 1024, "KiB", "raw", raw.bytesPerFrame() / 1024);
    }
}
