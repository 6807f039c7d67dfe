package dev.nacre.daemon.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.nacre.core.Core;
import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;
import dev.nacre.core.spi.CoreConfig;
import dev.nacre.core.spi.CoreProvider;
import dev.nacre.pci.bus.FunctionAccess;
import dev.nacre.pci.bus.PciIds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BoardStartTest {
    private static final CoreProvider JAVA = CoreProvider.named("java");

    // TIMEOUT: two boards start within a second; a busy machine several times that.
    private static final int PATIENCE_SECONDS = 60;

    private final EventLog events = new EventLog();

    @TempDir
    Path folder;

    /** A core that is not there. */
    private record Missing() implements CoreProvider {
        @Override
        public String name() {
            return "missing";
        }

        @Override
        public List<String> chips() {
            return List.of();
        }

        @Override
        public boolean supports(PciIds ids) {
            throw new CoreException(CoreError.NOT_SUPPORTED, "No library");
        }

        @Override
        public Core open(FunctionAccess function, CoreConfig config) {
            throw new AssertionError("Not supported");
        }
    }

    private BoardHost.Plan plan(String name, CoreProvider provider) {
        return BeforeBoot.plan(TestBoards.plan(name, folder, 2), provider);
    }

    private BoardHost.Plan broken(String name, String reason) {
        return plan(name, new BeforeBoot(() -> {
            throw new CoreException(CoreError.NO_FIRMWARE, reason);
        }));
    }

    private ServiceException refusal(BoardHost.Plan... plans) {
        return catchThrowableOfType(ServiceException.class, () -> BoardStart.all(List.of(plans), events));
    }

    private static long boardMemories() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
            return files.filter(BoardStartTest::isBoardMemory).count();
        }
    }

    private static boolean isBoardMemory(Path fd) {
        try {
            return Files.readSymbolicLink(fd).toString().contains("nacre-vram");
        } catch (IOException closed) {
            return false;
        }
    }

    @Test
    void eachBootsWhileTheOthersDoAndTheirOrderStays() {
        CyclicBarrier allBoot = new CyclicBarrier(3);
        BeforeBoot together = new BeforeBoot(() -> {
            try {
                allBoot.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
            } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
                throw new IllegalStateException("Boots alone", e);
            }
        });

        List<BoardHost> hosts =
                BoardStart.all(List.of(plan("gpu2", together), plan("gpu0", together), plan("gpu1", together)), events);

        try {
            assertThat(hosts).extracting(BoardHost::name).containsExactly("gpu2", "gpu0", "gpu1");
        } finally {
            hosts.forEach(BoardHost::close);
        }
    }

    @Test
    void oneThatFailsIsToldByNameAndNoneIsLeft() throws IOException {
        long before = boardMemories();

        ServiceException refusal = refusal(plan("gpu0", JAVA), broken("gpu1", "Too old"), plan("gpu2", JAVA));

        assertThat(refusal).hasMessageContainingAll("Board gpu1 cannot be shared", "Too old");
        assertThat(refusal).hasMessageNotContainingAny("gpu0", "gpu2");
        assertThat(boardMemories()).isEqualTo(before);
    }

    @Test
    void everyOneThatFailsIsTold() {
        assertThat(refusal(broken("gpu0", "Too old"), plan("gpu1", JAVA), plan("gpu2", new Missing())))
                .hasMessageContainingAll(
                        "Board gpu0 cannot be shared", "Too old", "; Board gpu2 cannot start: No library");
    }

    @Test
    void noBoardsAreNoFailure() {
        assertThat(BoardStart.all(List.of(), events)).isEmpty();
    }
}
