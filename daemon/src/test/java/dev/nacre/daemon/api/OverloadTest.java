package dev.nacre.daemon.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What clients are told when the service cannot keep up, or stops. */
@SuppressWarnings("NullAway.Init") // set by JUnit
class OverloadTest {
    private static final Contract CONTRACT = Contract.read();
    private static final Duration SHORT = Duration.ofMillis(20);
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final int QUEUE = 1;

    private final FakeService service = new FakeService();
    private final Workers workers = new Workers(QUEUE, SHORT, LONG);

    @TempDir
    private Path folder;

    private ApiServer server;

    private HttpAnswer ask(String operation, String method, String path) throws IOException {
        String body = switch (operation) {
            case "createVgpu" -> ApiFixture.CREATE;
            case "injectBoardFault", "injectVgpuFault" -> "{\"kind\":\"gpu-lost\"}";
            default -> "";
        };
        try (HttpLine line = HttpLine.to(folder.resolve("api.sock"))) {
            return line.ask(method, path, "", body);
        }
    }

    private void start() {
        server = new ApiServer(
                new ApiOptions(
                        new ApiOptions.Unix(folder.resolve("api.sock"), 0600, ApiFixture.UNCHANGED), Optional.empty()),
                ApiFixture.parts(service, Optional::empty),
                new ConnectionWatch(),
                workers);
        server.start();
    }

    @AfterEach
    void stop() {
        service.gate.countDown();
        server.close();
    }

    @ParameterizedTest
    @CsvSource({
        "createVgpu, POST,   /v1/vgpus",
        "deleteVgpu, DELETE, /v1/vgpus/desk1",
        "resetVgpu,  POST,   /v1/vgpus/desk1/reset",
        "resetBoard, POST,   /v1/boards/gpu0/reset"
    })
    void changes_thatTakeTooLong_timedOutAndThenTooMany(String operation, String method, String path)
            throws IOException {
        service.gate = new CountDownLatch(1);
        start();

        for (int i = 0; i < Workers.CHANGE_THREADS + QUEUE; i++) {
            HttpAnswer late = ask(operation, method, path);
            assertThat(late.status()).as(late.text()).isEqualTo(504);
            assertThat(late.json().get("code")).isEqualTo("timed-out");
            assertThat(CONTRACT.errors(operation, late)).isEmpty();
        }
        HttpAnswer full = ask(operation, method, path);

        assertThat(full.status()).as(full.text()).isEqualTo(429);
        assertThat(full.header("Retry-After")).contains("1");
        assertThat(full.json().get("code")).isEqualTo("too-many");
        assertThat(CONTRACT.errors(operation, full)).isEmpty();
    }

    @Test
    void questions_whileChangesAreTooMany_answered() throws IOException {
        service.gate = new CountDownLatch(1);
        start();
        for (int i = 0; i < Workers.CHANGE_THREADS + QUEUE + 1; i++) {
            assertThat(ask("resetBoard", "POST", "/v1/boards/gpu0/reset").status())
                    .isGreaterThanOrEqualTo(429);
        }

        assertThat(ask("listBoards", "GET", "/v1/boards").status()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({
        "listBoards,       GET,    /v1/boards",
        "showBoard,        GET,    /v1/boards/gpu0",
        "resetBoard,       POST,   /v1/boards/gpu0/reset",
        "injectBoardFault, POST,   /v1/boards/gpu0/faults",
        "createVgpu,       POST,   /v1/vgpus",
        "deleteVgpu,       DELETE, /v1/vgpus/desk1",
        "resetVgpu,        POST,   /v1/vgpus/desk1/reset",
        "injectVgpuFault,  POST,   /v1/vgpus/desk1/faults"
    })
    void requests_whileTheDaemonStops_unavailable(String operation, String method, String path) throws IOException {
        start();
        workers.close();

        HttpAnswer answer = ask(operation, method, path);

        assertThat(answer.status()).as(answer.text()).isEqualTo(503);
        assertThat(answer.json().get("code")).isEqualTo("unavailable");
        assertThat(CONTRACT.errors(operation, answer)).isEmpty();
    }
}
