package dev.nacre.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.daemon.api.json.BoardJson;
import dev.nacre.daemon.api.json.BoardsJson;
import dev.nacre.daemon.api.json.HeadJson;
import dev.nacre.daemon.api.json.SchedulingJson;
import dev.nacre.daemon.api.json.SensorsJson;
import dev.nacre.daemon.api.json.UtilisationJson;
import dev.nacre.daemon.api.json.VersionJson;
import dev.nacre.daemon.api.json.VgpuJson;
import dev.nacre.daemon.api.json.VgpusJson;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The box of {@code nacre smi}, with what is longest. */
class SmiTextTest {
    private static final LocalDateTime NOON = LocalDateTime.of(2026, 11, 23, 12, 0);

    /** One that runs. */
    static BoardJson board(String name, @Nullable String driver) {
        return board(name, driver, "running", null);
    }

    /** One with all that there is to tell, for virtual GPUs if it has no driver. */
    static BoardJson board(String name, @Nullable String driver, String state, @Nullable String reason) {
        return new BoardJson(
                name,
                "gb202",
                "NVIDIA RTX PRO 6000 Blackwell Workstation Edition",
                "GPU-0",
                state,
                reason,
                "java",
                "570.144",
                driver == null ? "vfio" : "drm",
                driver,
                driver == null ? null : 2,
                List.<HeadJson>of(),
                "0000:01:00.0",
                96L << 30,
                95L << 30,
                driver == null ? 94L << 30 : 0,
                0,
                1L << 30,
                128 << 20,
                2048,
                0,
                32,
                0,
                new SchedulingJson("best-effort", null),
                "homogeneous",
                new UtilisationJson(100, 12.5, 0, 0),
                new SensorsJson(76, 600, 600, 2617, 14001, 2100, 0),
                Map.of("channel failed", 0L),
                "/run/nacre");
    }

    private static VgpuJson vgpu(String name, String state) {
        return new VgpuJson(
                name,
                "0",
                "b200",
                "RTX PRO 6000-96Q",
                state,
                null,
                "0000:01:04.7",
                "/s",
                0,
                96L << 30,
                32,
                true,
                new VgpuJson.Usage(95L << 30, 100, 0, 0, 0),
                null,
                List.of());
    }

    private static List<String> box(List<BoardJson> boards, List<VgpuJson> vgpus) {
        return SmiText.of(NOON, new VersionJson("0.1.0", 1), new BoardsJson(boards), new VgpusJson(vgpus))
                .lines()
                .toList();
    }

    @Test
    void whatIsLongestIsWholeButForNames() {
        List<String> box = box(
                List.of(board("b200", null)),
                List.of(vgpu("a-desk-of-the-house-1", "starting"), vgpu("a-desk-of-the-house-2", "running")));

        assertThat(box.stream().skip(1)).allMatch(line -> line.length() == 79, "79 wide");
        assertThat(box)
                .anyMatch(line -> line.contains("| b200  NVIDIA RTX..on Edition"))
                .anyMatch(line -> line.endsWith("|  96256MiB  100% |"))
                .anyMatch(line -> line.contains("| 0000:01:04.7  starting yes |  97280MiB  100% |"))
                .anyMatch(line -> line.contains("| 0000:01:04.7  running  yes |"))
                .anyMatch(line -> line.contains("|   a-d..e-1  RTX PRO 6000-96Q"))
                .anyMatch(line -> line.contains("|   a-d..e-2  RTX PRO 6000-96Q"));
    }

    @Test
    void boardThatIsLostHasGivenNothing() {
        assertThat(box(List.of(board("b200", null, "lost", "why")), List.of()))
                .anyMatch(line -> line.endsWith("| 0000:01:00.0  lost         |         -  100% |"));
    }

    @Test
    void boardForProgramsHasItsDriverAndNoMemoryGiven() {
        List<String> box = box(List.of(board("programs-of-this-host", "nouveau")), List.of());

        assertThat(box.stream().skip(1)).allMatch(line -> line.length() == 79, "79 wide");
        assertThat(box)
                .anyMatch(line -> line.startsWith("| progra..s-host  N..  nouveau |") && line.endsWith("-  100% |"));
    }
}
