package dev.nacre.pci;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Several threads write while one reports and copies what is reported, as a migration does. */
@Timeout(120)
final class DirtyLogConcurrencyTest {
    private static final long PAGE = 0x1000;
    private static final long BASE = 0x4000_0000L;
    private static final int PAGES = 256;
    private static final long SIZE = PAGES * PAGE;
    private static final int WRITERS = 4;
    private static final int WRITES = 30_000;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment ram = arena.allocate(SIZE, PAGE);
    private final MemorySegment copy = arena.allocate(SIZE, PAGE);
    private final GuestMemory memory = new GuestMemory();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final AtomicInteger writing = new AtomicInteger();

    @BeforeEach
    void map() {
        memory.busMaster(true);
        memory.map(BASE, ram, true, true);
    }

    @AfterEach
    void close() {
        arena.close();
    }

    @Test
    void copyOfReportedPagesEndsEqualToTheMemory() throws Exception {
        List<Thread> writers = startWriters();
        memory.startDirtyLog(PAGE);
        MemorySegment.copy(ram, 0, copy, 0, SIZE);

        int pagesWhileWriting = 0;
        while (writing.get() > 0) {
            pagesWhileWriting += copyReported();
        }
        join(writers);
        copyReported();

        assertThat(failure.get()).isNull();
        assertThat(pagesWhileWriting).isPositive();
        assertThat(copy.mismatch(ram)).isEqualTo(-1);
        assertThat(copyReported()).isZero();
    }

    @Test
    void everyPageThatWasWrittenIsReportedThoughLogsBeginAndEnd() throws Exception {
        for (int round = 0; round < 20; round++) {
            List<Thread> writers = startWriters();
            memory.startDirtyLog(PAGE);
            MemorySegment.copy(ram, 0, copy, 0, SIZE);
            join(writers);

            copyReported();
            memory.stopDirtyLog();

            assertThat(failure.get()).isNull();
            assertThat(copy.mismatch(ram)).isEqualTo(-1);
        }
    }

    private List<Thread> startWriters() {
        List<Thread> writers = new ArrayList<>();
        writing.set(WRITERS);
        for (int i = 0; i < WRITERS; i++) {
            int seed = i;
            writers.add(Thread.ofPlatform()
                    .uncaughtExceptionHandler((thread, e) -> failure.compareAndSet(null, e))
                    .start(() -> write(seed)));
        }
        return writers;
    }

    /** Writes to words that are this thread's own, in pages that are everybody's. */
    private void write(int seed) {
        try {
            Random random = new Random(seed);
            for (int i = 1; i <= WRITES; i++) {
                long at = random.nextInt(PAGES) * PAGE + seed * 16L;
                switch (i & 3) {
                    case 0 -> memory.writeLong(BASE + at, i);
                    case 1 -> memory.writeIntRelease(BASE + at + 4, i);
                    case 2 -> memory.copy(BASE + at, BASE + at + 8, 8);
                    default -> memory.write(BASE + at, MemorySegment.ofArray(new long[] {i, -i}), 0, 16);
                }
            }
        } finally {
            writing.getAndDecrement();
        }
    }

    private int copyReported() {
        long[] report = new long[PAGES / Long.SIZE];
        memory.reportDirty(BASE, SIZE, PAGE, MemorySegment.ofArray(report), 0);
        BitSet dirty = BitSet.valueOf(report);
        dirty.stream().forEach(page -> {
            for (long at = page * PAGE; at < (page + 1) * PAGE; at += Long.BYTES) {
                copy.set(ValueLayout.JAVA_LONG, at, ram.get(ValueLayout.JAVA_LONG, at));
            }
        });
        return dirty.cardinality();
    }

    private static void join(List<Thread> threads) throws InterruptedException {
        for (Thread thread : threads) {
            thread.join();
        }
    }
}
