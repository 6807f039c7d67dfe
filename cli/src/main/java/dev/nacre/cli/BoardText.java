package dev.nacre.cli;

import dev.nacre.daemon.api.json.BoardJson;
import dev.nacre.daemon.api.json.BoardsJson;
import dev.nacre.daemon.api.json.FunctionsJson;
import dev.nacre.daemon.api.json.SchedulingJson;
import dev.nacre.daemon.api.json.SensorsJson;
import dev.nacre.daemon.api.json.TypeJson;
import dev.nacre.daemon.api.json.TypesJson;
import dev.nacre.daemon.api.json.UnknownRegistersJson;
import dev.nacre.daemon.api.json.UtilisationJson;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Boards, and what they can have, in words. */
final class BoardText {
    private BoardText() {}

    /** A table of boards. */
    static String list(BoardsJson boards) {
        Table table = new Table(
                "NAME", "CHIP", "PRODUCT", "STATE", "CLIENT", "CORE", ">MEMORY", ">FREE", ">VGPUS", ">MOST", ">GR %",
                ">CE %");
        for (BoardJson board : boards.boards()) {
            table.row(
                    board.name(),
                    board.chip(),
                    board.product(),
                    board.state(),
                    board.client(),
                    board.core(),
                    Units.mebibytes(board.fbBytes()),
                    hasRoom(board) ? Units.mebibytes(board.fbFreeBytes()) : "-",
                    hasRoom(board) ? vgpus(board) : "-",
                    hasRoom(board) ? board.virtualFunctions() : "-",
                    Units.percent(board.utilisation().graphicsPercent()),
                    Units.percent(board.utilisation().copyPercent()));
        }
        return table.toString();
    }

    /** Whether it is there for virtual GPUs, and not for programs. */
    static boolean isShared(BoardJson board) {
        return board.client().equals("vfio");
    }

    /** Whether virtual GPUs have parts of it, or can have: not of one that is lost. */
    static boolean hasRoom(BoardJson board) {
        return isShared(board) && !board.state().equals("lost");
    }

    /** How many virtual GPUs it has. */
    static int vgpus(BoardJson board) {
        return board.virtualFunctions() - board.virtualFunctionsFree();
    }

    /** All about one. */
    static String show(BoardJson board) {
        Lines lines = new Lines()
                .line("name", board.name())
                .line("product", board.product())
                .line("chip", board.chip())
                .line("uuid", board.uuid())
                .line("state", board.state() + (board.reason() == null ? "" : ": " + board.reason()))
                .line("core", board.core() + ", firmware " + board.firmware())
                .line("client", client(board))
                .line("function", board.function());
        if (hasRoom(board)) {
            shares(lines, board);
        } else if (isShared(board)) {
            lines.line("memory", Units.mebibytes(board.fbBytes()));
        } else {
            lines.line("memory", Units.mebibytes(board.fbBytes()))
                    .line("usable", Units.mebibytes(board.fbUsableBytes()))
                    .line("in use", inUse(board.utilisation()))
                    .line("files", board.files() + " open");
            VgpuText.heads(lines, board.heads());
        }
        return lines.line("sensors", sensors(board.sensors()))
                .line("faults", faults(board.faults()))
                .line(isShared(board) ? "sockets" : "folder", board.sockets())
                .toString();
    }

    /** The kind of clients that have it. */
    private static String client(BoardJson board) {
        return board.client() + (board.driver() == null ? "" : ", driver " + board.driver());
    }

    /** What virtual GPUs have of it. */
    private static void shares(Lines lines, BoardJson board) {
        lines.line(
                        "memory",
                        Units.mebibytes(board.fbBytes()) + " in segments of " + Units.mebibytes(board.segmentBytes()))
                .line("usable", Units.mebibytes(board.fbUsableBytes()))
                .line(
                        "given",
                        Units.mebibytes(board.fbGivenBytes()) + " to " + Units.count(vgpus(board), "virtual GPU"))
                .line("free", Units.mebibytes(board.fbFreeBytes()))
                .line("kept", Units.mebibytes(board.fbKeptBytes()) + " that could not be cleared")
                .line("channels", board.channelsFree() + " of " + board.channels() + " free")
                .line(
                        "functions",
                        board.virtualFunctionsFree() + " of " + board.virtualFunctions() + " virtual functions free")
                .line("engines", scheduling(board.scheduling()))
                .line("types", board.placement().equals("heterogeneous") ? "any at a time" : "one at a time")
                .line("in use", inUse(board.utilisation()));
    }

    private static String inUse(UtilisationJson now) {
        return "graphics " + Units.percent(now.graphicsPercent()) + " %, copy " + Units.percent(now.copyPercent())
                + " %";
    }

    private static @Nullable String sensors(@Nullable SensorsJson now) {
        return now == null
                ? null
                : "%.0f C, %.0f W of %.0f W, P%d, graphics %d MHz, memory %d MHz, video %d MHz"
                        .formatted(
                                now.temperatureCelsius(),
                                now.powerWatts(),
                                now.powerLimitWatts(),
                                now.performanceState(),
                                now.graphicsClockMhz(),
                                now.memoryClockMhz(),
                                now.videoClockMhz());
    }

    private static String scheduling(SchedulingJson scheduling) {
        return scheduling.policy()
                + (scheduling.timeSliceMilliseconds() == null
                        ? ""
                        : ", " + scheduling.timeSliceMilliseconds() + " ms a slice");
    }

    private static String faults(Map<String, Long> faults) {
        String happened = new TreeMap<>(faults)
                .entrySet().stream()
                        .filter(fault -> fault.getValue() > 0)
                        .map(fault -> fault.getValue() + " " + fault.getKey())
                        .collect(Collectors.joining(", "));
        return happened.isEmpty() ? "none" : happened;
    }

    /** A table of types. */
    static String types(TypesJson types) {
        Table table =
                new Table(">ID", "NAME", "CHIP", ">MEMORY", ">HEADS", "LARGEST", ">FPS", "ECC", ">MOST", "ROOM FOR");
        for (TypeJson type : types.types()) {
            table.row(
                    type.id(),
                    type.name(),
                    type.chip(),
                    Units.mebibytes(type.fbBytes()),
                    type.heads(),
                    type.heads() > 0 ? type.maxWidth() + "x" + type.maxHeight() : "-",
                    type.frameRateLimit() == null ? "-" : type.frameRateLimit(),
                    type.ecc() ? "yes" : "no",
                    type.maxInstances(),
                    type.boards().stream()
                            .map(room -> room.creatable() + " on " + room.board())
                            .collect(Collectors.joining(", ")));
        }
        return table.toString();
    }

    /** Functions as {@code lspci} lists them. */
    static String functions(FunctionsJson functions) {
        return functions.functions().stream().map(BoardText::function).collect(Collectors.joining());
    }

    private static String function(FunctionsJson.Function it) {
        return "%s %s: %s:%s (rev %s)%n    subsystem: %s:%s%n    driver: %s%n%s"
                .formatted(
                        it.address(),
                        it.classCode().substring(0, 4),
                        it.vendor(),
                        it.device(),
                        it.revision(),
                        it.subsystemVendor(),
                        it.subsystemDevice(),
                        (it.driver() == null ? "none" : it.driver())
                                + (it.failure() == null ? "" : " failed: " + it.failure()),
                        it.vgpu() == null ? "" : "    virtual GPU: " + it.vgpu() + "\n");
    }

    /** What drivers asked for and the board does not model. */
    static String unknown(UnknownRegistersJson unknown) {
        StringBuilder text = new StringBuilder(unknown(unknown.registers(), unknown.calls()));
        for (UnknownRegistersJson.Guest guest : unknown.guests()) {
            text.append("\nvirtual function ").append(guest.function()).append('\n');
            text.append(unknown(guest.registers(), guest.calls()));
        }
        return text.toString();
    }

    private static String unknown(List<UnknownRegistersJson.Register> asked, List<UnknownRegistersJson.Call> called) {
        Table registers = new Table("REGISTER", ">READS", ">WRITES", "LAST WRITTEN", "NAME");
        asked.forEach(it -> registers.row(
                it.offset(), it.reads(), it.writes(), it.lastValue(), it.name() == null ? "?" : it.name()));
        Table calls = new Table(">CALLS", "FIRMWARE CALL");
        called.forEach(it -> calls.row(it.count(), it.name()));
        return registers + "\n" + calls;
    }
}
