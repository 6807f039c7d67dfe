package dev.nacre.daemon.host;

import dev.nacre.board.PictureSize;
import dev.nacre.board.Scanout;
import dev.nacre.core.CoreException;
import dev.nacre.core.GspLog;
import dev.nacre.core.VgpuSurface;
import dev.nacre.core.VgpuUsage;
import dev.nacre.daemon.state.VgpuDefinition;
import dev.nacre.display.Frame;
import dev.nacre.display.Pointer;
import dev.nacre.vfio.manager.Vgpu;
import dev.nacre.vfio.manager.VgpuState;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;

/** Tells how virtual GPUs are. A firmware that does not answer leaves gaps, and hides nothing else. */
final class VgpuViews {
    private VgpuViews() {}

    static VgpuView of(VgpuEntry entry) {
        Optional<Vgpu> vgpu = entry.vgpu();
        Optional<BoardHost> host = entry.host();
        VgpuDefinition definition = entry.definition();
        if (host.isPresent() && vgpu.isPresent() && !host.get().isLost()) {
            return present(definition, host.get(), vgpu.get());
        }
        Optional<String> reason = vgpu.isPresent() ? Optional.of("Its board is lost") : entry.reason();
        return new VgpuView(
                definition.name(),
                definition.uuid(),
                definition.board(),
                definition.type(),
                (reason.isPresent() ? new VgpuState.Failed("") : new VgpuState.Defined()).label(),
                reason,
                Optional.empty(),
                OptionalInt.empty(),
                host.map(it -> it.socket(definition.name())).orElse(Path.of("")),
                OptionalInt.of(definition.placement()),
                0,
                0,
                Optional.empty(),
                Optional.empty(),
                false,
                List.of());
    }

    private static VgpuView present(VgpuDefinition definition, BoardHost host, Vgpu vgpu) {
        VgpuState state = vgpu.state();
        return new VgpuView(
                definition.name(),
                definition.uuid(),
                definition.board(),
                definition.type(),
                state.label(),
                state instanceof VgpuState.Failed(String reason) ? Optional.of(reason) : Optional.empty(),
                host.address(vgpu).map(Object::toString),
                OptionalInt.of(vgpu.vfIndex()),
                host.socket(vgpu.name()),
                OptionalInt.of(vgpu.place().id()),
                vgpu.place().fbBytes(),
                vgpu.channels(),
                usage(vgpu),
                ask(vgpu::guestInfo),
                host.clientConnected(vgpu.name()),
                headList(vgpu));
    }

    static Optional<VgpuUsage> usage(Vgpu vgpu) {
        return ask(vgpu::usage);
    }

    /** How many heads one has. */
    static int heads(VgpuEntry entry) {
        return entry.vgpu().map(vgpu -> vgpu.type().display().heads()).orElse(0);
    }

    private static List<HeadView> headList(Vgpu vgpu) {
        List<VgpuSurface> surfaces = ask(() -> Optional.of(vgpu.surfaces())).orElse(List.of());
        List<HeadView> heads = new ArrayList<>();
        for (int i = 0; i < vgpu.type().display().heads(); i++) {
            int index = i;
            heads.add(HeadView.of(
                    index,
                    surfaces.stream()
                            .filter(it -> it.head() == index)
                            .findFirst()
                            .map(it -> new PictureSize(it.width(), it.height()))));
        }
        return heads;
    }

    /** What a head shows, for who looks at it. */
    static Frame frame(Scanout shown) {
        return new Frame(
                shown.width(),
                shown.height(),
                shown.pixels(),
                shown.pointer().map(it -> new Pointer(it.x(), it.y(), it.side(), it.pixels(), it.hotX(), it.hotY())));
    }

    /** All logs of one, each under its name. */
    static String log(Vgpu vgpu) {
        StringBuilder text = new StringBuilder();
        for (GspLog log : vgpu.logs()) {
            // The software GPU's firmware writes lines, with zeros behind the last one.
            String lines = new String(log.bytes(), StandardCharsets.US_ASCII).replace("\0", "");
            lines.lines()
                    .forEach(line ->
                            text.append(log.name()).append(' ').append(line).append('\n'));
        }
        return text.toString();
    }

    private static <T> Optional<T> ask(Supplier<Optional<T>> question) {
        try {
            return question.get();
        } catch (CoreException e) {
            return Optional.empty();
        }
    }
}
