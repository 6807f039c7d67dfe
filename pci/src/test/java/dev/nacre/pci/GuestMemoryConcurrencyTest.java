package dev.nacre.pci;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(600)
final class GuestMemoryConcurrencyTest {
    private static final long PAGE = 0x1000;
    private static final long BASE = 0x4000_0000L;

    /** Waits in unmap for as long as a loaded machine may take to run the other threads. */
    private final GuestMemory memory = new GuestMemory(TimeUnit.SECONDS.toNanos(60));

    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    @BeforeEach
    void enableBusMaster() {
        memory.busMaster(true);
    }

    @AfterEach
    void noThreadFailed() {
        assertThat(failure.get()).isNull();
    }

    private static MemorySegment page() {
        return MemorySegment.ofArray(new byte[(int) PAGE]);
    }

    private Thread start(Runnable body) {
        return Thread.ofPlatform()
                .uncaughtExceptionHandler((thread, e) -> failure.compareAndSet(null, e))
                .start(body);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A thread inside a transfer, until told to leave. */
    private Thread transferUntil(GuestMemory used, CountDownLatch entered, CountDownLatch leave) {
        return start(() -> {
            GuestMap map = used.enter(BASE, PAGE, false);
            entered.countDown();
            await(leave);
            map.readers.exit();
        });
    }

    @Test
    void unmapWaitsForARunningTransfer() throws Exception {
        memory.map(BASE, page(), true, true);
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch leave = new CountDownLatch(1);
        Thread transfer = transferUntil(memory, entered, leave);
        await(entered);
        AtomicBoolean left = new AtomicBoolean();
        AtomicBoolean leftBeforeUnmapReturned = new AtomicBoolean();
        Thread unmapper = start(() -> {
            boolean unmapped = memory.unmap(BASE, PAGE);
            leftBeforeUnmapReturned.set(unmapped && left.get());
        });
        while (memory.isMapped(BASE, PAGE, false)) {
            Thread.onSpinWait();
        }

        left.set(true);
        leave.countDown();
        transfer.join();
        unmapper.join();

        assertThat(leftBeforeUnmapReturned).isTrue();
    }

    @Test
    void unmapWaitsForATransferThatBeganBeforeOtherMaps() throws Exception {
        memory.map(BASE, page(), true, true);
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch leave = new CountDownLatch(1);
        Thread transfer = transferUntil(memory, entered, leave);
        await(entered);
        memory.map(BASE + PAGE, page(), true, true);
        memory.map(BASE + 2 * PAGE, page(), true, true);
        AtomicBoolean left = new AtomicBoolean();
        AtomicBoolean leftBeforeUnmapReturned = new AtomicBoolean();
        Thread unmapper = start(() -> {
            boolean unmapped = memory.unmap(BASE, PAGE);
            leftBeforeUnmapReturned.set(unmapped && left.get());
        });
        while (memory.isMapped(BASE, PAGE, false)) {
            Thread.onSpinWait();
        }

        left.set(true);
        leave.countDown();
        transfer.join();
        unmapper.join();

        assertThat(leftBeforeUnmapReturned).isTrue();
    }

    @Test
    void unmapGivesUpOnAStuckTransfer() throws Exception {
        GuestMemory impatient = new GuestMemory(TimeUnit.MILLISECONDS.toNanos(1));
        impatient.busMaster(true);
        impatient.map(BASE, page(), true, true);
        impatient.map(BASE + PAGE, page(), true, true);
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch leave = new CountDownLatch(1);
        Thread transfer = transferUntil(impatient, entered, leave);
        await(entered);

        boolean first = impatient.unmap(BASE, PAGE);
        boolean second = impatient.unmap(BASE + PAGE, PAGE);
        boolean stillInside = transfer.isAlive();
        leave.countDown();
        transfer.join();

        assertThat(first).isTrue();
        assertThat(second).isTrue();
        assertThat(stillInside).isTrue();
        assertThat(impatient.isMapped(BASE, 1, false)).isFalse();
    }

    @Test
    void interruptedUnmapStillWaitsAndStaysInterrupted() throws Exception {
        memory.map(BASE, page(), true, true);
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch leave = new CountDownLatch(1);
        Thread transfer = transferUntil(memory, entered, leave);
        await(entered);
        AtomicBoolean left = new AtomicBoolean();
        AtomicBoolean asExpected = new AtomicBoolean();
        Thread unmapper = start(() -> {
            Thread.currentThread().interrupt();
            boolean unmapped = memory.unmap(BASE, PAGE);
            asExpected.set(unmapped && left.get() && Thread.currentThread().isInterrupted());
        });
        while (memory.isMapped(BASE, PAGE, false)) {
            Thread.onSpinWait();
        }

        left.set(true);
        leave.countDown();
        transfer.join();
        unmapper.join();

        assertThat(asExpected).isTrue();
    }

    @Test
    void rangeUnmappedInMidCopyFaultsThereAndItsMemoryMayBeReleased() throws Exception {
        long size = 64L << 20;
        AtomicReference<@Nullable DmaFault> fault = new AtomicReference<>();
        CountDownLatch running = new CountDownLatch(1);
        MemorySegment target = MemorySegment.ofArray(new byte[(int) size]);
        Thread copier;
        try (Arena arena = Arena.ofShared()) {
            memory.map(BASE, arena.allocate(size), true, true);
            copier = start(() -> {
                try {
                    while (true) {
                        memory.read(BASE, target, 0, size);
                        running.countDown();
                    }
                } catch (DmaFault e) {
                    fault.set(e);
                }
            });
            await(running);

            assertThat(memory.unmap(BASE, size)).isTrue();
        }
        copier.join();

        assertThat(Objects.requireNonNull(fault.get()).iova()).isBetween(BASE, BASE + size - 1);
    }

    @Test
    void nothingIsWrittenAfterUnmapReturned() throws Exception {
        long size = 1L << 20;
        int rounds = 300;
        AtomicBoolean stop = new AtomicBoolean();
        AtomicInteger faults = new AtomicInteger();
        CountDownLatch running = new CountDownLatch(2);
        MemorySegment ones = MemorySegment.ofArray(new byte[(int) size]).fill((byte) 0xff);
        Runnable writer = () -> {
            while (!stop.get()) {
                try {
                    memory.write(BASE, ones, 0, size);
                    memory.writeLong(BASE + size - 8, -1);
                } catch (DmaFault e) {
                    faults.incrementAndGet();
                }
                running.countDown();
            }
        };
        Thread one = start(writer);
        Thread two = start(writer);
        await(running);
        boolean[] dirty = new boolean[1];
        try (Arena arena = Arena.ofShared()) {
            MemorySegment ram = arena.allocate(size);
            MemorySegment zeroes = MemorySegment.ofArray(new byte[(int) size]);
            for (int round = 0; round < rounds; round++) {
                memory.map(BASE, ram, true, true);
                while (ram.get(ValueLayout.JAVA_BYTE, 0) == 0) {
                    Thread.onSpinWait();
                }
                memory.unmap(BASE, size);
                ram.fill((byte) 0);
                dirty[0] |= ram.mismatch(zeroes) != -1;
            }
            stop.set(true);
            one.join();
            two.join();
        }

        assertThat(dirty[0]).isFalse();
        assertThat(faults.get()).isPositive();
    }

    @Test
    void tenThousandRangesMapAndUnmapWhileAnotherRangeIsUsed() throws Exception {
        int ranges = 10_000;
        long apart = 2 * PAGE;
        memory.map(BASE - PAGE, page(), true, true);
        AtomicBoolean stop = new AtomicBoolean();
        AtomicLong reads = new AtomicLong();
        Thread reader = start(() -> {
            while (!stop.get()) {
                memory.writeInt(BASE - PAGE, 7);
                assertThat(memory.readInt(BASE - PAGE)).isEqualTo(7);
                reads.incrementAndGet();
            }
        });
        MemorySegment ram = page();
        for (int i = 0; i < ranges; i++) {
            memory.map(BASE + (i * 7919L % ranges) * apart, ram, true, true);
        }
        boolean allMapped = true;
        for (int i = 0; i < ranges; i++) {
            allMapped &= memory.isMapped(BASE + i * apart, PAGE, true)
                    && !memory.isMapped(BASE + i * apart + PAGE, 1, false);
        }
        int unmapped = 0;
        for (int i = 0; i < ranges; i++) {
            unmapped += memory.unmap(BASE + (i * 6007L % ranges) * apart, PAGE) ? 1 : 0;
        }
        stop.set(true);
        reader.join();

        assertThat(allMapped).isTrue();
        assertThat(unmapped).isEqualTo(ranges);
        assertThat(memory.isMapped(BASE, 1, false)).isFalse();
        assertThat(memory.readInt(BASE - PAGE)).isEqualTo(7);
        assertThat(reads.get()).isPositive();
    }

    @Test
    void accessesDuringMapAndReleaseEitherWorkOrFault() throws Exception {
        int pages = 8;
        AtomicBoolean stop = new AtomicBoolean();
        AtomicLong done = new AtomicLong();
        AtomicLong faulted = new AtomicLong();
        Thread[] users = new Thread[3];
        for (int i = 0; i < users.length; i++) {
            int seed = i;
            users[i] = start(() -> {
                MemorySegment buffer = MemorySegment.ofArray(new byte[(int) (pages * PAGE)]);
                for (int n = seed; !stop.get(); n++) {
                    long iova = BASE + (n * 2654435761L & (pages * PAGE - 1));
                    try {
                        switch (n & 7) {
                            case 0 -> memory.readInt(iova);
                            case 1 -> memory.writeLong(iova, n);
                            case 2 -> memory.read(iova, buffer, 0, PAGE + 17);
                            case 3 -> memory.write(iova, buffer, 0, PAGE + 17);
                            case 4 -> memory.copy(iova, BASE, 2 * PAGE);
                            case 5 -> memory.writeIntRelease(iova, n);
                            case 6 -> memory.readLongAcquire(iova);
                            default -> memory.read(BASE, buffer, 0, pages * PAGE);
                        }
                        done.incrementAndGet();
                    } catch (DmaFault e) {
                        faulted.incrementAndGet();
                    }
                }
            });
        }

        for (int round = 0; round < 300 || done.get() < 1000 || faulted.get() < 1000; round++) {
            try (Arena arena = Arena.ofShared()) {
                for (int i = 0; i < pages; i++) {
                    memory.map(BASE + i * PAGE, arena.allocate(PAGE), true, true);
                }
                long before = done.get();
                while (done.get() == before) {
                    Thread.onSpinWait();
                }
                for (int i = 0; i < pages; i++) {
                    assertThat(memory.unmap(BASE + i * PAGE, PAGE)).isTrue();
                }
            }
        }
        stop.set(true);
        for (Thread user : users) {
            user.join();
        }

        assertThat(done.get()).isPositive();
        assertThat(faulted.get()).isPositive();
    }
}
