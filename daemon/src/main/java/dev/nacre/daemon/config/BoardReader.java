package dev.nacre.daemon.config;

import dev.nacre.board.BoardConfig;
import dev.nacre.core.spi.CoreProvider;
import dev.nacre.core.spi.VgpuScheduling;
import dev.nacre.core.spi.VgpuScheduling.Policy;
import dev.nacre.daemon.config.NacreConfig.BoardSettings;
import dev.nacre.daemon.config.NacreConfig.SocketSettings;
import dev.nacre.daemon.host.DrmDriverName;
import dev.nacre.hw.chip.Chip;
import dev.nacre.vfio.placement.PlacementMode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads a table {@code [[board]]}. */
final class BoardReader {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,31}");
    private static final int DEFAULT_FUNCTIONS = 16;
    private static final int OWNER_ONLY = 0600;

    // A board with virtual functions needs as much.
    private static final long MIN_FB_BYTES = 2L << 30;

    private final ConfigTable table;
    private final ConfigReader paths;
    private final Path runtime;

    BoardReader(ConfigTable table, ConfigReader paths, Path runtime) {
        this.table = table;
        this.paths = paths;
        this.runtime = runtime;
    }

    /** What it says; empty or of no use if anything of it is wrong. */
    Optional<BoardSettings> read() {
        table.allow(
                "name",
                "chip",
                "fb",
                "core",
                "client",
                "drm",
                "firmware",
                "virtual-functions",
                "scheduling",
                "time-slice",
                "placement",
                "sockets",
                "console");
        Optional<String> name = name();
        Optional<Chip> chip = chip();
        boolean programs = forPrograms();
        Optional<DrmDriverName> driver = driver(programs);
        Optional<String> core = core();
        Optional<Path> firmware = paths.folder(table, "firmware");
        Optional<VgpuScheduling> scheduling = scheduling();
        Optional<PlacementMode> placement = choice("placement", PlacementMode.values());
        Optional<SocketSettings> sockets =
                paths.sockets(table.table("sockets"), runtime, programs ? "drm" : "vgpus", OWNER_ONLY);
        Optional<SocketSettings> consoles =
                table.optionalTable("console").flatMap(it -> paths.sockets(it, runtime, "consoles", OWNER_ONLY));
        if (name.isEmpty() || chip.isEmpty() || sockets.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new BoardSettings(
                name.get(),
                chip.get(),
                fb(chip.get()),
                core.orElse("java"),
                firmware,
                programs ? 0 : functions(chip.get()),
                scheduling.orElse(VgpuScheduling.DEFAULT),
                placement.orElse(PlacementMode.HOMOGENEOUS),
                sockets.get(),
                consoles,
                programs ? Optional.of(driver.orElse(DrmDriverName.NOUVEAU)) : Optional.empty()));
    }

    private Optional<String> name() {
        requireThere("name", "letters, digits, '.', '_' and '-'");
        return table.meaning(
                "name",
                text -> Optional.of(text).filter(it -> NAME.matcher(it).matches()),
                "up to 32 letters, digits, '.', '_' and '-', the first a letter or a digit");
    }

    private Optional<Chip> chip() {
        List<Chip> chips = Arrays.stream(Chip.values())
                .filter(chip -> BoardConfig.maxVfs(chip) > 0)
                .toList();
        String allowed = String.join(", ", chips.stream().map(Chip::id).toList());
        requireThere("chip", allowed);
        return table.meaning(
                "chip",
                text -> chips.stream().filter(chip -> chip.id().equals(text)).findFirst(),
                allowed);
    }

    private void requireThere(String key, String allowed) {
        if (!table.has(key)) {
            table.refuse(key, "is missing", allowed);
        }
    }

    /** Whether programs of this host use the board, and not virtual GPUs. What is only for these is refused then. */
    private boolean forPrograms() {
        boolean programs = table.meaning(
                        "client", text -> Optional.of(text).filter(List.of("vfio", "drm")::contains), "vfio, drm")
                .filter("drm"::equals)
                .isPresent();
        if (programs) {
            for (String key : List.of("virtual-functions", "scheduling", "time-slice", "placement", "console")) {
                if (table.has(key)) {
                    table.refuse(key, "is for virtual GPUs", "client = \"vfio\"");
                }
            }
        }
        return programs;
    }

    private Optional<DrmDriverName> driver(boolean programs) {
        if (!programs && table.has("drm")) {
            table.refuse("drm", "is for programs of this host", "client = \"drm\"");
            return Optional.empty();
        }
        return choice("drm", DrmDriverName.values());
    }

    private Optional<String> core() {
        List<String> cores = CoreProvider.all().stream().map(CoreProvider::name).toList();
        return table.meaning("core", text -> Optional.of(text).filter(cores::contains), String.join(", ", cores));
    }

    private long fb(Chip chip) {
        long most = BoardConfig.maxFbBytes(chip);
        long step = BoardConfig.fbGranuleBytes(chip);
        long least = Math.max(step, MIN_FB_BYTES);
        return table.meaning(
                        "fb",
                        text -> Quantities.size(text)
                                .filter(bytes -> bytes >= least && bytes <= most && bytes % step == 0),
                        "\"" + Quantities.format(least) + "\" to \"" + Quantities.format(most) + "\" in steps of "
                                + Quantities.format(step))
                .orElse(most);
    }

    private int functions(Chip chip) {
        return table.number("virtual-functions", 1, BoardConfig.maxVfs(chip)).orElse(DEFAULT_FUNCTIONS);
    }

    private Optional<VgpuScheduling> scheduling() {
        Policy policy = choice("scheduling", Policy.values()).orElse(Policy.BEST_EFFORT);
        long most = VgpuScheduling.MAX_SLICE_MS;
        Optional<Duration> slice = table.meaning(
                "time-slice",
                text -> Quantities.duration(text)
                        .filter(it -> it.toMillis() >= 1
                                && it.toMillis() <= most
                                && it.equals(Duration.ofMillis(it.toMillis()))),
                "whole milliseconds, \"1ms\" to \"" + most + "ms\"");
        // CAST: at most MAX_SLICE_MS
        return Optional.of(new VgpuScheduling(
                policy, (int) slice.map(Duration::toMillis).orElse(0L).longValue()));
    }

    /** One of an enum's values, as people write them. */
    private <E extends Enum<E>> Optional<E> choice(String key, E[] values) {
        return table.meaning(
                key,
                text -> Arrays.stream(values)
                        .filter(it -> label(it).equals(text))
                        .findFirst(),
                String.join(", ", Arrays.stream(values).map(BoardReader::label).toList()));
    }

    private static String label(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
