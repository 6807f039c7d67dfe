package dev.nacre.daemon.metrics;

import dev.nacre.board.Board;
import dev.nacre.board.EngineTime;
import dev.nacre.board.GuestFigures;
import dev.nacre.board.Telemetry;
import dev.nacre.board.UnknownRegister;
import dev.nacre.core.BoardInfo;
import dev.nacre.daemon.console.Head;
import dev.nacre.daemon.host.BoardHost;
import dev.nacre.daemon.host.EventLog;
import dev.nacre.display.rfb.RfbCounts;
import dev.nacre.vfio.manager.Vgpu;
import dev.nacre.vfio.manager.VgpuManager;
import dev.nacre.vfiouser.ServerStatistics;
import dev.nacre.vfiouser.ServerStatistics.Times;
import dev.nacre.vfiouser.VfioUserServer;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Asks boards, virtual GPUs and their servers when somebody scrapes. No firmware is asked, so a board that hangs holds up no
 * scrape. What is gone has no series.
 */
final class BoardCollector implements MultiCollector {
    private static final double WHOLE = 10_000;
    private static final double NANOS = 1e9;
    private static final double MILLIS = 1e3;
    private static final double MEGA = 1e6;
    /** A label that is empty is one that is not there. */
    private static final String NO_VGPU = "";

    private static final String GRAPHICS = "graphics";
    private static final String COPY = "copy";
    private static final List<String> STATES = List.of("defined", "starting", "running", "stopping", "failed");
    private static final List<Double> TIME_ENDS = timeEnds();

    private final List<BoardHost> hosts;
    private final EventLog events;
    private final Supplier<Map<Head, RfbCounts>> screens;
    private final String version;

    BoardCollector(List<BoardHost> hosts, EventLog events, Supplier<Map<Head, RfbCounts>> screens, String version) {
        this.hosts = List.copyOf(hosts);
        this.events = events;
        this.screens = screens;
        this.version = version;
    }

    private static List<Double> timeEnds() {
        return IntStream.range(0, Times.RANGES)
                .mapToObj(i -> i == Times.RANGES - 1 ? Double.POSITIVE_INFINITY : (Times.FIRST_END_NS << i) / NANOS)
                .toList();
    }

    @Override
    public MetricSnapshots collect() {
        Samples out = new Samples();
        out.gauge(Metric.BUILD_INFO, 1, version);
        out.counter(Metric.EVENTS, events.lastId());
        out.counter(Metric.EVENTS_DROPPED, events.dropped());
        Map<Head, RfbCounts> seen = screens.get();
        for (BoardHost host : hosts) {
            out.gauge(Metric.BOARD_UP, host.isLost() ? 0 : 1, host.name());
            if (!host.isLost()) {
                List<Vgpu> vgpus = host.vgpus();
                board(host, vgpus, out);
                sensors(host, out);
                vgpus.forEach(vgpu -> vgpu(host, vgpu, out));
                consoles(host, vgpus, seen, out);
            }
        }
        return out.build();
    }

    private static void consoles(BoardHost host, List<Vgpu> vgpus, Map<Head, RfbCounts> seen, Samples out) {
        for (int i = 0; i < host.heads(); i++) {
            console(seen.get(new Head.OfBoard(host.name(), i)), out, host.name(), NO_VGPU, Integer.toString(i));
        }
        for (Vgpu vgpu : vgpus) {
            for (int i = 0; i < vgpu.type().display().heads(); i++) {
                console(seen.get(new Head.OfVgpu(vgpu.uuid(), i)), out, host.name(), vgpu.name(), Integer.toString(i));
            }
        }
    }

    /** @param seen null if nobody has ever looked */
    private static void console(@Nullable RfbCounts seen, Samples out, String... labels) {
        RfbCounts counts = seen == null ? RfbCounts.ZERO : seen;
        out.gauge(Metric.RFB_CLIENTS, counts.viewers(), labels);
        out.counter(Metric.RFB_SESSIONS, counts.sessions(), labels);
        out.counter(Metric.RFB_FRAMES, counts.updates(), labels);
        out.counter(Metric.RFB_BYTES, counts.bytes(), labels);
    }

    private static void board(BoardHost host, List<Vgpu> vgpus, Samples out) {
        String name = host.name();
        Board board = host.board();
        BoardInfo info = host.core().board();
        out.gauge(
                Metric.BOARD_INFO,
                1,
                name,
                info.chip(),
                info.name(),
                host.core().implementation(),
                host.plan().core().scheduling().toString());
        out.gauge(Metric.BOARD_FB, info.fbBytes(), name);
        out.gauge(
                Metric.BOARD_FB_GIVEN,
                vgpus.stream()
                        .mapToLong(vgpu -> vgpu.place().fbBytes() + vgpu.place().heapBytes())
                        .sum(),
                name);
        out.gauge(
                Metric.BOARD_FB_KEPT,
                host.manager().map(VgpuManager::keptAsideBytes).orElse(0L),
                name);
        out.gauge(Metric.BOARD_FUNCTIONS, host.plan().board().vfs(), name);
        out.gauge(Metric.BOARD_VGPUS, vgpus.size(), name);
        board.ownFaults().forEach((kind, count) -> out.counter(Metric.BOARD_FAULTS, count, name, label(kind)));
        board.messages().forEach((function, count) -> out.counter(Metric.BOARD_GSP_MESSAGES, count, name, function));
        List<UnknownRegister> unknown = board.unknownRegisters();
        out.gauge(Metric.BOARD_UNKNOWN_REGISTERS, unknown.size(), name);
        out.counter(
                Metric.BOARD_UNKNOWN_ACCESSES,
                unknown.stream().mapToLong(UnknownRegister::reads).sum(),
                name,
                "read");
        out.counter(
                Metric.BOARD_UNKNOWN_ACCESSES,
                unknown.stream().mapToLong(UnknownRegister::writes).sum(),
                name,
                "write");
        out.counter(
                Metric.BOARD_UNKNOWN_CALLS,
                board.unknownCalls().values().stream()
                        .mapToLong(Long::longValue)
                        .sum(),
                name);
    }

    private static void sensors(BoardHost host, Samples out) {
        String name = host.name();
        Telemetry now = host.board().telemetry();
        EngineTime time = host.board().engineTime();
        out.gauge(Metric.BOARD_ENGINE_UTILIZATION, now.graphicsUsage() / WHOLE, name, GRAPHICS);
        out.gauge(Metric.BOARD_ENGINE_UTILIZATION, now.copyUsage() / WHOLE, name, COPY);
        out.counter(Metric.BOARD_ENGINE_BUSY, time.graphicsNs() / NANOS, name, GRAPHICS);
        out.counter(Metric.BOARD_ENGINE_BUSY, time.copyNs() / NANOS, name, COPY);
        out.gauge(Metric.BOARD_TEMPERATURE, now.temperatureCelsius(), name);
        out.gauge(Metric.BOARD_POWER, now.powerMilliwatts() / MILLIS, name);
        out.gauge(Metric.BOARD_POWER_LIMIT, now.powerLimitMilliwatts() / MILLIS, name);
        out.gauge(Metric.BOARD_CLOCK, now.graphicsClockMhz() * MEGA, name, GRAPHICS);
        out.gauge(Metric.BOARD_CLOCK, now.memoryClockMhz() * MEGA, name, "memory");
        out.gauge(Metric.BOARD_CLOCK, now.videoClockMhz() * MEGA, name, "video");
    }

    private static void vgpu(BoardHost host, Vgpu vgpu, Samples out) {
        String board = host.name();
        String name = vgpu.name();
        out.gauge(
                Metric.VGPU_INFO,
                1,
                board,
                name,
                vgpu.uuid().toString(),
                vgpu.type().name());
        String state = vgpu.state().label();
        STATES.forEach(it -> out.gauge(Metric.VGPU_STATE, it.equals(state) ? 1 : 0, board, name, it));
        out.gauge(Metric.VGPU_CLIENT, host.clientConnected(name) ? 1 : 0, board, name);
        out.gauge(Metric.VGPU_FB, vgpu.place().fbBytes(), board, name);
        out.counter(Metric.VGPU_PLUGIN_MESSAGES, host.board().pluginMessages(vgpu.vfIndex()), board, name);
        host.board().guestFigures(vgpu.vfIndex()).ifPresent(now -> guest(board, name, now, out));
        host.server(vgpu).map(VfioUserServer::statistics).ifPresent(seen -> server(board, name, seen, out));
    }

    private static void guest(String board, String name, GuestFigures now, Samples out) {
        Telemetry telemetry = now.telemetry();
        EngineTime time = now.engineTime();
        out.gauge(Metric.VGPU_ENGINE_UTILIZATION, telemetry.graphicsUsage() / WHOLE, board, name, GRAPHICS);
        out.gauge(Metric.VGPU_ENGINE_UTILIZATION, telemetry.copyUsage() / WHOLE, board, name, COPY);
        out.counter(Metric.VGPU_ENGINE_BUSY, time.graphicsNs() / NANOS, board, name, GRAPHICS);
        out.counter(Metric.VGPU_ENGINE_BUSY, time.copyNs() / NANOS, board, name, COPY);
        out.gauge(Metric.VGPU_ENGINE_ENTITLED, now.share(), board, name);
        out.gauge(Metric.VGPU_FB_USED, now.fbUsedBytes(), board, name);
        out.gauge(Metric.VGPU_POWER, telemetry.powerMilliwatts() / MILLIS, board, name);
        now.messages()
                .forEach((function, count) -> out.counter(Metric.VGPU_GSP_MESSAGES, count, board, name, function));
        now.faults().forEach((kind, count) -> out.counter(Metric.VGPU_FAULTS, count, board, name, label(kind)));
    }

    private static void server(String board, String name, ServerStatistics seen, Samples out) {
        Map<String, Long> messages = seen.messages();
        messages.forEach((command, count) -> out.counter(Metric.VFIO_USER_MESSAGES, count, board, name, command));
        out.counter(Metric.VFIO_USER_REJECTED, seen.rejected(), board, name);
        out.counter(Metric.VFIO_USER_CONNECTIONS, seen.connections(), board, name);
        seen.times()
                .ifPresent(times -> out.histogram(
                        Metric.VFIO_USER_DURATION, TIME_ENDS, times.counts(), times.sumNs() / NANOS, board, name));
    }

    /** A fault's kind as a label: in lower case, with underscores. */
    static String label(String kind) {
        return kind.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "_");
    }
}
