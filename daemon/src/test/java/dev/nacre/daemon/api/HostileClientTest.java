package dev.nacre.daemon.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests as nobody should send them: each is refused for what is wrong with it, and nobody else notices. */
@Timeout(120)
class HostileClientTest {
    private static final Contract CONTRACT = Contract.read();
    private static final long SHORT_PATIENCE_MS = 1_000;

    @TempDir
    private Path folder;

    private ApiFixture api;

    @BeforeEach
    void start() {
        api = new ApiFixture(folder);
    }

    @AfterEach
    void stop() {
        api.close();
    }

    /** Begins again with a server that waits a short time only for heads of requests. */
    private void restartImpatient() {
        api.close();
        api = new ApiFixture(folder, new FakeService(), Optional.empty(), new ConnectionWatch(SHORT_PATIENCE_MS));
    }

    private void assertProblem(HttpAnswer answer, int status, String code) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        assertThat(answer.type()).isEqualTo(AnswerWriter.PROBLEM);
        assertThat(CONTRACT.schemaErrors(CONTRACT.schema("Problem"), answer.json()))
                .isEmpty();
        assertThat(answer.json().get("code")).isEqualTo(code);
        assertThat(answer.json().get("status")).isEqualTo(status);
    }

    private HttpAnswer raw(String text) throws IOException {
        try (HttpLine line = api.line()) {
            line.send(text);
            return HttpAnswer.read(line.in(), false);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u0000\u0001\u0002\u0003\r\n\r\n",
                "GET\r\n\r\n",
                "GET / HTTP/9.9\r\n\r\n",
                "GET / HTTP/1.1\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: localhost\r\nno colon\r\n\r\n",
                "GET /%zz HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET /v1/%2e%2e/secret HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET /web/..%2fapi HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "POST /v1/vgpus HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
                "POST /v1/vgpus HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
                "POST /v1/vgpus HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
            })
    void request_malformed_refusedAndOthersAnswered(String text) throws IOException {
        HttpAnswer answer = raw(text);

        assertThat(answer.status()).isBetween(400, 505);
        assertThat(answer.type()).isEqualTo(AnswerWriter.PROBLEM);
        assertThat(CONTRACT.schemaErrors(CONTRACT.schema("Problem"), answer.json()))
                .isEmpty();
        assertThat(api.get("/healthz").status()).isEqualTo(200);
    }

    @Test
    void head_tooLarge_refused() throws IOException {
        HttpAnswer answer = raw("GET / HTTP/1.1\r\nHost: localhost\r\nX: " + "a".repeat(32 << 10) + "\r\n\r\n");

        assertProblem(answer, 431, "headers-too-large");
    }

    @Test
    void body_withoutEnd_refusedWhenItIsTooLarge() throws IOException {
        try (HttpLine line = api.line()) {
            line.send(HttpLine.head(
                    "POST /v1/vgpus HTTP/1.1",
                    "Host: localhost",
                    "Content-Type: application/json",
                    "Transfer-Encoding: chunked"));
            String chunk = "1000\r\n" + " ".repeat(0x1000) + "\r\n";
            for (int i = 0; i < 17; i++) {
                line.send(chunk);
            }

            assertProblem(HttpAnswer.read(line.in(), false), 413, "too-large");
        }
    }

    @Test
    void body_thatClaimsGibibytes_refusedBeforeItComes() throws IOException {
        HttpAnswer answer = raw(HttpLine.head(
                "POST /v1/vgpus HTTP/1.1",
                "Host: localhost",
                "Content-Type: application/json",
                "Content-Length: 99999999999"));

        assertProblem(answer, 413, "too-large");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x",
                "[]",
                "null",
                "{",
                "{}}",
                "{}{}",
                "\"a\"",
                "{\"name\"}",
                "{\"name\":}",
                "{name:1}",
                "{\"name\":\"a\"\"type\":\"b\"}",
                "{\"name\":\"\\u00\"}",
                "{\"name\":tru}",
                "{\"name\":1e}"
            })
    void body_noJsonObject_invalid(String body) throws IOException {
        assertProblem(api.post("/v1/vgpus", body), 400, "invalid");
    }

    @Test
    void body_nestedTooDeep_invalid() throws IOException {
        String deep = "{\"name\":" + "[".repeat(30_000) + "]".repeat(30_000) + "}";

        assertProblem(api.post("/v1/vgpus", deep), 400, "invalid");
    }

    @Test
    void number_withAHugeExponent_invalidAtOnce() throws IOException {
        HttpAnswer answer = api.post("/v1/vgpus", "{\"name\":\"a\",\"type\":\"b\",\"placement\":1e999999999}");

        assertProblem(answer, 400, "invalid");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "{'name':'a'}; type",
                "{'name':1,'type':'L40-2Q'}; name",
                "{'name':null,'type':'L40-2Q'}; name",
                "{'name':'-a','type':'L40-2Q'}; name",
                "{'name':'','type':'L40-2Q'}; name",
                "{'name':'../../etc','type':'L40-2Q'}; name",
                "{'name':'a','type':['L40-2Q']}; type",
                "{'name':'a','type':''}; type",
                "{'name':'a','type':'L40-2Q','uuid':'1-2-3-4-5'}; uuid",
                "{'name':'a','type':'L40-2Q','placement':-1}; placement",
                "{'name':'a','type':'L40-2Q','placement':1.5}; placement",
                "{'name':'a','type':'L40-2Q','placement':65536}; placement",
                "{'name':'a','type':'L40-2Q','placement':'1'}; placement",
                "{'name':'a','type':'L40-2Q','board':true}; board",
                "{'name':'a','type':'L40-2Q','colour':'red'}; colour",
                "{'name':'a','name':'b','type':'L40-2Q'}; name"
            })
    void member_wrong_namedInTheAnswer(String body, String field) throws IOException {
        HttpAnswer answer = api.post("/v1/vgpus", body.replace('\'', '"'));

        assertProblem(answer, 400, "invalid");
        assertThat(answer.json().get("field")).isEqualTo(field);
        assertThat(api.service.vgpus()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "{}; kind",
                "{'kind':'fire'}; kind",
                "{'kind':1}; kind",
                "{'kind':'xid','number':0}; number",
                "{'kind':'xid','number':256}; number",
                "{'kind':'stalled-gsp','stalled':'yes'}; stalled",
                "{'kind':'gpu-lost','number':1}; number"
            })
    void fault_wrong_namedInTheAnswer(String body, String field) throws IOException {
        HttpAnswer answer = api.post("/v1/boards/gpu0/faults", body.replace('\'', '"'));

        assertProblem(answer, 400, "invalid");
        assertThat(answer.json().get("field")).isEqualTo(field);
    }

    @Test
    void word_unknown_answeredWithThoseThatAreKnown() throws IOException {
        Map<?, ?> problem =
                api.post("/v1/boards/gpu0/faults", "{\"kind\":\"fire\"}").json();

        assertThat(problem.get("allowed"))
                .asInstanceOf(InstanceOfAssertFactories.LIST)
                .contains("xid", "gpu-lost");
    }

    @Test
    void text_withControlCharacters_notRepeated() throws IOException {
        HttpAnswer answer = api.get("/v1/vgpus?%1b%5b31m=1");

        assertProblem(answer, 400, "invalid");
        assertThat(answer.json().get("field")).isEqualTo("?[31m");
    }

    @Test
    void query_withAParameterTwice_invalid() throws IOException {
        assertProblem(api.get("/v1/vgpus?board=gpu0&board=gpu1"), 400, "invalid");
    }

    @Test
    void query_withAnUnknownParameter_invalid() throws IOException {
        HttpAnswer answer = api.get("/v1/vgpus?bord=gpu0");

        assertProblem(answer, 400, "invalid");
        assertThat(answer.json().get("field")).isEqualTo("bord");
    }

    @Test
    void method_another_answeredWithThoseThatAre() throws IOException {
        try (HttpLine line = api.line()) {
            HttpAnswer answer = line.ask("PUT", "/v1/vgpus", "", "");

            assertProblem(answer, 405, "method-not-allowed");
            assertThat(answer.header("Allow")).hasValue("GET, HEAD, POST");
        }
    }

    @ParameterizedTest
    @CsvSource({"text/xml, 406", "application/json;q=0, 406", "text/*;q=0.1, 406", "*/*, 200", "application/*, 200"})
    void type_ofTheAnswer_asAccepted(String accepted, int status) throws IOException {
        try (HttpLine line = api.line()) {
            assertThat(line.ask("GET", "/v1/boards", HttpLine.headers("Accept: " + accepted), "")
                            .status())
                    .isEqualTo(status);
        }
    }

    @Test
    void change_whoseAnswerIsNotAccepted_doesNotHappen() throws IOException {
        try (HttpLine line = api.line()) {
            HttpAnswer answer = line.ask("POST", "/v1/vgpus", HttpLine.headers("Accept: text/html"), ApiFixture.CREATE);

            assertProblem(answer, 406, "not-acceptable");
            assertThat(api.service.vgpus()).isEmpty();
        }
    }

    @Test
    void requestId_good_isKept() throws IOException {
        try (HttpLine line = api.line()) {
            assertThat(line.ask("GET", "/healthz", HttpLine.headers("X-Request-Id: my-1"), "")
                            .header("X-Request-Id"))
                    .hasValue("my-1");
            assertThat(line.ask("GET", "/healthz", HttpLine.headers("X-Request-Id: a b"), "")
                            .header("X-Request-Id")
                            .orElseThrow())
                    .matches("[0-9a-f]{16}");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "GET /heal", "GET /healthz HTTP/1.1\r\nHost: localhost\r\nX:"})
    void connection_onWhichNoHeadBecomesComplete_closed(String begun) throws IOException {
        restartImpatient();
        try (HttpLine line = api.line()) {
            line.send(begun);

            assertThat(line.ends()).isTrue();
        }
    }

    @Test
    void connection_onWhichBytesTrickle_closed() throws IOException {
        restartImpatient();
        try (HttpLine line = api.line()) {
            line.send("GET /healthz HTTP/1.1\r\nHost: localhost\r\n");
            boolean open = true;
            while (open) {
                try {
                    // Each of these answers takes a while, so that one byte comes now and then.
                    api.get("/healthz");
                    line.send("X");
                } catch (IOException e) {
                    open = false;
                }
            }

            assertThat(line.ends()).isTrue();
        }
    }

    @Test
    void request_thatTakesLongerThanAHead_notClosed() throws IOException {
        restartImpatient();
        CountDownLatch gate = new CountDownLatch(1);
        api.service.gate = gate;
        try (HttpLine line = api.line();
                HttpLine idle = api.line()) {
            line.send("DELETE /v1/vgpus/none HTTP/1.1\r\nHost: localhost\r\n\r\n");
            // Opened later, and closed for its silence: so long has the other been waiting.
            assertThat(idle.ends()).isTrue();
            gate.countDown();

            assertThat(HttpAnswer.read(line.in(), false).status()).isEqualTo(404);
        }
    }

    @Test
    void connections_half_othersAreAnswered() throws IOException {
        List<HttpLine> lines = new ArrayList<>();
        try {
            for (int i = 0; i < 200; i++) {
                HttpLine line = api.line();
                line.send(HttpLine.head(
                                "POST /v1/vgpus HTTP/1.1",
                                "Host: localhost",
                                "Content-Type: application/json",
                                "Content-Length: 100")
                        + "{");
                lines.add(line);
            }

            assertThat(api.get("/v1/vgpus").status()).isEqualTo(200);
        } finally {
            for (HttpLine line : lines) {
                line.close();
            }
        }
    }
}
