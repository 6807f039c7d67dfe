package dev.nacre.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class CClientTest {
    @Test
    void numbersAreFoundByMetricAndField() throws IOException {
        assertThat(CClient.parse("""
                        {"metric":"region_read_4","n":1000,"p50_ns":9300,"max_ns":100}
                        {"metric":"dma_read_1M","MiB_per_s":28541.5}
                        """))
                .containsEntry("region_read_4.p50_ns", 9300.0)
                .containsEntry("dma_read_1M.MiB_per_s", 28541.5)
                .hasSize(4);
    }

    @Test
    void failedMeasurementIsAFailureWithItsReason() {
        assertThatThrownBy(
                        () -> CClient.parse("{\"metric\":\"irq\",\"failed\":\"no interrupt: Connection timed out\"}"))
                .isInstanceOf(IOException.class)
                .hasMessage("irq failed: no interrupt: Connection timed out");
    }

    @Test
    void anythingElseThatIsPrintedIsAFailure() {
        assertThatThrownBy(() -> CClient.parse("vfio_user_bench: recv: Connection reset by peer"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("Connection reset by peer");
    }
}
