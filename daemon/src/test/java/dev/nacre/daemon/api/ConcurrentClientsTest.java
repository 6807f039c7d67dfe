package dev.nacre.daemon.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Many clients at a time. */
@Timeout(180)
class ConcurrentClientsTest {
    private static final int CLIENTS = 200;

    @TempDir
    private Path folder;

    @Test
    void clients_twoHundredThatCreateShowListAndDelete_allAnswered() throws Exception {
        try (ApiFixture api = new ApiFixture(folder, new FakeService(4096));
                ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            CountDownLatch together = new CountDownLatch(1);
            List<Future<List<Integer>>> answers = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                String name = "desk" + i;
                answers.add(clients.submit(() -> {
                    together.await();
                    return life(api, name);
                }));
            }
            together.countDown();

            for (Future<List<Integer>> answer : answers) {
                assertThat(answer.get(120, TimeUnit.SECONDS)).containsExactly(201, 409, 200, 200, 200, 204, 404);
            }
            assertThat(api.service.vgpus()).isEmpty();
            assertThat(api.service.events().lastId()).isEqualTo(2 * CLIENTS);
        }
    }

    private static List<Integer> life(ApiFixture api, String name) throws IOException {
        String path = "/v1/vgpus/" + name;
        String wanted = "{\"name\":\"" + name + "\",\"type\":\"L40-2Q\"}";
        try (HttpLine line = api.line()) {
            HttpAnswer created = line.post("/v1/vgpus", wanted);
            HttpAnswer again = line.post("/v1/vgpus", wanted);
            HttpAnswer shown = line.get(path);
            assertThat(shown.json().get("name")).isEqualTo(name);
            HttpAnswer listed = line.get("/v1/vgpus");
            assertThat(listed.text()).contains("\"" + name + "\"");
            HttpAnswer reset = line.post(path + "/reset", "");
            HttpAnswer deleted = line.delete(path);
            HttpAnswer gone = line.get(path);
            return List.of(
                    created.status(),
                    again.status(),
                    shown.status(),
                    listed.status(),
                    reset.status(),
                    deleted.status(),
                    gone.status());
        }
    }

    @Test
    void questions_whileChangesTakeLong_answered() throws Exception {
        FakeService service = new FakeService();
        service.gate = new CountDownLatch(1);
        try (ApiFixture api = new ApiFixture(folder, service)) {
            List<HttpLine> changes = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                HttpLine line = api.line();
                line.send("DELETE /v1/vgpus/none HTTP/1.1\r\nHost: localhost\r\n\r\n");
                changes.add(line);
            }

            assertThat(api.get("/v1/boards").status()).isEqualTo(200);

            service.gate.countDown();
            for (HttpLine line : changes) {
                assertThat(HttpAnswer.read(line.in(), false).status()).isEqualTo(404);
                line.close();
            }
        }
    }
}
