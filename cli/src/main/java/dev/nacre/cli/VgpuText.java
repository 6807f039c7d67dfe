package dev.nacre.cli;

import dev.nacre.core.BoardInfo;
import dev.nacre.core.VgpuUsage;
import dev.nacre.vfio.manager.CreatableType;
import dev.nacre.vfio.manager.Vgpu;
import dev.nacre.vfio.manager.VgpuState;
import dev.nacre.vfio.type.CatalogType;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Virtual GPUs, their types and their board in words. */
final class VgpuText {
    private static final long MIB = 1 << 20;
    private static final String TYPE = "%-7s %-22s %-6s %9s %6s  %-10s %5s %4s %8s%n";

    private VgpuText() {}

    /** A table of types. */
    static String types(List<CatalogType> types) {
        StringBuilder text = new StringBuilder(typeHead("most"));
        types.forEach(type -> text.append(typeLine(type, type.share().maxInstances())));
        return text.toString();
    }

    /** A table of types with how many more there can be. */
    static String creatable(List<CreatableType> types) {
        StringBuilder text = new StringBuilder(typeHead("left"));
        types.forEach(left -> text.append(typeLine(left.type(), left.instancesLeft())));
        return text.toString();
    }

    private static String typeHead(String number) {
        return TYPE.formatted("id", "name", "chip", "memory", "heads", "largest", "fps", "ecc", number);
    }

    private static String typeLine(CatalogType type, int number) {
        boolean shows = type.display().heads() > 0;
        int rate = type.display().frameRateLimit();
        return TYPE.formatted(
                type.id(),
                type.name(),
                type.chip().toLowerCase(Locale.ROOT),
                mebibytes(type.memory().fbBytes()),
                type.display().heads(),
                shows ? type.display().maxWidth() + "x" + type.display().maxHeight() : "-",
                rate == 0 ? "-" : rate,
                type.share().ecc() ? "yes" : "no",
                number);
    }

    /** A table of the virtual GPUs of a board. */
    static String list(VgpuHost host) {
        String form = "%-20s %-14s %-9s %-13s %5s %10s %5s %5s  %s%n";
        StringBuilder text = new StringBuilder(
                form.formatted("name", "type", "state", "function", "place", "in use", "gr %", "ce %", "uuid"));
        for (Vgpu vgpu : host.manager().vgpus()) {
            Optional<VgpuUsage> usage = vgpu.usage();
            text.append(form.formatted(
                    vgpu.name(),
                    vgpu.type().name(),
                    vgpu.state().label(),
                    host.address(vgpu),
                    vgpu.place().id(),
                    usage.map(it -> mebibytes(it.fbBytes())).orElse("-"),
                    usage.map(it -> percent(it.graphics())).orElse("-"),
                    usage.map(it -> percent(it.copy())).orElse("-"),
                    vgpu.uuid()));
        }
        return text.toString();
    }

    /** All about one. */
    static String show(VgpuHost host, Vgpu vgpu, Path socket) {
        StringBuilder text = new StringBuilder();
        line(text, "name", vgpu.name());
        line(text, "uuid", vgpu.uuid().toString());
        line(text, "type", vgpu.type().name() + " (" + vgpu.type().id() + ")");
        line(text, "state", state(vgpu));
        line(text, "function", host.address(vgpu).toString());
        line(
                text,
                "memory",
                mebibytes(vgpu.place().fbBytes()) + ", place " + vgpu.place().id());
        line(text, "channels", Integer.toString(vgpu.channels()));
        vgpu.usage()
                .ifPresent(it -> line(
                        text,
                        "usage",
                        mebibytes(it.fbBytes()) + ", graphics " + percent(it.graphics()) + " %, copy "
                                + percent(it.copy()) + " %"));
        vgpu.guestInfo()
                .ifPresent(it -> line(
                        text,
                        "driver",
                        (it.driverLoaded() ? "runs" : "none")
                                + (it.driverVersion().isEmpty() ? "" : ", firmware " + it.driverVersion())
                                + ", started " + it.bootCount() + " times"));
        vgpu.surfaces().forEach(it -> line(text, "head " + it.head(), it.width() + "x" + it.height()));
        line(text, "socket", socket.toString());
        return text + QemuOptions.text(vgpu.type().display().heads(), socket) + "\n";
    }

    /** One in a line. */
    static String line(Vgpu vgpu) {
        return vgpu.name() + ", " + vgpu.type().name() + ", " + vgpu.uuid();
    }

    /** The board that they share. */
    static String board(VgpuHost host) {
        BoardInfo board = host.core().board();
        List<Vgpu> vgpus = host.manager().vgpus();
        StringBuilder text = new StringBuilder();
        line(text, "name", board.name());
        line(text, "chip", board.chip());
        line(text, "uuid", board.uuid());
        line(text, "core", host.core().implementation() + ", firmware " + board.firmware());
        line(text, "function", VgpuHost.ADDRESS.toString());
        line(text, "memory", mebibytes(board.fbBytes()) + " in segments of " + mebibytes(board.vmmuSegmentBytes()));
        line(
                text,
                "given",
                mebibytes(vgpus.stream()
                                .mapToLong(vgpu -> vgpu.place().fbBytes())
                                .sum())
                        + " to " + vgpus.size() + " virtual GPUs of at most "
                        + host.plan().board().vfs());
        line(text, "kept", mebibytes(host.manager().keptAsideBytes()) + " that could not be cleared");
        line(text, "engines", Scheduling.format(host.plan().core().scheduling()));
        line(text, "types", host.plan().manager().heterogeneous() ? "any at a time" : "one at a time");
        return text.toString();
    }

    private static String state(Vgpu vgpu) {
        return vgpu.state() instanceof VgpuState.Failed(String reason)
                ? "failed: " + reason
                : vgpu.state().label();
    }

    private static String mebibytes(long bytes) {
        return bytes / MIB + " MiB";
    }

    private static String percent(int hundredths) {
        return String.format(Locale.ROOT, "%.1f", hundredths / 100.0);
    }

    private static void line(StringBuilder text, String name, String value) {
        text.append("%-8s  %s%n".formatted(name, value));
    }
}
