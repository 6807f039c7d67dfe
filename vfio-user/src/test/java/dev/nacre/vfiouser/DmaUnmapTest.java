package dev.nacre.vfiouser;

import static dev.nacre.vfiouser.RawClient.DMA_MAP;
import static dev.nacre.vfiouser.RawClient.DMA_UNMAP;
import static dev.nacre.vfiouser.RawClient.EEXIST;
import static dev.nacre.vfiouser.RawClient.EINVAL;
import static dev.nacre.vfiouser.RawClient.ENOENT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nacre.linux.Fd;
import dev.nacre.linux.Memfd;
import dev.nacre.pci.DmaFault;
import dev.nacre.pci.GuestMemory;
import dev.nacre.pci.MemoryObserver;
import dev.nacre.vfiouser.RawClient.Reply;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(LeavesNothing.class)
class DmaUnmapTest {
    private static final long SIZE = 1 << 20;

    private final Served served = Served.negotiated();
    private final GuestMemory memory = served.function.memory();
    private final Fd file = Memfd.ofFixedSize("unmapped", SIZE);

    @AfterEach
    void close() {
        served.close();
        file.close();
    }

    @Test
    void replyRepeatsTheRequestAndTheRangeIsGone() {
        map(0x10_0000, SIZE);
        byte[] request = request(24, 0, 0x10_0000, SIZE);

        Reply reply = served.client.call(DMA_UNMAP, request);

        assertThat(reply.errno()).isZero();
        assertThat(reply.body()).isEqualTo(request);
        assertThatThrownBy(() -> memory.readInt(0x10_0000)).isInstanceOf(DmaFault.class);
    }

    @ParameterizedTest
    @CsvSource({"0x200000, 0x100000", "0x100000, 0x1000", "0x101000, 0x1000", "0x100000, 0x200000", "0x100000, 0"})
    void rangeThatWasNotMappedSoIsNotFoundAndTheOthersStay(String iova, String size) {
        map(0x10_0000, SIZE);

        Reply reply = served.client.call(DMA_UNMAP, request(24, 0, Long.decode(iova), Long.decode(size)));

        assertThat(reply.errno()).isEqualTo(ENOENT);
        assertThat(memory.readInt(0x10_0000)).isZero();
        served.client.assertUsable();
    }

    @Test
    void allFlagUnmapsEverything() {
        map(0x10_0000, SIZE);
        map(0x100_0000, SIZE);

        Reply reply = served.client.call(DMA_UNMAP, request(24, 2, 0, 0));

        assertThat(reply.errno()).isZero();
        assertThat(reply.body()).hasSize(24);
        assertThatThrownBy(() -> memory.readInt(0x10_0000)).isInstanceOf(DmaFault.class);
        assertThat(served.client
                        .call(DMA_UNMAP, request(24, 0, 0x100_0000, SIZE))
                        .errno())
                .isEqualTo(ENOENT);
    }

    @ParameterizedTest
    @CsvSource({
        "24, 1, 0x100000, 0x100000",
        "24, 4, 0x100000, 0x100000",
        "24, 2, 0x100000, 0x100000",
        "24, 2, 0, 0x1000",
        "24, 3, 0, 0",
        "8, 0, 0x100000, 0x100000",
        "23, 0, 0x100000, 0x100000",
        "0x200000, 0, 0x100000, 0x100000"
    })
    void badFlagsOrArgszAreRefused(String argsz, int flags, String iova, String size) {
        map(0x10_0000, SIZE);

        Reply reply =
                served.client.call(DMA_UNMAP, request(Long.decode(argsz), flags, Long.decode(iova), Long.decode(size)));

        assertThat(reply.errno()).isEqualTo(EINVAL);
        assertThat(memory.readInt(0x10_0000)).isZero();
        served.client.assertUsable();
    }

    @Test
    void allFlagUnmapsTheMostRangesThereCanBe() throws Exception {
        for (int i = 0; i < 65535; i++) {
            byte[] range =
                    Bytes.of().u32(32, 3).u64(0).u64(i * 0x1000L).u64(0x1000).get();
            served.client.post(DMA_MAP, range);
        }
        map(65534L << 12, 0x1000, 0, EEXIST);

        Reply reply = served.client.call(DMA_UNMAP, request(24, 2, 0, 0));

        assertThat(reply.errno()).isZero();
        map(65534L << 12, 0x1000, 0, 0);
        assertThat(memory.readInt(65534L << 12)).isZero();
    }

    @Test
    void transferThatIsStuckInTheRangeHoldsTheReplyUpOnlyForABoundedTime() throws Exception {
        map(0x10_0000, SIZE);
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        memory.observe(new MemoryObserver() {
            @Override
            public void read(long iova, MemorySegment bytes) {
                inside.countDown();
                awaitUninterruptibly(release);
            }

            @Override
            public void wrote(long iova, MemorySegment bytes) {}
        });
        Thread stuck = Thread.ofPlatform().start(() -> memory.readInt(0x10_0000));
        inside.await();

        Reply reply = served.client.call(DMA_UNMAP, request(24, 0, 0x10_0000, SIZE));
        boolean stillStuck = stuck.isAlive();
        release.countDown();
        stuck.join();

        assertThat(reply.errno()).isZero();
        assertThat(stillStuck).isTrue();
        assertThat(memory.isMapped(0x10_0000, 4, false)).isFalse();
    }

    @Test
    void postedUnmapIsDoneAndNotAnswered() {
        map(0x10_0000, SIZE);

        served.client.post(DMA_UNMAP, request(24, 0, 0x10_0000, SIZE));
        served.client.post(DMA_UNMAP, request(24, 0, 0x10_0000, SIZE));
        served.client.assertUsable();

        assertThat(memory.isMapped(0x10_0000, 4, false)).isFalse();
    }

    @Test
    void wrongLengthIsRefused() {
        byte[] sound = request(24, 0, 0x10_0000, SIZE);

        assertThat(served.client.call(DMA_UNMAP, Arrays.copyOf(sound, 23)).errno())
                .isEqualTo(EINVAL);
        assertThat(served.client.call(DMA_UNMAP, Arrays.copyOf(sound, 40)).errno())
                .isEqualTo(EINVAL);
        served.client.assertUsable();
    }

    @Test
    void rangeThatGoesAwayUnderACopyFaultsAndHarmsNothing() throws Exception {
        map(0x10_0000, SIZE);
        AtomicLong copies = new AtomicLong();
        AtomicReference<Throwable> end = new AtomicReference<>();
        CountDownLatch copying = new CountDownLatch(1);
        Thread copier = Thread.ofPlatform().start(() -> {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment buffer = arena.allocate(SIZE);
                while (true) {
                    memory.read(0x10_0000, buffer, 0, SIZE);
                    copies.incrementAndGet();
                    copying.countDown();
                }
            } catch (RuntimeException e) {
                end.set(e);
            }
        });
        copying.await();

        Reply reply = served.client.call(DMA_UNMAP, request(24, 0, 0x10_0000, SIZE));
        copier.join();

        assertThat(reply.errno()).isZero();
        assertThat(copies).hasPositiveValue();
        assertThat(end.get()).isInstanceOf(DmaFault.class);
        served.client.assertUsable();
    }

    private void map(long iova, long size) {
        byte[] body = Bytes.of().u32(32, 3).u64(0).u64(iova).u64(size).get();
        assertThat(served.client.call(DMA_MAP, body, file).errno()).isZero();
    }

    private void map(long iova, long size, long offset, int errno) {
        byte[] body = Bytes.of().u32(32, 3).u64(offset).u64(iova).u64(size).get();
        assertThat(served.client.call(DMA_MAP, body, file).errno()).isEqualTo(errno);
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] request(long argsz, int flags, long iova, long size) {
        return Bytes.of().u32(argsz, flags).u64(iova).u64(size).get();
    }
}
