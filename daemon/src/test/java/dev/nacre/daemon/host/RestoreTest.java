package dev.nacre.daemon.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.nacre.daemon.state.VgpuDefinition;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Virtual GPUs come back, or say why not. */
class RestoreTest {
    @TempDir
    Path folder;

    private static VgpuDefinition kept(String name, String board, String type) {
        return new VgpuDefinition(name, UUID.randomUUID(), board, type, 0);
    }

    private static ServiceError refusal(ThrowingCallable action) {
        return catchThrowableOfType(ServiceException.class, action).error();
    }

    @Test
    void keptOnesComeBackAndThoseThatCannotStayFailedUntilTheyAreDeleted() {
        VgpuDefinition good = kept("good", "gpu0", TestBoards.SMALL);
        List<VgpuDefinition> all =
                List.of(good, kept("lost", "gpu7", TestBoards.SMALL), kept("odd", "gpu0", "L40-77Q"));
        try (TestBoards boards = new TestBoards(folder, all, 4)) {
            VgpuService service = boards.service;

            service.restore();

            assertThat(service.vgpu("good").state()).isEqualTo("running");
            assertThat(service.vgpu("good").uuid()).isEqualTo(good.uuid());
            assertThat(service.vgpu("lost").state()).isEqualTo("failed");
            assertThat(service.vgpu("lost").reason()).contains("The configuration has no board gpu7");
            assertThat(service.vgpu("odd").reason()).contains("Board gpu0 has no type L40-77Q");
            assertThat(refusal(() -> service.create(CreateVgpu.of("lost", TestBoards.SMALL))))
                    .isEqualTo(ServiceError.BUSY);
            assertThat(refusal(() -> service.reset("lost"))).isEqualTo(ServiceError.FAILED);
            service.delete("lost");
            assertThat(boards.keptNames()).containsExactly("good", "odd");
        }
    }

    @Test
    void oneThatCouldNotComeBackDoesAfterAResetWhenThereIsRoom() {
        List<VgpuDefinition> samePlace =
                List.of(kept("a", "gpu0", TestBoards.SMALL), kept("b", "gpu0", TestBoards.SMALL));
        try (TestBoards boards = new TestBoards(folder, samePlace, 4)) {
            VgpuService service = boards.service;
            service.restore();
            assertThat(service.vgpu("b").state()).isEqualTo("failed");
            service.delete("a");

            assertThat(service.reset("b").state()).isEqualTo("running");

            assertThat(service.vgpu("b").reason()).isEmpty();
        }
    }

    @Test
    void nothingCanBeChangedBeforeTheyAreBack() {
        try (TestBoards boards = new TestBoards(folder, List.of(kept("a", "gpu0", TestBoards.SMALL)), 4)) {
            VgpuService service = boards.service;

            assertThat(service.vgpu("a").state()).isEqualTo("defined");
            assertThat(refusal(() -> service.create(CreateVgpu.of("b", TestBoards.SMALL))))
                    .isEqualTo(ServiceError.BUSY);
            assertThat(refusal(() -> service.delete("a"))).isEqualTo(ServiceError.BUSY);
            service.restore();
            service.delete("a");
            assertThat(service.vgpus()).isEmpty();
        }
    }
}
