package dev.nacre.core.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class DmaMemoryTest {
    private final FakeFunction function = new FakeFunction();
    private final DmaMemory memory = new DmaMemory(function);

    @Test
    void bufferIsZeroedWholePagesAndMappedUntilItIsClosed() {
        DmaMemory.Buffer buffer = memory.allocate(4097);

        assertThat(buffer.bytes()).isEqualTo(8192);
        assertThat(buffer.iova() % 4096).isZero();
        assertThat(buffer.segment().get(ValueLayout.JAVA_LONG, 8184)).isZero();
        assertThat(function.mapped).containsExactly(Map.entry(buffer.iova(), 8192L));

        buffer.close();
        buffer.close();
        assertThat(function.mapped).isEmpty();
        assertThat(memory.count()).isZero();
    }

    @Test
    void buffersNeverOverlapWhateverIsFreedInBetween() {
        SplittableRandom random = new SplittableRandom(1);
        List<DmaMemory.Buffer> live = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            if (live.isEmpty() || random.nextInt(5) < 3) {
                live.add(memory.allocate(random.nextLong(1, 5 * 4096)));
            } else {
                live.remove(random.nextInt(live.size())).close();
            }
            long end = 0;
            for (Map.Entry<Long, Long> range : function.mapped.entrySet()) {
                assertThat(range.getKey()).isGreaterThanOrEqualTo(end);
                end = range.getKey() + range.getValue();
            }
            assertThat(function.mapped).hasSameSizeAs(live);
        }
    }

    @Test
    void addressesOfFreedBuffersAreUsedAgain() {
        DmaMemory.Buffer first = memory.allocate(4096);
        memory.allocate(4096);
        long freed = first.iova();
        first.close();

        assertThat(memory.allocate(4096).iova()).isEqualTo(freed);
    }

    @Test
    void mappingThatIsRefusedIsNoMemoryAndLeavesNothing() {
        function.limit = 0;

        assertThatExceptionOfType(CoreException.class)
                .isThrownBy(() -> memory.allocate(4096))
                .satisfies(e -> assertThat(e.error()).isEqualTo(CoreError.NO_MEMORY));
        assertThat(memory.count()).isZero();
        assertThat(function.refused).hasSize(1);
    }

    @Test
    void closingFreesAllAndGivesNothingAnyMore() {
        memory.allocate(4096);
        memory.allocate(8192);

        memory.close();

        assertThat(function.mapped).isEmpty();
        assertThatExceptionOfType(CoreException.class)
                .isThrownBy(() -> memory.allocate(1))
                .satisfies(e -> assertThat(e.error()).isEqualTo(CoreError.GONE));
    }
}
