package dev.nacre.daemon.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.daemon.host.ServiceEvent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Events as a stream: what comes, what resumes, and who is refused. */
@Timeout(120)
class EventStreamTest {
    private static final Contract CONTRACT = Contract.read();
    private static final int KEPT = 8;

    @TempDir
    private Path folder;

    private ApiFixture api;

    @BeforeEach
    void start() {
        api = new ApiFixture(folder, new FakeService(KEPT));
    }

    @AfterEach
    void stop() {
        api.close();
    }

    /** What a stream says. */
    private record Told(String id, String event, Object data) {
        long number() {
            return ((Number) Yaml.at(data, "id")).longValue();
        }

        String vgpu() {
            return Yaml.text(data, "vgpu");
        }
    }

    private HttpLine open(String path, String headers) throws IOException {
        HttpLine line = api.line();
        line.send("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n");
        HttpAnswer head = HttpAnswer.readHead(line.in());
        assertThat(head.status()).isEqualTo(200);
        assertThat(head.type()).isEqualTo("text/event-stream");
        return line;
    }

    private static List<Told> read(HttpLine line, int count) throws IOException {
        List<Told> events = new ArrayList<>();
        while (events.size() < count) {
            String text = new String(HttpAnswer.readChunk(line.in()), StandardCharsets.UTF_8);
            if (text.startsWith("id: ")) {
                String[] lines = text.split("\n");
                assertThat(lines).hasSize(3);
                Told told = new Told(lines[0].substring(4), lines[1].substring(7), Yaml.parse(lines[2].substring(6)));
                assertThat(CONTRACT.schemaErrors(CONTRACT.schema("Event"), told.data))
                        .isEmpty();
                assertThat(Yaml.text(told.data, "kind")).isEqualTo(told.event);
                events.add(told);
            }
        }
        return events;
    }

    private void tell(String... vgpus) {
        for (String vgpu : vgpus) {
            api.service.tell(ServiceEvent.Kind.VGPU_STATE, vgpu);
        }
    }

    @Test
    void stream_begun_tellsWhatComesNext() throws IOException {
        tell("before");
        try (HttpLine line = open("/v1/events", "")) {
            // Its first line says that it reads from here.
            HttpAnswer.readChunk(line.in());
            tell("one", "two");

            assertThat(read(line, 2)).extracting(Told::vgpu).containsExactly("one", "two");
        }
    }

    @Test
    void stream_fromTheBeginning_tellsAllThatIsKept() throws IOException {
        tell("one", "two");
        try (HttpLine line = open("/v1/events", HttpLine.headers("Last-Event-ID: 0"))) {
            assertThat(read(line, 2)).extracting(Told::vgpu).containsExactly("one", "two");
        }
    }

    @Test
    void stream_resumed_tellsWhatWasMissed() throws IOException {
        tell("one", "two", "three");
        String last;
        try (HttpLine line = open("/v1/events", HttpLine.headers("Last-Event-ID: 0"))) {
            last = read(line, 1).getFirst().id;
        }
        try (HttpLine line = open("/v1/events", HttpLine.headers("Last-Event-ID: " + last))) {
            assertThat(read(line, 2)).extracting(Told::vgpu).containsExactly("two", "three");
        }
    }

    @Test
    void stream_resumedTooLate_saysThatThereIsAGap() throws IOException {
        tell("first");
        String last;
        try (HttpLine line = open("/v1/events", HttpLine.headers("Last-Event-ID: 0"))) {
            last = read(line, 1).getFirst().id;
        }
        for (int i = 0; i < KEPT + 1; i++) {
            tell("later" + i);
        }
        try (HttpLine line = open("/v1/events", HttpLine.headers("Last-Event-ID: " + last))) {
            List<Told> events = read(line, 2);

            assertThat(events.getFirst().event).isEqualTo("gap");
            assertThat(events.getFirst().number()).isEqualTo(2);
            assertThat(events.getLast().vgpu()).isEqualTo("later1");
        }
    }

    @Test
    void stream_resumedAfterARestart_saysThatThereIsAGap() throws IOException {
        tell("one");
        try (HttpLine line = open("/v1/events", HttpLine.headers("Last-Event-ID: 00000000-1"))) {
            assertThat(read(line, 2)).extracting(Told::event).containsExactly("gap", "vgpu-state");
        }
    }

    @Test
    void stream_ofOneVgpu_tellsNothingElse() throws IOException {
        tell("one", "two", "one");
        try (HttpLine line = open("/v1/events?vgpu=one&board=gpu0", HttpLine.headers("Last-Event-ID: 0"))) {
            assertThat(read(line, 2)).extracting(Told::number).containsExactly(1L, 3L);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "-1", "00000000-", "00000000-1234567890123456789", "0000000g-1"})
    void stream_afterWhatIsNoId_invalid(String id) throws IOException {
        try (HttpLine line = api.line()) {
            HttpAnswer answer = line.ask("GET", "/v1/events", HttpLine.headers("Last-Event-ID: " + id), "");

            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.json().get("field")).isEqualTo("Last-Event-ID");
        }
    }

    @Test
    void streams_tooMany_refusedUntilOneEnds() throws IOException {
        List<HttpLine> lines = new ArrayList<>();
        try {
            for (int i = 0; i < ApiServer.MAX_EVENT_STREAMS; i++) {
                lines.add(open("/v1/events", ""));
            }
            HttpAnswer answer = api.get("/v1/events");

            assertThat(answer.status()).isEqualTo(429);
            assertThat(CONTRACT.errors("events", answer)).isEmpty();
        } finally {
            for (HttpLine line : lines) {
                line.close();
            }
        }
        // An event finds the lines closed, and their places are free again.
        HttpAnswer head;
        do {
            tell("again");
            try (HttpLine line = api.line()) {
                line.send("GET /v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n");
                head = HttpAnswer.readHead(line.in());
            }
        } while (head.status() == 429);
        assertThat(head.status()).isEqualTo(200);
    }

    @Test
    void head_ofTheStream_takesNoPlace() throws IOException {
        for (int i = 0; i < 2 * ApiServer.MAX_EVENT_STREAMS; i++) {
            try (HttpLine line = api.line()) {
                assertThat(line.ask("HEAD", "/v1/events", "", "").status()).isEqualTo(200);
            }
        }
    }

    @Test
    void reader_thatTakesNothing_delaysNobody() throws IOException {
        try (HttpLine stuck = open("/v1/events", "");
                HttpLine reading = open("/v1/events", "")) {
            HttpAnswer.readChunk(reading.in());
            for (int i = 0; i < 20_000; i++) {
                tell("much");
            }
            // All were told without waiting; this one has missed some, and says so.
            assertThat(read(reading, 1)).isNotEmpty();
            assertThat(api.get("/healthz").status()).isEqualTo(200);
            assertThat(stuck.in()).isNotNull();
        }
    }

    @Test
    void server_closed_endsStreams() throws IOException {
        try (HttpLine line = open("/v1/events", "")) {
            api.close();

            byte[] rest = line.in().readAllBytes();
            assertThat(new String(rest, StandardCharsets.UTF_8)).doesNotContain("problem");
        }
    }
}
