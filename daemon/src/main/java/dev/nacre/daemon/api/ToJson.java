package dev.nacre.daemon.api;

import dev.nacre.board.Telemetry;
import dev.nacre.board.UnknownRegister;
import dev.nacre.core.VgpuGuestInfo;
import dev.nacre.core.VgpuUsage;
import dev.nacre.core.spi.VgpuScheduling;
import dev.nacre.daemon.api.json.BoardJson;
import dev.nacre.daemon.api.json.EventJson;
import dev.nacre.daemon.api.json.FunctionsJson;
import dev.nacre.daemon.api.json.HeadJson;
import dev.nacre.daemon.api.json.SchedulingJson;
import dev.nacre.daemon.api.json.SensorsJson;
import dev.nacre.daemon.api.json.TypeJson;
import dev.nacre.daemon.api.json.UnknownRegistersJson;
import dev.nacre.daemon.api.json.UtilisationJson;
import dev.nacre.daemon.api.json.VgpuJson;
import dev.nacre.daemon.host.BoardView;
import dev.nacre.daemon.host.FunctionView;
import dev.nacre.daemon.host.HeadView;
import dev.nacre.daemon.host.ServiceEvent;
import dev.nacre.daemon.host.TypeView;
import dev.nacre.daemon.host.UnknownView;
import dev.nacre.daemon.host.VgpuView;
import dev.nacre.vfio.type.CatalogType;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What the service says, as the API says it. */
final class ToJson {
    /** Longest text of a guest's. */
    private static final int MAX_GUEST_TEXT = 64;

    private static final double MILLIS = 1e3;

    private ToJson() {}

    static BoardJson board(BoardView view) {
        BoardView.Memory memory = view.memory();
        return new BoardJson(
                view.name(),
                view.chip().toLowerCase(Locale.ROOT),
                view.product(),
                view.uuid(),
                view.state(),
                view.reason().orElse(null),
                view.core(),
                view.firmware(),
                view.client(),
                view.programs().map(it -> it.driver().label()).orElse(null),
                view.programs().map(BoardView.Programs::files).orElse(null),
                view.heads().stream()
                        .map(head -> head("/v1/boards/" + view.name(), head))
                        .toList(),
                view.function(),
                memory.fbBytes(),
                memory.fbUsableBytes(),
                memory.fbGivenBytes(),
                memory.fbKeptBytes(),
                memory.fbFreeBytes(),
                memory.segmentBytes(),
                view.channels(),
                view.channelsFree(),
                view.virtualFunctions(),
                view.virtualFunctionsFree(),
                scheduling(view.scheduling()),
                view.placement().name().toLowerCase(Locale.ROOT),
                utilisation(view.utilisation()),
                view.telemetry().map(ToJson::sensors).orElse(null),
                new TreeMap<>(view.faults()),
                view.sockets().toString());
    }

    private static SchedulingJson scheduling(VgpuScheduling scheduling) {
        int slice = scheduling.sliceMs();
        return new SchedulingJson(
                scheduling.policy().name().toLowerCase(Locale.ROOT).replace('_', '-'), slice == 0 ? null : slice);
    }

    private static SensorsJson sensors(Telemetry now) {
        return new SensorsJson(
                tenths(now.temperatureCelsius()),
                tenths(now.powerMilliwatts() / MILLIS),
                tenths(now.powerLimitMilliwatts() / MILLIS),
                now.graphicsClockMhz(),
                now.memoryClockMhz(),
                now.videoClockMhz(),
                now.performanceState());
    }

    private static double tenths(double value) {
        return Math.round(value * 10) / 10.0;
    }

    private static UtilisationJson utilisation(BoardView.Utilisation view) {
        return new UtilisationJson(
                percent(view.graphics()), percent(view.copy()), percent(view.encoder()), percent(view.decoder()));
    }

    /** From hundredths of a percent. */
    private static double percent(int hundredths) {
        return hundredths / 100.0;
    }

    static TypeJson type(TypeView view) {
        CatalogType type = view.type();
        int rate = type.display().frameRateLimit();
        return new TypeJson(
                type.id(),
                type.name(),
                type.chip().toLowerCase(Locale.ROOT),
                type.series().name(),
                type.memory().fbBytes(),
                type.display().heads(),
                type.display().maxWidth(),
                type.display().maxHeight(),
                rate == 0 ? null : rate,
                type.memory().bar1Bytes(),
                type.share().maxInstances(),
                type.share().encoderPercent(),
                type.share().ecc(),
                view.creatable().entrySet().stream()
                        .map(it -> new TypeJson.Room(it.getKey(), it.getValue()))
                        .toList());
    }

    static UnknownRegistersJson unknown(UnknownView view) {
        return new UnknownRegistersJson(
                registers(view.registers()),
                calls(view.calls()),
                view.guests().entrySet().stream()
                        .map(it -> new UnknownRegistersJson.Guest(
                                it.getKey(),
                                registers(it.getValue().registers()),
                                calls(it.getValue().calls())))
                        .toList());
    }

    private static List<UnknownRegistersJson.Register> registers(List<UnknownRegister> registers) {
        return registers.stream()
                .map(it -> new UnknownRegistersJson.Register(
                        hex(it.address()), it.name().orElse(null), it.reads(), it.writes(), hex(it.lastValue())))
                .toList();
    }

    private static List<UnknownRegistersJson.Call> calls(Map<String, Long> calls) {
        return new TreeMap<>(calls)
                .entrySet().stream()
                        .map(it -> new UnknownRegistersJson.Call(it.getKey(), it.getValue()))
                        .toList();
    }

    private static String hex(int value) {
        return "0x%08x".formatted(value);
    }

    static FunctionsJson functions(List<FunctionView> views) {
        return new FunctionsJson(views.stream().map(ToJson::function).toList());
    }

    private static FunctionsJson.Function function(FunctionView view) {
        return new FunctionsJson.Function(
                view.address(),
                "%06x".formatted(view.classCode()),
                "%04x".formatted(view.vendor()),
                "%04x".formatted(view.device()),
                "%02x".formatted(view.revision()),
                "%04x".formatted(view.subsystemVendor()),
                "%04x".formatted(view.subsystemDevice()),
                view.driver().orElse(null),
                view.failure().orElse(null),
                view.vgpu().orElse(null));
    }

    static VgpuJson vgpu(VgpuView view) {
        return new VgpuJson(
                view.name(),
                view.uuid().toString(),
                view.board(),
                view.type(),
                view.state(),
                view.reason().orElse(null),
                view.function().orElse(null),
                view.socket().toString(),
                view.placement().isPresent() ? view.placement().getAsInt() : null,
                view.fbBytes(),
                view.channels(),
                view.clientConnected(),
                view.usage().map(ToJson::usage).orElse(null),
                view.guest().map(ToJson::guest).orElse(null),
                view.heads().stream()
                        .map(head -> head("/v1/vgpus/" + view.name(), head))
                        .toList());
    }

    private static VgpuJson.Usage usage(VgpuUsage view) {
        return new VgpuJson.Usage(
                view.fbBytes(),
                percent(view.graphics()),
                percent(view.copy()),
                percent(view.encoder()),
                percent(view.decoder()));
    }

    private static VgpuJson.Guest guest(VgpuGuestInfo view) {
        // GUEST: its version is text of its own making; JSON escapes what it holds, the length is ours.
        String version = view.driverVersion();
        String shown = version.substring(0, Math.min(version.length(), MAX_GUEST_TEXT));
        return new VgpuJson.Guest(view.driverLoaded(), shown.isEmpty() ? null : shown, view.bootCount());
    }

    /** A head of what is at a path. */
    private static HeadJson head(String owner, HeadView view) {
        String path = owner + "/heads/" + view.index();
        return new HeadJson(
                view.index(),
                view.active(),
                view.active() ? view.width() : null,
                view.active() ? view.height() : null,
                path + "/console",
                path + "/screenshot");
    }

    static EventJson event(ServiceEvent event) {
        return new EventJson(
                event.id(),
                event.time().toString(),
                event.kind().label(),
                event.board().orElse(null),
                event.vgpu().orElse(null),
                event.text(),
                new TreeMap<>(event.details()));
    }
}
