package dev.nacre.daemon.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlacementOverBoardsTest {
    @TempDir
    Path folder;

    @Test
    void boardWithMostMemoryLeftIsTakenUnlessOneIsNamed() {
        try (TestBoards boards = new TestBoards(folder, 4, 5)) {
            VgpuView first = boards.service.create(CreateVgpu.of("a", TestBoards.SMALL));
            VgpuView named = boards.service.create(
                    new CreateVgpu("b", TestBoards.SMALL, Optional.of("gpu1"), Optional.empty(), OptionalInt.empty()));
            VgpuView third = boards.service.create(CreateVgpu.of("c", TestBoards.SMALL));

            assertThat(first.board()).isEqualTo("gpu1");
            assertThat(named.board()).isEqualTo("gpu1");
            assertThat(third.board()).isEqualTo("gpu0");
        }
    }

    @Test
    void boardThatHasAnotherTypeIsPassedOver() {
        try (TestBoards boards = new TestBoards(folder, 4, 5)) {
            boards.service.create(CreateVgpu.of("a", TestBoards.SMALL));

            VgpuView other = boards.service.create(CreateVgpu.of("b", "L40-2Q"));

            assertThat(other.board()).isEqualTo("gpu0");
        }
    }
}
