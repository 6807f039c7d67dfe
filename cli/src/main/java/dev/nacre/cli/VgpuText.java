package dev.nacre.cli;

import dev.nacre.daemon.api.json.HeadJson;
import dev.nacre.daemon.api.json.VgpuJson;
import dev.nacre.daemon.api.json.VgpusJson;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Virtual GPUs in words. */
final class VgpuText {
    private VgpuText() {}

    /** A table of virtual GPUs. */
    static String list(VgpusJson vgpus) {
        Table table = new Table(
                "NAME",
                "BOARD",
                "TYPE",
                "STATE",
                "FUNCTION",
                "VM",
                ">PLACE",
                ">MEMORY",
                ">IN USE",
                ">GR %",
                ">CE %",
                "UUID");
        for (VgpuJson vgpu : vgpus.vgpus()) {
            VgpuJson.Usage usage = vgpu.usage();
            table.row(
                    vgpu.name(),
                    vgpu.board(),
                    vgpu.type(),
                    vgpu.state(),
                    orDash(vgpu.function()),
                    vgpu.connected() ? "yes" : "no",
                    orDash(vgpu.placement()),
                    Units.mebibytes(vgpu.fbBytes()),
                    usage == null ? "-" : Units.mebibytes(usage.fbUsedBytes()),
                    usage == null ? "-" : Units.percent(usage.graphicsPercent()),
                    usage == null ? "-" : Units.percent(usage.copyPercent()),
                    vgpu.uuid());
        }
        return table.toString();
    }

    private static Object orDash(@Nullable Object value) {
        return value == null ? "-" : value;
    }

    /** All about one. */
    static String show(VgpuJson vgpu) {
        Lines lines = new Lines()
                .line("name", vgpu.name())
                .line("uuid", vgpu.uuid())
                .line("board", vgpu.board())
                .line("type", vgpu.type())
                .line("state", vgpu.state() + (vgpu.reason() == null ? "" : ": " + vgpu.reason()))
                .line("function", vgpu.function())
                .line(
                        "memory",
                        Units.mebibytes(vgpu.fbBytes())
                                + (vgpu.placement() == null ? "" : ", place " + vgpu.placement()))
                .line("channels", vgpu.channels())
                .line("usage", vgpu.usage() == null ? null : usage(vgpu.usage()))
                .line("VM", vgpu.connected() ? "connected" : "none")
                .line("driver", vgpu.guest() == null ? null : driver(vgpu.guest()));
        return heads(lines, vgpu.heads()).line("socket", vgpu.socket()).toString();
    }

    private static String usage(VgpuJson.Usage usage) {
        return Units.mebibytes(usage.fbUsedBytes()) + ", graphics " + Units.percent(usage.graphicsPercent())
                + " %, copy " + Units.percent(usage.copyPercent()) + " %";
    }

    private static String driver(VgpuJson.Guest guest) {
        return (guest.driverLoaded() ? "runs" : "none")
                + (guest.driverVersion() == null ? "" : ", firmware " + guest.driverVersion())
                + ", started " + Units.count(guest.boots(), "time");
    }

    /** Adds a line for each head. */
    static Lines heads(Lines lines, List<HeadJson> heads) {
        heads.forEach(
                head -> lines.line("head " + head.index(), head.active() ? head.width() + "x" + head.height() : "off"));
        return lines;
    }

    /** One in a line. */
    static String line(VgpuJson vgpu) {
        return vgpu.name() + ", " + vgpu.type() + " on " + vgpu.board() + ", " + vgpu.uuid();
    }
}
