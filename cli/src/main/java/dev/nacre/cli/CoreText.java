package dev.nacre.cli;

import dev.nacre.core.BoardInfo;
import dev.nacre.core.BoardInfo.FbRegion;
import dev.nacre.core.Capability;
import dev.nacre.core.Core;
import dev.nacre.core.Engine;
import java.util.stream.Collectors;

/** A core and its GPU in words. */
final class CoreText {
    private static final long MIB = 1 << 20;

    private CoreText() {}

    /** A line for the implementation, and lines for the GPU, which are the same for every implementation. */
    static String of(Core core) {
        BoardInfo board = core.board();
        StringBuilder text = new StringBuilder();
        line(text, "core", core.implementation());
        line(text, "chip", board.chip());
        line(text, "name", board.name());
        line(text, "uuid", board.uuid());
        line(text, "firmware", board.firmware());
        line(text, "memory", size(board.fbBytes()) + ", ECC " + (board.ecc() ? "on" : "off"));
        board.fbRegions().forEach(region -> line(text, "region", region(region)));
        line(text, "BAR 1", size(board.bar1Bytes()));
        line(text, "segments", board.vmmuSegmentBytes() == 0 ? "none" : size(board.vmmuSegmentBytes()));
        line(text, "vGPU", core.isVgpuEnabled() ? "enabled" : "not enabled");
        line(text, "channels", board.channels() + ", " + board.vgpuChannels() + " of them for virtual GPUs");
        line(text, "engines", core.engines().stream().map(Engine::toString).collect(Collectors.joining(" ")));
        return text.toString();
    }

    /** A line for what the implementation can do. */
    static String capabilities(Core core) {
        StringBuilder text = new StringBuilder();
        line(
                text,
                "can",
                core.capabilities().stream().sorted().map(Capability::name).collect(Collectors.joining(" ")));
        return text.toString();
    }

    private static String region(FbRegion region) {
        return "0x%010x, %s".formatted(region.offset(), size(region.bytes()));
    }

    private static String size(long bytes) {
        return bytes % MIB == 0 ? bytes / MIB + " MiB" : bytes / 1024 + " KiB";
    }

    private static void line(StringBuilder text, String name, String value) {
        text.append("%-8s  %s%n".formatted(name, value));
    }
}
