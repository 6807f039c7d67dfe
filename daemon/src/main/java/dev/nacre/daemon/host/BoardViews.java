package dev.nacre.daemon.host;

import dev.nacre.board.Telemetry;
import dev.nacre.core.BoardInfo;
import dev.nacre.core.VgpuUsage;
import dev.nacre.pci.bus.DriverState;
import dev.nacre.pci.bus.PciDevice;
import dev.nacre.pci.bus.PciIds;
import dev.nacre.vfio.manager.Vgpu;
import dev.nacre.vfio.manager.VgpuManager;
import dev.nacre.vfio.placement.PlacementMode;
import java.util.List;
import java.util.Optional;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;

/** Tells how boards are. */
final class BoardViews {
    private static final int WHOLE = 10_000;

    private BoardViews() {}

    static BoardView board(BoardHost host) {
        BoardInfo info = host.core().board();
        List<Vgpu> vgpus = host.vgpus();
        int channelsGiven = vgpus.stream().mapToInt(Vgpu::channels).sum();
        int functions = host.plan().board().vfs();
        return new BoardView(
                host.name(),
                info.chip(),
                info.name(),
                info.uuid(),
                host.isLost() ? "lost" : "running",
                host.lossReason(),
                host.core().implementation(),
                info.firmware(),
                host.drm().isPresent() ? "drm" : "vfio",
                host.drm().map(BoardViews::programs),
                heads(host),
                BoardHost.ADDRESS.toString(),
                memory(host),
                info.vgpuChannels(),
                Math.max(0, info.vgpuChannels() - channelsGiven),
                functions,
                functions - vgpus.size(),
                host.plan().core().scheduling(),
                host.plan().manager().heterogeneous() ? PlacementMode.HETEROGENEOUS : PlacementMode.HOMOGENEOUS,
                host.drm().isPresent() ? utilisation(host) : utilisation(vgpus),
                host.isLost() ? Optional.empty() : Optional.of(host.board().telemetry()),
                host.board().faults(),
                host.drm().map(DrmBoard::folder).orElse(host.plan().sockets().folder()));
    }

    private static BoardView.Programs programs(DrmBoard drm) {
        return new BoardView.Programs(drm.driver(), drm.files());
    }

    /** The heads that programs can use; all are off once the board is lost. */
    private static List<HeadView> heads(BoardHost host) {
        return IntStream.range(0, host.heads())
                .mapToObj(head -> HeadView.of(
                        head, host.isLost() ? Optional.empty() : host.board().pictureSize(head)))
                .toList();
    }

    static BoardView.Memory memory(BoardHost host) {
        BoardInfo info = host.core().board();
        return new BoardView.Memory(
                info.fbBytes(),
                info.fbRegions().stream().mapToLong(BoardInfo.FbRegion::bytes).sum(),
                host.vgpus().stream()
                        .mapToLong(vgpu -> vgpu.place().fbBytes() + vgpu.place().heapBytes())
                        .sum(),
                host.isLost()
                        ? 0
                        : host.manager().map(VgpuManager::keptAsideBytes).orElse(0L),
                info.vmmuSegmentBytes());
    }

    /** By programs: all that the board's engines do. */
    private static BoardView.Utilisation utilisation(BoardHost host) {
        if (host.isLost()) {
            return new BoardView.Utilisation(0, 0, 0, 0);
        }
        Telemetry now = host.board().telemetry();
        return new BoardView.Utilisation(now.graphicsUsage(), now.copyUsage(), 0, 0);
    }

    private static BoardView.Utilisation utilisation(List<Vgpu> vgpus) {
        List<VgpuUsage> usages =
                vgpus.stream().map(VgpuViews::usage).flatMap(Optional::stream).toList();
        return new BoardView.Utilisation(
                sum(usages, VgpuUsage::graphics),
                sum(usages, VgpuUsage::copy),
                sum(usages, VgpuUsage::encoder),
                sum(usages, VgpuUsage::decoder));
    }

    /** Of samples that were not taken at the same moment. */
    private static int sum(List<VgpuUsage> usages, ToIntFunction<VgpuUsage> share) {
        return Math.min(WHOLE, usages.stream().mapToInt(share).sum());
    }

    static List<FunctionView> functions(BoardHost host) {
        return host.functions().stream().map(device -> function(host, device)).toList();
    }

    private static FunctionView function(BoardHost host, PciDevice device) {
        PciIds ids = device.ids();
        Optional<String> driver = switch (device.state()) {
            case DriverState.Unbound() -> Optional.empty();
            case DriverState.Bound(String name) -> Optional.of(name);
            case DriverState.Failed(String name, String reason) -> Optional.of(name);
        };
        Optional<String> failure = device.state() instanceof DriverState.Failed(String name, String reason)
                ? Optional.of(reason)
                : Optional.empty();
        return new FunctionView(
                device.address().toString(),
                ids.vendor(),
                ids.device(),
                ids.subsystemVendor(),
                ids.subsystemDevice(),
                ids.classCode(),
                ids.revision(),
                driver,
                failure,
                host.vgpus().stream()
                        .filter(vgpu -> host.address(vgpu)
                                .filter(device.address()::equals)
                                .isPresent())
                        .map(Vgpu::name)
                        .findFirst());
    }
}
