package dev.nacre.vfiouser;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.nacre.pci.Migratable;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What comes by the million must not leave garbage: register accesses, and pieces of migration data. */
@ExtendWith(LeavesNothing.class)
class AllocationTest {
    private static final int ACCESSES = 20_000;
    private static final int MAX_ROUNDS = 50;
    private static final int PIECE_BYTES = 64;

    private final AtomicLong thread = new AtomicLong();
    private final Served served = Served.negotiated(new Endless());

    @AfterEach
    void close() {
        served.close();
    }

    @Test
    void warmAccessesAllocateNothing() {
        served.function.onRead = () -> thread.set(Thread.currentThread().threadId());

        assertThat(leastBytes(() -> access(ACCESSES))).isLessThan(ACCESSES);
    }

    @Test
    void warmPiecesOfMigrationDataAllocateNothing() {
        moveTo(MigrationState.STOP_COPY);
        long read = leastBytes(() -> transfer(RawClient.MIG_DATA_READ, 0));
        moveTo(MigrationState.RESUMING);
        long written = leastBytes(() -> transfer(RawClient.MIG_DATA_WRITE, PIECE_BYTES));

        assertThat(read).isLessThan(ACCESSES);
        assertThat(written).isLessThan(ACCESSES);
    }

    /** The fewest bytes that the server's thread allocates in a round of {@link #ACCESSES}. */
    private long leastBytes(Runnable round) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        round.run();

        // Cold code does allocate; how soon it is compiled depends on how busy the machine is. The smallest object
        // takes 16 bytes, so a round below this bound had none per access.
        long leastBytes = Long.MAX_VALUE;
        for (int i = 0; i < MAX_ROUNDS && leastBytes >= ACCESSES; i++) {
            long before = threads.getThreadAllocatedBytes(thread.get());
            round.run();
            leastBytes = Math.min(leastBytes, threads.getThreadAllocatedBytes(thread.get()) - before);
        }
        return leastBytes;
    }

    private void moveTo(MigrationState state) {
        byte[] body = Bytes.of().u32(16, 1 << 17 | 2, state.number(), 0).get();
        assertThat(served.client.call(RawClient.DEVICE_FEATURE, body).errno()).isZero();
    }

    private void transfer(int command, int dataBytes) {
        byte[] body = Bytes.of()
                .u32(8 + PIECE_BYTES, PIECE_BYTES)
                .raw(new byte[dataBytes])
                .get();
        for (int i = 0; i < ACCESSES; i++) {
            assertThat(served.client.call(command, body).errno()).isZero();
        }
    }

    private void access(int count) {
        byte[] read = Bytes.of().u64(4).u32(FakeFunction.BAR0, 4).get();
        byte[] write = Bytes.of().u64(4).u32(FakeFunction.BAR0, 4).u32(1).get();
        for (int i = 0; i < count; i++) {
            served.client.post(RawClient.REGION_WRITE, write);
            assertThat(served.client.call(RawClient.REGION_READ, read).errno()).isZero();
        }
    }

    /** A device whose state has no end, and to which none has. */
    private final class Endless implements Migratable, Migratable.Saving, Migratable.Loading {
        @Override
        public void stop() {
            thread.set(Thread.currentThread().threadId());
        }

        @Override
        public void start() {}

        @Override
        public Saving save() {
            return this;
        }

        @Override
        public Loading load() {
            return this;
        }

        @Override
        public int read(MemorySegment dst, long dstOffset, int count) {
            dst.set(ValueLayout.JAVA_BYTE, dstOffset, (byte) count);
            return count;
        }

        @Override
        public void write(MemorySegment src, long srcOffset, int count) {}

        @Override
        public void finish() {}

        @Override
        public void close() {}
    }
}
