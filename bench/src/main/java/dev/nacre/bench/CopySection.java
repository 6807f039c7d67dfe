package dev.nacre.bench;

import dev.nacre.board.Board;
import dev.nacre.board.BoardConfig;
import dev.nacre.hw.chip.Chip;
import dev.nacre.linux.Fd;
import dev.nacre.linux.Mapping;
import dev.nacre.linux.Memfd;
import dev.nacre.testsupport.driver.CopyTimer;
import dev.nacre.testsupport.driver.DirectDriver;
import dev.nacre.testsupport.driver.InProcessTransport;
import dev.nacre.testsupport.driver.Step;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/** Copies of 32 MiB by the copy engine, as a driver sees them, beside the JVM's own copies between memory of the
 * same kind in turn with them. */
final class CopySection implements Section {
    private static final long SEED = 1;
    private static final double MIB = 1 << 20;

    /** What a copy engine should reach of a plain copy. */
    private static final double GOAL = 0.8;

    private static final int PAGE_BYTES = 4096;
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
        Samples scattered = new Samples(ROUNDS);
        Map<CopyTimer.Kind, Samples> kinds = new EnumMap<>(CopyTimer.Kind.class);
        for (CopyTimer.Kind kind : CopyTimer.Kind.values()) {
            kinds.put(kind, new Samples(ROUNDS));
        }
        int[] pages = shuffledPages(size);
        // A memory file, as the board's memory and that of a guest are.
        try (Fd file = Memfd.ofFixedSize("nacre-bench", 2L * size);
                Mapping mapping = Mapping.map(file, 0, 2L * size, Mapping.Access.READ_WRITE)) {
            MemorySegment from = mapping.segment().asSlice(0, size).fill((byte) 1);
            MemorySegment to = mapping.segment().asSlice(size, size).fill((byte) 2);
            for (int i = -WARM_UPS; i < ROUNDS; i++) {
                boolean counts = i >= 0;
                add(counts, plain, size, plainNs(from, to));
                add(counts, scattered, size, scatteredNs(from, to, pages));
                for (Map.Entry<CopyTimer.Kind, Samples> kind : kinds.entrySet()) {
                    add(counts, kind.getValue(), size, timer.copyNs(kind.getKey()));
                }
            }
        }
        timer.verify();
        kinds.forEach((kind, rates) -> row(table, kind, rates, plain, scattered));
        kinds.forEach((kind, rates) -> judge(table, kind, rates, plain));
    }

    private static void add(boolean counts, Samples rates, long bytes, long ns) {
        if (counts) {
            rates.add(bytes / MIB / (ns / 1e9));
        }
    }

    private static void row(Table table, CopyTimer.Kind kind, Samples rates, Samples plain, Samples scattered) {
        if (kind == CopyTimer.Kind.VIDEO_TO_VIDEO) {
            table.add(title(kind), rates.median(), "MiB/s", "MemorySegment.copy, 32 MiB", plain.median());
        } else {
            table.add(
                    title(kind),
                    rates.median(),
                    "MiB/s",
                    "MemorySegment.copy, scattered pages of 4 KiB",
                    scattered.median());
        }
    }

    private static void judge(Table table, CopyTimer.Kind kind, Samples rates, Samples plain) {
        double ratio = rates.median() / plain.median();
        table.note(String.format(
                Locale.ROOT,
                "%s: goal of %.1f of a plain copy of 32 MiB %s: %.2f (the fastest of each: %.2f)",
                title(kind),
                GOAL,
                ratio >= GOAL ? "met" : "NOT met",
                ratio,
                rates.percentile(100) / plain.percentile(100)));
    }

    private static int[] shuffledPages(int sizeBytes) {
        List<Integer> pages = new ArrayList<>();
        for (int page = 0; page < sizeBytes / PAGE_BYTES; page++) {
            pages.add(page);
        }
        Collections.shuffle(pages, new Random(SEED));
        return pages.stream().mapToInt(Integer::intValue).toArray();
    }

    /** A copy of pages that lie anywhere to where they belong. */
    private static long scatteredNs(MemorySegment from, MemorySegment to, int[] pages) {
        long start = System.nanoTime();
        for (int i = 0; i < pages.length; i++) {
            MemorySegment.copy(from, (long) pages[i] * PAGE_BYTES, to, (long) i * PAGE_BYTES, PAGE_BYTES);
        }
        return System.nanoTime() - start;
    }

    private static long plainNs(MemorySegment from, MemorySegment to) {
        long start = System.nanoTime();
        MemorySegment.copy(from, 0, to, 0, from.byteSize());
        return System.nanoTime() - start;
    }

    private static String title(CopyTimer.Kind kind) {
        return switch (kind) {
            case VIDEO_TO_VIDEO -> "video to video memory";
            case SYSTEM_TO_VIDEO -> "system to video memory";
            case VIDEO_TO_SYSTEM -> "video to system memory";
        };
    }
}
