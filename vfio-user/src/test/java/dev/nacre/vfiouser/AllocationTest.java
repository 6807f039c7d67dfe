package dev.nacre.vfiouser;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A register access must not leave garbage: the guest makes millions of them. */
@ExtendWith(LeavesNothing.class)
class AllocationTest {
    private static final int ACCESSES = 20_000;
    private static final int MAX_ROUNDS = 50;

    private final Served served = Served.negotiated();

    @AfterEach
    void close() {
        served.close();
    }

    @Test
    void warmAccessesAllocateNothing() {
        AtomicLong thread = new AtomicLong();
        served.function.onRead = () -> thread.set(Thread.currentThread().threadId());
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        access(ACCESSES);

        // Cold code does allocate; how soon it is compiled depends on how busy the machine is. The smallest object
        // takes 16 bytes, so a round below this bound had none per access.
        long leastBytes = Long.MAX_VALUE;
        for (int round = 0; round < MAX_ROUNDS && leastBytes >= ACCESSES; round++) {
            long before = threads.getThreadAllocatedBytes(thread.get());
            access(ACCESSES);
            leastBytes = Math.min(leastBytes, threads.getThreadAllocatedBytes(thread.get()) - before);
        }

        assertThat(leastBytes).isLessThan(ACCESSES);
    }

    private void access(int count) {
        byte[] read = Bytes.of().u64(4).u32(FakeFunction.BAR0, 4).get();
        byte[] write = Bytes.of().u64(4).u32(FakeFunction.BAR0, 4).u32(1).get();
        for (int i = 0; i < count; i++) {
            served.client.post(RawClient.REGION_WRITE, write);
            assertThat(served.client.call(RawClient.REGION_READ, read).errno()).isZero();
        }
    }
}
