package dev.nacre.daemon.host;

import dev.nacre.board.BoardConfig;
import dev.nacre.core.spi.CoreConfig;
import dev.nacre.core.spi.CoreProvider;
import dev.nacre.daemon.state.StateException;
import dev.nacre.daemon.state.VgpuDefinition;
import dev.nacre.hw.chip.Chip;
import dev.nacre.vfio.manager.VgpuManagerOptions;
import dev.nacre.vfio.type.TypeCatalog;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Boards with two or more virtual functions, a service over them, and a store in memory. */
final class TestBoards implements AutoCloseable {
    /** A type of 1 GB. */
    static final String SMALL = "L40-1Q";

    private static final TypeCatalog CATALOG = TypeCatalog.shipped();

    final EventLog events = new EventLog();
    final List<BoardHost> hosts;
    final VgpuService service;

    /** What the store has. */
    volatile List<VgpuDefinition> kept = List.of();

    /** Whether the store works. */
    volatile boolean storeWorks = true;

    /** Some boards, each of so many GiB. */
    TestBoards(Path folder, int... gib) {
        this(folder, List.of(), gib);
    }

    /** The same with virtual GPUs that were kept, not brought back yet. */
    TestBoards(Path folder, List<VgpuDefinition> definitions, int... gib) {
        List<BoardHost> made = new ArrayList<>();
        for (int size : gib) {
            made.add(new BoardHost(plan("gpu" + made.size(), folder, size), events));
        }
        hosts = List.copyOf(made);
        service = new VgpuService(hosts, events, this::save, definitions);
        kept = definitions;
    }

    static BoardHost.Plan plan(String name, Path folder, int gib) {
        return new BoardHost.Plan(
                name,
                new BoardConfig(Chip.AD102, (long) gib << 30, 1, 4),
                CoreProvider.named("java"),
                CoreConfig.of(Firmware.synthetic()),
                BoardTypes.of(CATALOG, Chip.AD102),
                VgpuManagerOptions.DEFAULT,
                BoardHost.Sockets.ownerOnly(folder),
                Optional.empty());
    }

    private void save(List<VgpuDefinition> definitions) {
        if (!storeWorks) {
            throw new StateException("The disk is full");
        }
        kept = List.copyOf(definitions);
    }

    List<String> keptNames() {
        return kept.stream().map(VgpuDefinition::name).sorted().toList();
    }

    List<String> names() {
        return service.vgpus().stream().map(VgpuView::name).toList();
    }

    List<ServiceEvent.Kind> kinds() {
        return events.recent(1000).stream().map(ServiceEvent::kind).toList();
    }

    @Override
    public void close() {
        hosts.forEach(BoardHost::close);
    }
}
