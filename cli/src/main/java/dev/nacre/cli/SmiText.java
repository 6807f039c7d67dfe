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
    private static final int LEFT = 28;
    private static final int MIDDLE = 26;
    private static final int RIGHT = 15;
    private static final String RULE =
            "+-" + "-".repeat(LEFT) + "-+-" + "-".repeat(MIDDLE) + "-+-" + "-".repeat(RIGHT) + "-+\n";
    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("EEE MMM d HH:mm:ss yyyy", Locale.ROOT);

    private SmiText() {}

    /** The box. */
    static String of(LocalDateTime now, VersionJson version, BoardsJson boards, VgpusJson vgpus) {
        StringBuilder text = new StringBuilder(CLOCK.format(now) + "\n");
        text.append("+").append("-".repeat(RULE.length() - 3)).append("+\n");
        text.append("| %-75.75s |%n"
                .formatted("NACRE " + version.version() + "      Boards: "
                        + boards.boards().size() + "      Virtual GPUs: "
                        + vgpus.vgpus().size()));
        text.append(RULE);
        text.append(row("Board  Product", state("Function", "State", ""), figures("Memory", "Util")));
        text.append(row("  Temperature  State", "Power / Limit", "%15s".formatted("Graphics clock")));
        text.append(row("  vGPU  Type", state("Function", "State", "VM"), figures("In use", "Util")));
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
                whatItIs(board),
                state(board.function(), board.state(), ""),
                figures(
                        BoardText.hasRoom(board) ? mebibytes(board.fbGivenBytes()) : "-",
                        busier(
                                board.utilisation().graphicsPercent(),
                                board.utilisation().copyPercent())));
    }

    private static String whatItIs(BoardJson board) {
        String name = cut(board.name(), LEFT / 2) + "  ";
        String driver = board.driver() == null ? "" : "  " + board.driver();
        return name + cut(board.product(), LEFT - name.length() - driver.length()) + driver;
    }

    private static String sensors(SensorsJson now) {
        return row(
                "  %.0fC  P%d".formatted(now.temperatureCelsius(), now.performanceState()),
                "%.0fW / %.0fW".formatted(now.powerWatts(), now.powerLimitWatts()),
                "%15s".formatted(now.graphicsClockMhz() + "MHz"));
    }

    private static String vgpu(VgpuJson vgpu) {
        VgpuJson.Usage usage = vgpu.usage();
        return row(
                "  " + cut(vgpu.name(), LEFT - 4 - vgpu.type().length()) + "  " + vgpu.type(),
                state(vgpu.function() == null ? "-" : vgpu.function(), vgpu.state(), vgpu.connected() ? "yes" : "no"),
                usage == null
                        ? figures("-", "-")
                        : figures(
                                mebibytes(usage.fbUsedBytes()), busier(usage.graphicsPercent(), usage.copyPercent())));
    }

    private static String state(String function, String state, String connected) {
        return "%-12s  %-8s %s".formatted(function, state, connected).stripTrailing();
    }

    private static String figures(String memory, String share) {
        return "%9s %5s".formatted(memory, share);
    }

    private static String mebibytes(long bytes) {
        return Units.mebibytes(bytes).replace(" MiB", "MiB");
    }

    /** How busy the busier of the two engines is. */
    private static String busier(double graphics, double copy) {
        return Units.wholePercent(Math.max(graphics, copy));
    }

    /** A name, or its beginning and its end if there is not enough room: names often differ in their last letters only. */
    private static String cut(String name, int room) {
        if (name.length() <= room) {
            return name;
        }
        int kept = Math.max(0, room - 2);
        return name.substring(0, kept - kept / 2) + ".." + name.substring(name.length() - kept / 2);
    }

    private static String row(String left, String middle, String right) {
        return "| %-28.28s | %-26.26s | %-15.15s |%n".formatted(left, middle, right);
    }
}
