package dev.nacre.drm.nova;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.drm.DrmDevice;
import dev.nacre.drm.testing.RealBoard;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ten thousand random ioctls of several clients, each compared with what a model expects of it. */
class NovaModelTest {
    private static final int OPERATIONS = 10_000;

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void randomIoctls_endAsTheModelExpects(long seed) {
        try (RealBoard board = new RealBoard("java");
                DrmDevice device = new DrmDevice(new NovaDriver(board.core), "pci:0000:01:00.0");
                NovaModel model = new NovaModel(
                        device,
                        new Random(seed),
                        board.core.board().bar1Bytes(),
                        board.core.board().fbBytes())) {
            for (int i = 0; i < OPERATIONS; i++) {
                model.step();
            }
            assertThat(model.covered())
                    .as("errnos that were seen")
                    .containsAll(List.of(0, 2, 9, 12, 13, 14, 16, 22, 38, 95));
            model.closeAll();
            device.sweep();
            assertThat(device.gems().exportCount()).isZero();
            assertThat(device.files()).isEmpty();
        }
    }
}
