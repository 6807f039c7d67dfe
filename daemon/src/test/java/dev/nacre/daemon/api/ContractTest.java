package dev.nacre.daemon.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.nacre.daemon.host.ServiceEvent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The server does what {@code openapi.yaml} says: every operation, and every error of every operation. */
class ContractTest {
    private static final Contract CONTRACT = Contract.read();
    private static final String FAULT = "{\"kind\":\"gpu-lost\"}";
    private static final String WEB_SOCKET = HttpLine.headers(
            "Connection: Upgrade",
            "Upgrade: websocket",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==");

    /** Errors whose causes need more than a request on a UNIX socket; each has a test of its own. */
    private static final Set<String> ELSEWHERE = Set.of("401", "403", "429", "503", "504");

    @TempDir
    private Path folder;

    private ApiFixture api;

    @BeforeEach
    void start() throws IOException {
        api = new ApiFixture(folder);
        assertThat(api.post("/v1/vgpus", ApiFixture.CREATE).status()).isEqualTo(201);
    }

    @AfterEach
    void stop() {
        api.close();
    }

    /**
     * A request.
     *
     * @param operation whose it is
     * @param status what it is answered with
     * @param method its method
     * @param path its path
     * @param headers lines with their ends
     * @param body its body
     */
    record Case(String operation, int status, String method, String path, String headers, String body) {
        static Case get(String operation, int status, String path) {
            return new Case(operation, status, "GET", path, "", "");
        }

        static Case post(String operation, int status, String path, String body) {
            return new Case(operation, status, "POST", path, "", body);
        }

        Case with(String header) {
            return new Case(operation, status, method, path, header, body);
        }

        @Override
        public String toString() {
            return operation + " " + status + " " + path + " " + body.substring(0, Math.min(40, body.length()));
        }
    }

    static Stream<Case> cases() {
        return Stream.of(serviceCases(), boardCases(), vgpuCases(), faultCases(), screenCases())
                .flatMap(List::stream);
    }

    private static List<Case> serviceCases() {
        return List.of(
                Case.get("health", 200, "/healthz"),
                Case.get("readiness", 200, "/readyz"),
                Case.get("metrics", 200, "/metrics"),
                Case.get("openapi", 200, "/openapi.yaml"),
                Case.get("version", 200, "/v1/version"),
                Case.get("events", 400, "/v1/events?vgpu=.."),
                Case.get("pageFile", 404, "/web/none.html"));
    }

    private static List<Case> boardCases() {
        return List.of(
                Case.get("listBoards", 200, "/v1/boards"),
                Case.get("showBoard", 200, "/v1/boards/gpu0"),
                Case.get("showBoard", 200, "/v1/boards/gpu1"),
                Case.get("showBoard", 404, "/v1/boards/gpu9"),
                Case.get("boardScreenshot", 404, "/v1/boards/gpu0/heads/0/screenshot"),
                Case.get("boardConsole", 404, "/v1/boards/gpu0/heads/0/console").with(WEB_SOCKET),
                Case.post("resetBoard", 200, "/v1/boards/gpu0/reset", ""),
                Case.post("resetBoard", 400, "/v1/boards/gpu0/reset", "{\"a\":1}"),
                Case.post("resetBoard", 404, "/v1/boards/gpu9/reset", ""),
                Case.post("resetBoard", 409, "/v1/boards/busy/reset", ""),
                Case.post("resetBoard", 500, "/v1/boards/broken/reset", ""),
                Case.get("listUnknownRegisters", 200, "/v1/boards/gpu0/unknown-registers"),
                Case.get("listUnknownRegisters", 404, "/v1/boards/gpu9/unknown-registers"),
                Case.get("listFunctions", 200, "/v1/boards/gpu0/functions"),
                Case.get("listFunctions", 404, "/v1/boards/gpu9/functions"),
                Case.get("listTypes", 200, "/v1/types?board=gpu0&creatable=true"),
                Case.get("listTypes", 400, "/v1/types?creatable=yes"),
                Case.get("listTypes", 404, "/v1/types?board=gpu9"));
    }

    private static List<Case> vgpuCases() {
        String large = "{\"name\":\"" + "a".repeat(RequestBody.MAX_BYTES) + "\"}";
        return List.of(
                Case.get("listVgpus", 200, "/v1/vgpus?board=gpu0"),
                Case.get("listVgpus", 400, "/v1/vgpus?board=-"),
                Case.get("listVgpus", 404, "/v1/vgpus?board=gpu9"),
                Case.post("createVgpu", 201, "/v1/vgpus", "{\"name\":\"b\",\"type\":\"l40-2q\",\"placement\":3}"),
                Case.post("createVgpu", 400, "/v1/vgpus", "{\"name\":\"b\"}"),
                Case.post("createVgpu", 404, "/v1/vgpus", "{\"name\":\"b\",\"type\":\"L40-2Q\",\"board\":\"gpu9\"}"),
                Case.post("createVgpu", 409, "/v1/vgpus", ApiFixture.CREATE),
                Case.post("createVgpu", 409, "/v1/vgpus", "{\"name\":\"no-room\",\"type\":\"L40-2Q\"}"),
                Case.post("createVgpu", 500, "/v1/vgpus", "{\"name\":\"broken\",\"type\":\"L40-2Q\"}"),
                Case.post("createVgpu", 500, "/v1/vgpus", "{\"name\":\"bug\",\"type\":\"L40-2Q\"}"),
                Case.post("createVgpu", 422, "/v1/vgpus", "{\"name\":\"drm\",\"type\":\"L40-2Q\"}"),
                Case.post("createVgpu", 413, "/v1/vgpus", large),
                Case.post("createVgpu", 415, "/v1/vgpus", "<a/>").with("Content-Type: text/xml\r\n"),
                Case.get("showVgpu", 200, "/v1/vgpus/desk1"),
                Case.get("showVgpu", 404, "/v1/vgpus/desk9"),
                new Case("deleteVgpu", 204, "DELETE", "/v1/vgpus/desk1", "", ""),
                new Case("deleteVgpu", 404, "DELETE", "/v1/vgpus/desk9", "", ""),
                new Case("deleteVgpu", 409, "DELETE", "/v1/vgpus/busy", "", ""),
                new Case("deleteVgpu", 500, "DELETE", "/v1/vgpus/broken", "", ""),
                Case.post("resetVgpu", 200, "/v1/vgpus/desk1/reset", ""),
                Case.post("resetVgpu", 400, "/v1/vgpus/desk1/reset", "{\"a\":1}"),
                Case.post("resetVgpu", 404, "/v1/vgpus/desk9/reset", ""),
                Case.post("resetVgpu", 409, "/v1/vgpus/busy/reset", ""),
                Case.post("resetVgpu", 500, "/v1/vgpus/broken/reset", ""),
                Case.get("attachVgpu", 200, "/v1/vgpus/desk1/attach?vmm=libvirt"),
                Case.get("attachVgpu", 400, "/v1/vgpus/desk1/attach?vmm=xen"),
                Case.get("attachVgpu", 404, "/v1/vgpus/desk9/attach"),
                Case.get("readGspLog", 200, "/v1/vgpus/desk1/gsp-log"),
                Case.get("readGspLog", 404, "/v1/vgpus/desk9/gsp-log"));
    }

    private static List<Case> faultCases() {
        return Stream.of(
                        "injectBoardFault /v1/boards/gpu0 /v1/boards/gpu9",
                        "injectVgpuFault /v1/vgpus/desk1 /v1/vgpus/desk9")
                .map(text -> text.split(" "))
                .flatMap(words -> Stream.of(
                        Case.post(words[0], 204, words[1] + "/faults", FAULT),
                        Case.post(words[0], 400, words[1] + "/faults", "{\"kind\":\"fire\"}"),
                        Case.post(words[0], 404, words[2] + "/faults", FAULT),
                        Case.post(words[0], 409, words[1].replaceFirst("[^/]+$", "busy") + "/faults", FAULT),
                        Case.post(words[0], 413, words[1] + "/faults", " ".repeat(RequestBody.MAX_BYTES) + FAULT),
                        Case.post(words[0], 415, words[1] + "/faults", FAULT).with("Content-Type: text/plain\r\n"),
                        Case.post(words[0], 422, words[1] + "/faults", "{\"kind\":\"unplug\"}")))
                .toList();
    }

    private static List<Case> screenCases() {
        return Stream.concat(
                        screenCases("screenshot", "console", "/v1/vgpus/desk1"),
                        screenCases("boardScreenshot", "boardConsole", "/v1/boards/gpu1"))
                .toList();
    }

    /** Of what is at a path and has two heads, the first of which is on. */
    private static Stream<Case> screenCases(String picture, String console, String path) {
        return Stream.of(
                Case.get(picture, 200, path + "/heads/0/screenshot"),
                Case.get(picture, 200, path + "/heads/0/screenshot?width=16"),
                Case.get(picture, 400, path + "/heads/0/screenshot?width=0"),
                Case.get(picture, 404, path + "/heads/3/screenshot"),
                Case.get(picture, 404, path + "/heads/x/screenshot"),
                Case.get(picture, 404, path + "9/heads/0/screenshot"),
                Case.get(picture, 409, path + "/heads/1/screenshot"),
                Case.get(console, 101, path + "/heads/0/console").with(WEB_SOCKET),
                Case.get(console, 400, path + "/heads/0/console?a=b").with(WEB_SOCKET),
                Case.get(console, 404, path + "/heads/2/console").with(WEB_SOCKET),
                Case.get(console, 404, path + "9/heads/0/console").with(WEB_SOCKET),
                Case.get(console, 426, path + "/heads/0/console"));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void answer_everyOperation_asTheContractSays(Case asked) throws IOException {
        HttpAnswer answer;
        try (HttpLine line = api.line()) {
            answer = line.ask(asked.method, asked.path, asked.headers, asked.body);
        }

        assertThat(answer.status()).as(answer.text()).isEqualTo(asked.status);
        assertThat(CONTRACT.errors(asked.operation, answer)).as(answer.text()).isEmpty();
        assertThat(answer.header("X-Request-Id")).isPresent();
        if (answer.status() >= 400) {
            assertThat(answer.json().get("requestId"))
                    .isEqualTo(answer.header("X-Request-Id").orElseThrow());
        }
    }

    @Test
    void cases_allOfTheContract() {
        Set<String> tested =
                cases().map(it -> it.operation + " " + it.status).collect(Collectors.toCollection(TreeSet::new));
        Set<String> said = new TreeSet<>();
        CONTRACT.operations()
                .keySet()
                .forEach(operation -> CONTRACT.responses(operation).keySet().stream()
                        .filter(status -> !status.equals("default") && !ELSEWHERE.contains(status))
                        .forEach(status -> said.add(operation + " " + status)));
        // Streams do not end; the page and metrics that are turned off have tests of their own.
        said.removeIf(
                it -> it.equals("events 200") || it.equals("metrics 404") || it.matches("page(File)? (200|304|404)"));

        assertThat(tested).containsAll(said);
    }

    @Test
    void routes_theContract_haveTheSameOperations() {
        Set<String> said = CONTRACT.operations().values().stream()
                .map(it -> it.id() + " " + it.method() + " " + it.path() + (it.open() ? " open" : ""))
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> served = api.server.routes().routes().stream()
                .map(it -> it.operation() + " " + it.method() + " " + it.path().text() + (it.open() ? " open" : ""))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(served).isEqualTo(said);
    }

    @Test
    void routes_produce_whatTheContractListsForSuccess() {
        api.server.routes().routes().stream()
                .filter(route -> !route.produces().equals(Route.ANY))
                .forEach(route -> assertThat(
                                CONTRACT.responses(route.operation()).toString())
                        .as(route.operation())
                        .contains(route.produces()));
    }

    @Test
    void kinds_ofEvents_areThoseOfTheContract() {
        List<?> kinds = Yaml.list(CONTRACT.schema("Event"), "properties", "kind", "enum");
        Set<Object> served = Stream.of(ServiceEvent.Kind.values())
                .map(ServiceEvent.Kind::label)
                .collect(Collectors.toSet());
        served.add("gap");

        assertThat(Set.copyOf(kinds)).isEqualTo(served);
    }

    @Test
    void codes_ofProblems_areThoseOfTheContract() {
        List<?> codes = Yaml.list(CONTRACT.schema("Problem"), "properties", "code", "enum");

        assertThat(Set.copyOf(codes))
                .isEqualTo(
                        Stream.of(ProblemCode.values()).map(ProblemCode::label).collect(Collectors.toSet()));
    }

    @Test
    void examples_fitTheirSchemas() {
        assertThat(CONTRACT.exampleErrors()).isEmpty();
    }

    @Test
    void contract_served_isTheFile() throws IOException {
        String served = api.get("/openapi.yaml").text();

        try (var in = Contract.class.getResourceAsStream("openapi.yaml")) {
            assumeTrue(in != null);
            assertThat(served).isEqualTo(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    @Test
    void ready_beforeEverythingIsUp_unavailable(@TempDir Path other) throws IOException {
        try (ApiFixture starting = new ApiFixture(
                other,
                new FakeService(),
                Optional.empty(),
                new ConnectionWatch(),
                () -> Optional.of("Board gpu0 starts"))) {
            HttpAnswer answer = starting.get("/readyz");

            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.json().get("detail")).isEqualTo("Board gpu0 starts");
            assertThat(CONTRACT.errors("readiness", answer)).isEmpty();
            assertThat(starting.get("/healthz").status()).isEqualTo(200);
        }
    }
}
