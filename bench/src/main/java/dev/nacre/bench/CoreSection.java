package dev.nacre.bench;

import dev.nacre.core.Attachment;
import dev.nacre.core.Client;
import dev.nacre.core.ClientKind;
import dev.nacre.core.FbRequest;
import dev.nacre.core.spi.CoreProvider;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The core on a board in its process: each implementation in turn with the others, and their copies in turn with the
 * JVM's own.
 */
final class CoreSection implements Section {
    private static final double MIB = 1 << 20;

    /** What a copy by a core should reach of a plain one. */
    private static final double GOAL = 0.8;

    private static final int BOOTS = 9;
    private static final int ROUNDS = 41;
    private static final int WARM_UPS = 10;

    /** Pairs of memories for each who copies. */
    private static final int PLACES = 4;

    /** So often in each place. */
    private static final int COPY_ROUNDS = 40 * PLACES;

    /** Copies of a page after which the VM has compiled what a copy takes; each takes some 100 us. */
    private static final int SMALL_COPIES = 5000;

    private static final int SMALL_COPY_BYTES = 4096;

    /** Operations that take microseconds, in one sample. */
    private static final int BATCH = 100;

    /** A measurement, and what it is in. */
    private enum Row {
        BOOT("boot", "ms"),
        CLOSE("close", "ms"),
        ATTACH("attach and detach", "us"),
        ALLOCATE("FB memory, allocate and free", "us"),
        COPY("CE copy, video to video memory, 32 MiB", "MiB/s");

        private final String title;
        private final String unit;

        Row(String title, String unit) {
            this.title = title;
            this.unit = unit;
        }
    }

    private final Map<String, Samples> results = new LinkedHashMap<>();

    @Override
    public void measure(Table table) throws IOException, InterruptedException {
        List<CoreProvider> providers = CoreProvider.all();
        for (int i = 0; i < BOOTS; i++) {
            for (CoreProvider provider : providers) {
                boot(provider, i > 0);
            }
        }
        List<BootedBoard> boards = new ArrayList<>();
        try {
            for (CoreProvider provider : providers) {
                boards.add(new BootedBoard(provider));
            }
            operations(boards);
            copies(boards);
        } finally {
            boards.forEach(BootedBoard::close);
        }
        for (Row row : Row.values()) {
            for (CoreProvider provider : providers) {
                add(table, row, provider.name());
            }
        }
    }

    private void boot(CoreProvider provider, boolean counts) {
        long start = System.nanoTime();
        BootedBoard board = new BootedBoard(provider);
        long booted = System.nanoTime();
        board.close();
        if (counts) {
            samples(Row.BOOT, provider.name()).add((booted - start) / 1e6);
            samples(Row.CLOSE, provider.name()).add((System.nanoTime() - booted) / 1e6);
        }
    }

    private void operations(List<BootedBoard> boards) {
        for (int i = -WARM_UPS; i < ROUNDS; i++) {
            for (BootedBoard board : boards) {
                double attachNs = perOperationNs(() -> attach(board).close());
                try (Attachment attachment = attach(board)) {
                    double allocateNs = perOperationNs(() ->
                            attachment.allocFbMemory(FbRequest.of(64 << 10)).close());
                    if (i >= 0) {
                        samples(Row.ATTACH, board.name()).add(attachNs / 1e3);
                        samples(Row.ALLOCATE, board.name()).add(allocateNs / 1e3);
                    }
                }
            }
        }
    }

    private static Attachment attach(BootedBoard board) {
        return board.core().attach(Client.of("bench", ClientKind.TOOL, Set.of(), event -> {}));
    }

    private static double perOperationNs(Runnable operation) {
        long start = System.nanoTime();
        for (int i = 0; i < BATCH; i++) {
            operation.run();
        }
        return (double) (System.nanoTime() - start) / BATCH;
    }

    private void copies(List<BootedBoard> boards) throws InterruptedException {
        List<Copier> copiers = new ArrayList<>();
        try {
            copiers.add(new PlainCopier());
            boards.forEach(board -> copiers.add(new CoreCopier(board.core())));
            for (int place = 0; place < PLACES; place++) {
                inTurn(copiers, place).forEach(Copier::addPlace);
            }
            for (Copier copier : copiers) {
                for (int i = 0; i < SMALL_COPIES; i++) {
                    copier.copySmall(SMALL_COPY_BYTES);
                }
            }
            for (int i = -WARM_UPS; i < COPY_ROUNDS; i++) {
                for (Copier copier : inTurn(copiers, i)) {
                    long ns = copier.copyNs(Math.floorMod(i, PLACES));
                    if (i >= 0) {
                        samples(Row.COPY, copier.name()).add(Copier.BYTES / MIB / (ns / 1e9));
                    }
                }
            }
            copiers.forEach(Copier::verify);
        } finally {
            copiers.forEach(Copier::close);
        }
    }

    /** All of them, beginning with another one each time. */
    private static List<Copier> inTurn(List<Copier> copiers, int turn) {
        List<Copier> order = new ArrayList<>(copiers);
        Collections.rotate(order, turn);
        return order;
    }

    private Samples samples(Row row, String core) {
        return results.computeIfAbsent(row + " " + core, key -> new Samples(COPY_ROUNDS));
    }

    private void add(Table table, Row row, String core) {
        String title = row.title + ": " + core;
        if (row == Row.COPY) {
            table.add(
                    title,
                    samples(row, core),
                    row.unit,
                    PlainCopier.NAME,
                    samples(row, PlainCopier.NAME),
                    Optional.of(Goal.ratioAtLeast(GOAL)));
        } else {
            table.add(title, samples(row, core), row.unit, Optional.empty());
        }
    }
}
