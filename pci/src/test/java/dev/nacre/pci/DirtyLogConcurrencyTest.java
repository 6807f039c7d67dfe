package dev.nacre.pci;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Several threads write while one reports, as in a migration. */
@Timeout(600)
final class DirtyLogConcurrencyTest {
    private static final long PAGE = 0x1000;
    private static final long BASE = 0x4000_0000L;
    private static final int PAGES = 1024;
    private static final long SIZE = PAGES * PAGE;
    private static final int WRITERS = 4;
    private static final int ROUNDS = 1000;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment ram = arena.allocate(SIZE, PAGE);
    private final MemorySegment copy = arena.allocate(SIZE, PAGE);
    private final GuestMemory memory = new GuestMemory();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final AtomicBoolean stop = new AtomicBoolean();

    @BeforeEach
    void map() {
        memory.busMaster(true);
        memory.map(BASE, ram, true, true);
    }

    @AfterEach
    void close() {
        stop.set(true);
        arena.close();
    }

    /**
     * In each round every page is written once, neighbours by different threads, so that a mark that is lost is never
     * made up for by another.
     */
    @Test
    void pageThatIsWrittenOnceIsReportedOnceWithItsBytes() throws Exception {
        memory.startDirtyLog(PAGE);
        CyclicBarrier rounds = new CyclicBarrier(WRITERS + 1);
        List<Thread> writers = new ArrayList<>();
        for (int i = 0; i < WRITERS; i++) {
            int seed = i;
            writers.add(start(() -> writeOwnPages(seed, rounds)));
        }

        int reported = 0;
        int withoutBytes = 0;
        for (int round = 1; round <= ROUNDS; round++) {
            rounds.await();
            while (rounds.getNumberWaiting() < WRITERS) {
                BitSet dirty = report();
                reported += dirty.cardinality();
                withoutBytes += pagesWithout(dirty, round);
            }
            reported += report().cardinality();
        }
        rounds.await();
        end(writers);

        assertThat(failure.get()).isNull();
        assertThat(withoutBytes).isZero();
        assertThat(reported).isEqualTo(ROUNDS * PAGES);
    }

    private void writeOwnPages(int seed, CyclicBarrier rounds) {
        try {
            for (int round = 1; round <= ROUNDS; round++) {
                rounds.await();
                for (int page = seed; page < PAGES; page += WRITERS) {
                    memory.writeLong(BASE + page * PAGE, round);
                }
            }
            rounds.await();
        } catch (InterruptedException | BrokenBarrierException e) {
            throw new IllegalStateException(e);
        }
    }

    private int pagesWithout(BitSet pages, long value) {
        return (int) pages.stream()
                .filter(page -> ram.get(ValueLayout.JAVA_LONG, page * PAGE) != value)
                .count();
    }

    @Test
    void logThatBeginsUnderWritesMissesNoneThatItsCopyMisses() throws Exception {
        for (int round = 0; round < 50; round++) {
            List<Thread> writers = startWriters();
            memory.startDirtyLog(PAGE);
            MemorySegment.copy(ram, 0, copy, 0, SIZE);
            end(writers);

            report().stream().forEach(page -> MemorySegment.copy(ram, page * PAGE, copy, page * PAGE, PAGE));
            memory.stopDirtyLog();

            assertThat(failure.get()).isNull();
            assertThat(copy.mismatch(ram)).isEqualTo(-1);
        }
    }

    private List<Thread> startWriters() throws InterruptedException {
        List<Thread> writers = new ArrayList<>();
        CountDownLatch writing = new CountDownLatch(WRITERS);
        stop.set(false);
        for (int i = 0; i < WRITERS; i++) {
            int seed = i;
            writers.add(start(() -> write(seed, writing)));
        }
        writing.await();
        return writers;
    }

    private Thread start(Runnable body) {
        return Thread.ofPlatform()
                .uncaughtExceptionHandler((thread, e) -> failure.compareAndSet(null, e))
                .start(body);
    }

    /** Writes to words that are this thread's own, in pages that are everybody's, until told to stop. */
    private void write(int seed, CountDownLatch writing) {
        Random random = new Random(seed);
        writing.countDown();
        for (int i = 1; !stop.get(); i++) {
            long at = random.nextInt(PAGES) * PAGE + seed * 16L;
            switch (i & 3) {
                case 0 -> memory.writeLong(BASE + at, i);
                case 1 -> memory.writeIntRelease(BASE + at + 4, i);
                case 2 -> memory.copy(BASE + at, BASE + at + 8, 8);
                default -> memory.write(BASE + at, MemorySegment.ofArray(new long[] {i, -i}), 0, 16);
            }
        }
    }

    private BitSet report() {
        long[] report = new long[PAGES / Long.SIZE];
        memory.reportDirty(BASE, SIZE, PAGE, MemorySegment.ofArray(report), 0);
        return BitSet.valueOf(report);
    }

    private void end(List<Thread> writers) throws InterruptedException {
        stop.set(true);
        for (Thread writer : writers) {
            writer.join();
        }
    }
}
