package dev.nacre.daemon;

import dev.nacre.board.BoardConfig;
import dev.nacre.core.spi.CoreConfig;
import dev.nacre.core.spi.CoreProvider;
import dev.nacre.core.spi.FirmwareSource;
import dev.nacre.daemon.config.NacreConfig;
import dev.nacre.daemon.config.NacreConfig.BoardSettings;
import dev.nacre.daemon.host.BoardHost;
import dev.nacre.daemon.host.BoardTypes;
import dev.nacre.daemon.host.Firmware;
import dev.nacre.vfio.manager.VgpuManagerOptions;
import dev.nacre.vfio.placement.PlacementMode;
import dev.nacre.vfio.type.TypeCatalog;
import java.util.List;

/** Makes plans of boards from a configuration. */
final class BoardPlans {
    private BoardPlans() {}

    /**
     * One for each board, in order.
     *
     * @throws dev.nacre.vfio.type.CatalogException if a file of types is wrong
     * @throws java.io.UncheckedIOException if one cannot be read
     */
    static List<BoardHost.Plan> of(NacreConfig config) {
        TypeCatalog catalog = config.types().map(TypeCatalog::withFolder).orElseGet(TypeCatalog::shipped);
        return config.boards().stream().map(board -> plan(board, catalog)).toList();
    }

    private static BoardHost.Plan plan(BoardSettings board, TypeCatalog catalog) {
        FirmwareSource firmware =
                board.firmware().map(FirmwareSource::directory).orElseGet(Firmware::synthetic);
        return new BoardHost.Plan(
                board.name(),
                new BoardConfig(
                        board.chip(),
                        board.fbBytes(),
                        BoardConfig.defaultHeads(board.chip()),
                        board.virtualFunctions()),
                CoreProvider.named(board.core()),
                board.drm().isPresent()
                        ? new CoreConfig(firmware, false, 0, board.scheduling())
                        : new CoreConfig(firmware, true, CoreConfig.VGPU_CHANNELS, board.scheduling()),
                board.drm().isPresent() ? List.of() : BoardTypes.of(catalog, board.chip()),
                VgpuManagerOptions.DEFAULT.withHeterogeneous(board.placement() == PlacementMode.HETEROGENEOUS),
                new BoardHost.Sockets(
                        board.sockets().path(),
                        board.sockets().mode(),
                        board.sockets().owner()),
                board.drm());
    }
}
