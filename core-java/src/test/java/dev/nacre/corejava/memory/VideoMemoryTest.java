package dev.nacre.corejava.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nacre.core.BoardInfo.FbRegion;
import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;
import dev.nacre.core.FbRequest;
import java.util.List;
import java.util.OptionalLong;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class VideoMemoryTest {
    private static final long MIB = 1 << 20;

    private static void assertError(CoreError error, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        CoreException.class, e -> assertThat(e.error()).isEqualTo(error));
    }

    @Test
    void coreKeepsTheEndOfTheLargestRegion() {
        VideoMemory memory = new VideoMemory(List.of(new FbRegion(0, 8 * MIB), new FbRegion(16 * MIB, 128 * MIB)));

        assertThat(memory.totalBytes()).isEqualTo(120 * MIB);
        assertThat(memory.availableOwnBytes()).isEqualTo(16 * MIB);
        assertThat(memory.allocatePage()).isBetween(128 * MIB, 144 * MIB - 1);
    }

    @Test
    void requestsDoNotReachAcrossRegions() {
        VideoMemory memory = new VideoMemory(List.of(new FbRegion(0, 40 * MIB), new FbRegion(64 * MIB, 40 * MIB)));

        assertError(CoreError.NO_SPACE, () -> memory.allocate(FbRequest.of(41 * MIB)));
        assertThat(memory.allocate(FbRequest.aligned(MIB, 32 * MIB)) % (32 * MIB))
                .isZero();
        assertError(CoreError.NO_SPACE, () -> memory.allocate(new FbRequest(4096, 4096, OptionalLong.of(50 * MIB))));
    }

    @Test
    void regionsThatAreNotPages_areCutToPages() {
        VideoMemory memory = new VideoMemory(List.of(new FbRegion(100, 64 * MIB)));

        assertThat(memory.allocate(FbRequest.of(1))).isEqualTo(4096);
        assertThat(memory.totalBytes() % 4096).isZero();
    }

    @Test
    void gpuThatLies_isRefused() {
        assertError(CoreError.IO, () -> new VideoMemory(List.of()));
        assertError(CoreError.IO, () -> new VideoMemory(List.of(new FbRegion(0, 4 * MIB))));
        assertError(
                CoreError.IO,
                () -> new VideoMemory(List.of(new FbRegion(0, 64 * MIB), new FbRegion(32 * MIB, 64 * MIB))));
    }

    @Test
    void pagesOfTheCore_runOutAndRecover() {
        VideoMemory memory = new VideoMemory(List.of(new FbRegion(0, 64 * MIB)));
        long last = 0;
        while (memory.availableOwnBytes() > 0) {
            last = memory.allocatePage();
        }

        assertError(CoreError.NO_SPACE, memory::allocatePage);
        memory.freePage(last);
        assertThat(memory.allocatePage()).isEqualTo(last);
    }
}
