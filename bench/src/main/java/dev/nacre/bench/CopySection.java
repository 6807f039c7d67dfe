package dev.nacre.bench;

import dev.nacre.board.Board;
import dev.nacre.board.BoardConfig;
import dev.nacre.hw.chip.Chip;
import dev.nacre.testsupport.driver.CopyTimer;
import dev.nacre.testsupport.driver.DirectDriver;
import dev.nacre.testsupport.driver.InProcessTransport;
import dev.nacre.testsupport.driver.Step;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** Copies of 32 MiB by the copy engine, as a driver sees them, beside the JVM's own copies in turn with them. */
final class CopySection implements Section {
    private static final long SEED = 1;
    private static final double MIB = 1 << 20;

    /** What a copy engine should reach of a plain copy. */
    private static final double GOAL = 0.8;

    private static final int WARM_UPS = 10;
    private static final int ROUNDS = 41;

    @Override
    public void measure(Table table) throws IOException {
        DirectDriver.Options options = new DirectDriver.Options(Chip.AD102, SEED, 128L << 20);
        try (Board board = new Board(BoardConfig.of(Chip.AD102));
                InProcessTransport transport = new InProcessTransport(board);
                DirectDriver driver = new DirectDriver(transport, options, (step, ok, detail) -> {})) {
            driver.runThrough(Step.CE_CHANNEL);
            measure(driver.copyTimer(), table);
            driver.run();
        }
    }

    private static void measure(CopyTimer timer, Table table) {
        int size = timer.sizeBytes();
        Samples plain = new Samples(ROUNDS);
        Map<CopyTimer.Kind, Samples> kinds = new EnumMap<>(CopyTimer.Kind.class);
        for (CopyTimer.Kind kind : CopyTimer.Kind.values()) {
            kinds.put(kind, new Samples(ROUNDS));
        }
        try (Arena arena = Arena.ofShared()) {
            MemorySegment from = arena.allocate(size, 4096).fill((byte) 1);
            MemorySegment to = arena.allocate(size, 4096).fill((byte) 2);
            for (int i = -WARM_UPS; i < ROUNDS; i++) {
                double plainRate = rate(size, plainNs(from, to));
                if (i >= 0) {
                    plain.add(plainRate);
                }
                for (Map.Entry<CopyTimer.Kind, Samples> kind : kinds.entrySet()) {
                    double copyRate = rate(size, timer.copyNs(kind.getKey()));
                    if (i >= 0) {
                        kind.getValue().add(copyRate);
                    }
                }
            }
        }
        timer.verify();
        String of = " " + Math.round(size / MIB) + " MiB";
        kinds.forEach((kind, rates) ->
                table.add(title(kind) + of, rates.median(), "MiB/s", "MemorySegment.copy", plain.median()));
        judge(table, kinds, plain.median());
    }

    private static void judge(Table table, Map<CopyTimer.Kind, Samples> kinds, double plainRate) {
        kinds.forEach((kind, rates) -> {
            double ratio = rates.median() / plainRate;
            table.note(String.format(
                    Locale.ROOT,
                    "%s: goal of %.1f of a plain copy %s (%.2f)",
                    title(kind),
                    GOAL,
                    ratio >= GOAL ? "met" : "NOT met",
                    ratio));
        });
    }

    private static long plainNs(MemorySegment from, MemorySegment to) {
        long start = System.nanoTime();
        MemorySegment.copy(from, 0, to, 0, from.byteSize());
        return System.nanoTime() - start;
    }

    private static double rate(long bytes, long ns) {
        return bytes / MIB / (ns / 1e9);
    }

    private static String title(CopyTimer.Kind kind) {
        return switch (kind) {
            case VIDEO_TO_VIDEO -> "video to video memory";
            case SYSTEM_TO_VIDEO -> "system to video memory";
            case VIDEO_TO_SYSTEM -> "video to system memory";
        };
    }
}
