package dev.nacre.cli;

import dev.nacre.daemon.api.json.BoardJson;
import dev.nacre.daemon.api.json.BoardsJson;
import dev.nacre.daemon.api.json.SensorsJson;
import dev.nacre.daemon.api.json.VersionJson;
import dev.nacre.daemon.api.json.VgpuJson;
import dev.nacre.daemon.api.json.VgpusJson;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/** A box of boards and their virtual GPUs, 79 columns wide, as people know it from {@code nvidia-smi vgpu}. */
final class SmiText {
    private static final String RULE =
            ("+-" + "-".repeat(30) + "-+-" + "-".repeat(24) + "-+-" + "-".repeat(17) + "-+\n");
    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("EEE MMM d HH:mm:ss yyyy", Locale.ROOT);

    private SmiText() {}

    /** The box. */
    static String of(LocalDateTime now, VersionJson version, BoardsJson boards, VgpusJson vgpus) {
        StringBuilder text = new StringBuilder(CLOCK.format(now) + "\n");
        text.append("+").append("-".repeat(79)).append("+\n");
        text.append("| %-77.77s |%n"
                .formatted("NACRE " + version.version() + "      Boards: "
                        + boards.boards().size() + "      Virtual GPUs: "
                        + vgpus.vgpus().size()));
        text.append(RULE);
        text.append(row("Board  Product", "Function      State", "   Memory    Util"));
        text.append(row("  Temperature  State", "Power / Limit", "   Graphics clock"));
        text.append(row("  vGPU  Type", "Function      State   VM", "   In use    Util"));
        text.append(RULE.replace('-', '='));
        for (BoardJson board : boards.boards()) {
            text.append(board(board));
            if (board.sensors() != null) {
                text.append(sensors(board.sensors()));
            }
            List<VgpuJson> its = vgpus.vgpus().stream()
                    .filter(vgpu -> vgpu.board().equals(board.name()))
                    .toList();
            its.forEach(vgpu -> text.append(vgpu(vgpu)));
            text.append(RULE);
        }
        return text.toString();
    }

    private static String board(BoardJson board) {
        return row(
                board.name() + "  " + board.product() + (board.driver() == null ? "" : "  " + board.driver()),
                state(board.function(), board.state(), ""),
                figures(
                        board.fbGivenBytes(),
                        board.utilisation().graphicsPercent(),
                        board.utilisation().copyPercent()));
    }

    private static String sensors(SensorsJson now) {
        return row(
                "  %.0fC  P%d".formatted(now.temperatureCelsius(), now.performanceState()),
                "%.0fW / %.0fW".formatted(now.powerWatts(), now.powerLimitWatts()),
                "%17s".formatted(now.graphicsClockMhz() + "MHz"));
    }

    private static String vgpu(VgpuJson vgpu) {
        VgpuJson.Usage usage = vgpu.usage();
        return row(
                "  " + vgpu.name() + "  " + vgpu.type(),
                state(vgpu.function() == null ? "-" : vgpu.function(), vgpu.state(), vgpu.connected() ? "yes" : "no"),
                usage == null
                        ? "%9s  %6s".formatted("-", "-")
                        : figures(usage.fbUsedBytes(), usage.graphicsPercent(), usage.copyPercent()));
    }

    private static String state(String function, String state, String connected) {
        return "%-12s  %-8s%s".formatted(function, state, connected).stripTrailing();
    }

    /** Memory, and how busy the busier of the two engines is. */
    private static String figures(long bytes, double graphics, double copy) {
        return "%9s  %6s"
                .formatted(Units.mebibytes(bytes).replace(" MiB", "MiB"), Units.wholePercent(Math.max(graphics, copy)));
    }

    private static String row(String left, String middle, String right) {
        return "| %-30.30s | %-24.24s | %-17.17s |%n".formatted(left, middle, right);
    }
}
