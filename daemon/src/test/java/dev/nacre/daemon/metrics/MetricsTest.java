package dev.nacre.daemon.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nacre.board.BoardConfig;
import dev.nacre.core.spi.CoreConfig;
import dev.nacre.core.spi.CoreProvider;
import dev.nacre.daemon.console.Head;
import dev.nacre.daemon.host.BoardHost;
import dev.nacre.daemon.host.BoardTypes;
import dev.nacre.daemon.host.CreateVgpu;
import dev.nacre.daemon.host.EventLog;
import dev.nacre.daemon.host.Firmware;
import dev.nacre.daemon.host.InjectedFault;
import dev.nacre.daemon.host.ServiceException;
import dev.nacre.daemon.host.VgpuOperations;
import dev.nacre.daemon.host.VgpuService;
import dev.nacre.daemon.host.VgpuView;
import dev.nacre.display.rfb.RfbCounts;
import dev.nacre.hw.chip.Chip;
import dev.nacre.vfio.manager.VgpuManagerOptions;
import dev.nacre.vfio.type.TypeCatalog;
import dev.nacre.vfiouser.VfioUserClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real scrapes of a real board with virtual GPUs and a client, read as Prometheus reads them. */
@Timeout(120)
class MetricsTest {
    private static final RfbCounts SEEN = new RfbCounts(2, 5, 0, 0, 70, 60, 200, 4096, 0);
    private static final String BOARD = "{board=\"gpu0\"}";

    private final EventLog events = new EventLog();
    private final AtomicReference<Map<Head, RfbCounts>> seen = new AtomicReference<>(Map.of());
    private BoardHost host;
    private Metrics metrics;
    private VgpuOperations service;
    private Path folder;

    @BeforeEach
    void start(@TempDir Path sockets) {
        folder = sockets;
        host = new BoardHost(
                new BoardHost.Plan(
                        "gpu0",
                        new BoardConfig(Chip.AD102, 8L << 30, 0, 4),
                        CoreProvider.named("java"),
                        CoreConfig.of(Firmware.synthetic()),
                        BoardTypes.of(TypeCatalog.shipped(), Chip.AD102),
                        VgpuManagerOptions.DEFAULT,
                        BoardHost.Sockets.ownerOnly(folder),
                        Optional.empty()),
                events);
        metrics = new Metrics(List.of(host), events, seen::get, "1.2.3");
        service = metrics.measured(new VgpuService(List.of(host), events, definitions -> {}));
    }

    @AfterEach
    void close() {
        host.close();
    }

    private static void await(BooleanSupplier condition) {
        long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("deadline").isLessThan(deadlineNs);
            LockSupport.parkNanos(1_000_000);
        }
    }

    private static String vgpu(String metric, String name) {
        return metric + "{board=\"gpu0\",vgpu=\"" + name + "\"}";
    }

    @Test
    void boardAlone_hasItsFigures() {
        Scrape scrape = Scrape.of(metrics);

        assertThat(scrape.value("nacre_build_info{version=\"1.2.3\"}")).isEqualTo(1);
        assertThat(scrape.value("nacre_board_up" + BOARD)).isEqualTo(1);
        assertThat(scrape.value("nacre_board_fb_bytes" + BOARD)).isEqualTo(8L << 30);
        assertThat(scrape.value("nacre_board_fb_given_bytes" + BOARD)).isZero();
        assertThat(scrape.value("nacre_board_virtual_functions" + BOARD)).isEqualTo(4);
        assertThat(scrape.value("nacre_board_power_limit_watts" + BOARD)).isEqualTo(300);
        assertThat(scrape.value("nacre_board_power_watts" + BOARD)).isBetween(36.0, 300.0);
        assertThat(scrape.value("nacre_board_temperature_celsius" + BOARD)).isBetween(28.0, 76.0);
        assertThat(scrape.value("nacre_board_gsp_messages_total{board=\"gpu0\",function=\"GSP_RM_CONTROL\"}"))
                .isPositive();
        assertThat(scrape.value("nacre_board_faults_total{board=\"gpu0\",kind=\"defects\"}"))
                .isZero();
        assertThat(scrape.value("nacre_events_total")).isPositive();
        assertThat(scrape.names()).noneMatch(name -> name.startsWith("nacre_vgpu_info"));
        assertThat(scrape.names()).contains("jvm_threads_current", "process_cpu_seconds_total");
    }

    @Test
    void everyMetric_isExposedWithItsNameTypeAndLabels() {
        service.create(CreateVgpu.of("a", "L40-1Q"));
        metrics.request("listVgpus", 200, 1_000_000);
        try (VfioUserClient client = VfioUserClient.connect(folder.resolve("a.sock"))) {
            assertThat(client.describe()).isNotNull();
            await(() -> Scrape.of(metrics).values().containsKey(vgpu("nacre_vfio_user_connections_total", "a"))
                    && Scrape.of(metrics).value(vgpu("nacre_vfio_user_connections_total", "a")) == 1);
            Scrape scrape = Scrape.of(metrics);

            Set<String> ours = scrape.types().keySet().stream()
                    .filter(name -> name.startsWith("nacre_"))
                    .collect(Collectors.toSet());
            // No guest has sent anything to its firmware.
            assertThat(Arrays.stream(Metric.values())
                            .filter(metric -> metric != Metric.VGPU_GSP_MESSAGES)
                            .map(Metric::exposedName))
                    .containsExactlyInAnyOrderElementsOf(ours);
            for (Metric metric : Metric.values()) {
                if (ours.contains(metric.exposedName())) {
                    assertThat(scrape.types().get(metric.exposedName()))
                            .as(metric.exposedName())
                            .isEqualToIgnoringCase(metric.kind().name());
                }
            }
        }
    }

    @Test
    void vgpu_hasItsSeriesUntilItIsDeleted() {
        service.create(CreateVgpu.of("a", "L40-1Q"));
        service.create(CreateVgpu.of("b", "L40-1Q"));
        Scrape before = Scrape.of(metrics);
        assertThat(before.value("nacre_board_vgpus" + BOARD)).isEqualTo(2);
        assertThat(before.value(vgpu("nacre_vgpu_fb_bytes", "a"))).isEqualTo(1L << 30);
        assertThat(before.value("nacre_vgpu_state{board=\"gpu0\",state=\"running\",vgpu=\"a\"}"))
                .isEqualTo(1);
        assertThat(before.value("nacre_vgpu_state{board=\"gpu0\",state=\"failed\",vgpu=\"a\"}"))
                .isZero();
        assertThat(before.value(vgpu("nacre_vgpu_plugin_messages_total", "a"))).isPositive();
        assertThat(before.value(vgpu("nacre_vgpu_engine_entitled_ratio", "a"))).isEqualTo(1);

        service.delete("a");

        Scrape after = Scrape.of(metrics);
        assertThat(after.values().keySet()).noneMatch(series -> series.contains("vgpu=\"a\""));
        assertThat(after.value(vgpu("nacre_vgpu_fb_bytes", "b"))).isEqualTo(1L << 30);
    }

    @Test
    void viewers_areCountedByHeadAsLongAsThereIsOne() {
        VgpuView made = service.create(CreateVgpu.of("a", "L40-1Q"));
        seen.set(Map.of(new Head.OfVgpu(made.uuid(), 1), SEEN, new Head.OfVgpu(UUID.randomUUID(), 0), SEEN.plus(SEEN)));

        Scrape scrape = Scrape.of(metrics);

        String second = "{board=\"gpu0\",head=\"1\",vgpu=\"a\"}";
        assertThat(scrape.value("nacre_rfb_clients" + second)).isEqualTo(2);
        assertThat(scrape.value("nacre_rfb_sessions_total" + second)).isEqualTo(5);
        assertThat(scrape.value("nacre_rfb_frames_total" + second)).isEqualTo(60);
        assertThat(scrape.value("nacre_rfb_bytes_total" + second)).isEqualTo(4096);
        assertThat(scrape.value("nacre_rfb_sessions_total" + second.replace("1", "0")))
                .isZero();
        assertThat(scrape.values().keySet())
                .filteredOn(series -> series.startsWith("nacre_rfb_clients"))
                .hasSize(made.heads().size());
        service.delete("a");
        assertThat(Scrape.of(metrics).names()).noneMatch(name -> name.startsWith("nacre_rfb_"));
    }

    @Test
    void client_isSeenWithItsMessages() {
        VgpuView made = service.create(CreateVgpu.of("a", "L40-1Q"));
        try (VfioUserClient client = VfioUserClient.connect(made.socket())) {
            assertThat(client.describe()).isNotNull();
            await(() -> Scrape.of(metrics).value(vgpu("nacre_vgpu_client_connected", "a")) == 1);

            Scrape scrape = Scrape.of(metrics);

            assertThat(scrape.value("nacre_vfio_user_messages_total{board=\"gpu0\",command=\"version\",vgpu=\"a\"}"))
                    .isEqualTo(1);
            assertThat(scrape.value(
                            "nacre_vfio_user_request_duration_seconds_bucket{board=\"gpu0\",le=\"+Inf\",vgpu=\"a\"}"))
                    .isPositive()
                    .isEqualTo(scrape.value(vgpu("nacre_vfio_user_request_duration_seconds_count", "a")));
        }
        await(() -> Scrape.of(metrics).value(vgpu("nacre_vgpu_client_connected", "a")) == 0);
    }

    @Test
    void changes_areTimedByTheirResult() {
        service.create(CreateVgpu.of("a", "L40-1Q"));
        service.reset("a");
        service.delete("a");
        assertThatThrownBy(() -> service.delete("a")).isInstanceOf(ServiceException.class);
        assertThatThrownBy(() -> service.create(CreateVgpu.of("a", "no-such"))).isInstanceOf(ServiceException.class);

        Scrape scrape = Scrape.of(metrics);

        String count = "nacre_vgpu_operation_duration_seconds_count";
        assertThat(scrape.value(count + "{operation=\"create\",result=\"done\"}"))
                .isEqualTo(1);
        assertThat(scrape.value(count + "{operation=\"create\",result=\"invalid\"}"))
                .isEqualTo(1);
        assertThat(scrape.value(count + "{operation=\"reset\",result=\"done\"}"))
                .isEqualTo(1);
        assertThat(scrape.value(count + "{operation=\"delete\",result=\"done\"}"))
                .isEqualTo(1);
        assertThat(scrape.value(count + "{operation=\"delete\",result=\"not_found\"}"))
                .isEqualTo(1);
        assertThat(scrape.value("nacre_vgpu_operation_duration_seconds_sum{operation=\"create\",result=\"done\"}"))
                .isPositive();
    }

    @Test
    void lostBoard_isDownAndHasNothingElse() {
        service.create(CreateVgpu.of("a", "L40-1Q"));

        service.injectBoard("gpu0", new InjectedFault.GpuLost());

        Scrape scrape = Scrape.of(metrics);
        assertThat(scrape.value("nacre_board_up" + BOARD)).isZero();
        assertThat(scrape.values().keySet())
                .filteredOn(series -> series.contains("board=\"gpu0\""))
                .containsExactly("nacre_board_up" + BOARD);
    }

    @Test
    void openMetrics_isSpokenToWhoTakesIt() {
        Exposition exposition = metrics.exposition("application/openmetrics-text; version=1.0.0");

        assertThat(exposition.contentType()).startsWith("application/openmetrics-text");
        assertThat(exposition.body()).endsWith("# EOF\n").contains("nacre_board_up");
        assertThat(exposition.body().getBytes(StandardCharsets.UTF_8).length).isLessThan(1 << 20);
    }

    @Test
    void twoRegistries_areApart() {
        Metrics other = new Metrics(List.of(), new EventLog(), Map::of, "0");
        other.request("listBoards", 200, 5_000_000);

        assertThat(Scrape.of(metrics).names()).doesNotContain("nacre_api_request_duration_seconds_count");
        assertThat(Scrape.of(other)
                        .value("nacre_api_request_duration_seconds_count{operation=\"listBoards\",status=\"200\"}"))
                .isEqualTo(1);
    }
}
