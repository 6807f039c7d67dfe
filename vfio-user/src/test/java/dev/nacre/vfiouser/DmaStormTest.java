package dev.nacre.vfiouser;

import static dev.nacre.vfiouser.RawClient.DMA_MAP;
import static dev.nacre.vfiouser.RawClient.DMA_UNMAP;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.linux.Fd;
import dev.nacre.linux.Mapping;
import dev.nacre.linux.Memfd;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Ten thousand ranges of one memory file, each sent with the file: it is mapped once, and nothing stays. */
@ExtendWith(LeavesNothing.class)
class DmaStormTest {
    private static final String FILE = "nacre-dma-storm";
    private static final int RANGES = 10_000;
    private static final long PAGE = 0x1000;

    /** Coprime to the number of ranges, so that a walk in these steps meets each once. */
    private static final long STEP = 6_007;

    private final Served served = Served.negotiated();
    private final Fd file = Memfd.ofFixedSize(FILE, RANGES * PAGE);

    @AfterEach
    void close() {
        served.close();
        file.close();
    }

    @Test
    void allAreReachableThroughOneMappingAndGoOneByOne() throws Exception {
        long fds = OpenFds.count();
        try (Mapping view = Mapping.map(file, 0, RANGES * PAGE, Mapping.Access.READ_WRITE)) {
            for (int i = 0; i < RANGES; i++) {
                view.segment().set(ValueLayout.JAVA_INT, i * PAGE, i);
            }
        }

        mapAll();
        served.client.assertUsable();
        long mappings = OpenFds.mappingsOf(FILE);
        long fdsWhileMapped = OpenFds.count();
        int right = 0;
        for (int i = 0; i < RANGES; i++) {
            right += served.function.memory().readInt(iova(i)) == i ? 1 : 0;
        }
        for (int i = 0; i < RANGES - 1; i++) {
            served.client.post(DMA_UNMAP, unmap(iova((int) (i * STEP % RANGES))));
        }
        served.client.assertUsable();
        long mappingsBeforeTheLast = OpenFds.mappingsOf(FILE);
        int last = served.client
                .call(DMA_UNMAP, unmap(iova((int) ((RANGES - 1) * STEP % RANGES))))
                .errno();

        assertThat(mappings).isEqualTo(1);
        assertThat(fdsWhileMapped).isEqualTo(fds);
        assertThat(right).isEqualTo(RANGES);
        assertThat(mappingsBeforeTheLast).isEqualTo(1);
        assertThat(last).isZero();
        assertThat(OpenFds.mappingsOf(FILE)).isZero();
        assertThat(OpenFds.count()).isEqualTo(fds);
    }

    @Test
    void allGoWithTheClient() throws Exception {
        mapAll();
        served.client.assertUsable();

        ConnectionCounts counts = served.leave();

        assertThat(counts.rejected()).isZero();
        assertThat(OpenFds.mappingsOf(FILE)).isZero();
        assertThat(served.function.memory().isMapped(iova(0), 1, false)).isFalse();
    }

    private void mapAll() {
        for (int i = 0; i < RANGES; i++) {
            byte[] map =
                    Bytes.of().u32(32, 3).u64(i * PAGE).u64(iova(i)).u64(PAGE).get();
            served.client.post(DMA_MAP, map, file);
        }
    }

    /** Every other page, so that no two ranges are neighbours. */
    private static long iova(int range) {
        return 2 * PAGE * range;
    }

    private static byte[] unmap(long iova) {
        return Bytes.of().u32(24, 0).u64(iova).u64(PAGE).get();
    }
}
