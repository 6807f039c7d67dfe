package dev.nacre.testsupport.driver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.board.Board;
import dev.nacre.board.BoardConfig;
import dev.nacre.hw.chip.Chip;
import dev.nacre.vfiouser.VfioUserServer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DirectDriverTest {
    private final List<Step> steps = new ArrayList<>();

    @ParameterizedTest
    @CsvSource({"AD102, 1, 1", "AD102, 2, 0", "GA102, 3, 1", "GA102, 4, 4"})
    void everyStepPassesTwiceInProcess(Chip chip, long seed, int heads) {
        try (Board board = new Board(new BoardConfig(chip, BoardConfig.MIN_FB_BYTES, heads));
                InProcessTransport transport = new InProcessTransport(board)) {
            load(transport, chip, seed);
            load(transport, chip, seed + 100);

            assertThat(steps).containsSubsequence(Step.values()).hasSize(2 * Step.values().length);
            assertThat(board.faults()).containsEntry("defects", 0L);
        }
    }

    @Test
    void everyStepPassesTwiceOverASocket(@TempDir Path folder) {
        Path socket = folder.resolve("gpu");
        try (Board board = new Board(new BoardConfig(Chip.AD102, 1L << 30, 1));
                VfioUserServer server = VfioUserServer.builder(board)
                        .name("gpu")
                        .socketPath(socket)
                        .build()) {
            server.start();
            try (VfioUserTransport transport = new VfioUserTransport(socket)) {
                load(transport, Chip.AD102, 5);
                load(transport, Chip.AD102, 6);
            }

            assertThat(steps).hasSize(2 * Step.values().length);
            assertThat(board.faults()).containsEntry("defects", 0L);
        }
    }

    private void load(GpuTransport transport, Chip chip, long seed) {
        DirectDriver.Options options = DirectDriver.Options.of(chip, seed);
        try (DirectDriver driver = new DirectDriver(transport, options, (step, ok, detail) -> steps.add(step))) {
            driver.run();
        }
    }
}
