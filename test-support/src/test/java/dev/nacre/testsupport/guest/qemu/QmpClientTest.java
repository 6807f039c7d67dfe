package dev.nacre.testsupport.guest.qemu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.avaje.json.mapper.JsonMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a monitor that answers each command with the next lines of its script. */
class QmpClientTest {
    private static final Duration BOUND = Duration.ofSeconds(30);
    private static final Duration SOON = Duration.ofMillis(1);
    private static final String GREETING = "{\"QMP\":{\"version\":{\"qemu\":{\"major\":11}},\"capabilities\":[]}}";

    @TempDir
    private Path folder;

    private final JsonMapper json = JsonMapper.builder().build();
    private final LinkedBlockingQueue<List<String>> script = new LinkedBlockingQueue<>();
    private final LinkedBlockingQueue<Map<String, Object>> commands = new LinkedBlockingQueue<>();
    private Optional<ServerSocketChannel> server = Optional.empty();

    @BeforeEach
    void listen() throws IOException {
        ServerSocketChannel listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        listening.bind(UnixDomainSocketAddress.of(socket()));
        server = Optional.of(listening);
        script.add(List.of("{\"return\":{},\"id\":%d}"));
        Thread.ofPlatform().daemon().start(() -> serve(listening));
    }

    @AfterEach
    void stop() throws IOException {
        server.orElseThrow().close();
    }

    private Path socket() {
        return folder.resolve("monitor");
    }

    private void serve(ServerSocketChannel listening) {
        try (SocketChannel client = listening.accept();
                BufferedReader in = new BufferedReader(Channels.newReader(client, StandardCharsets.UTF_8))) {
            send(client, GREETING);
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                Map<String, Object> command = json.fromJsonObject(line);
                commands.add(command);
                for (String answer :
                        Optional.ofNullable(script.poll(30, TimeUnit.SECONDS)).orElseThrow()) {
                    if (answer.equals("close")) {
                        return;
                    }
                    send(client, answer.replace("%d", String.valueOf(command.get("id"))));
                }
            }
        } catch (IOException closed) {
            commands.add(Map.of("execute", "connection lost"));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void send(SocketChannel client, String line) throws IOException {
        client.write(StandardCharsets.UTF_8.encode(line + "\r\n"));
    }

    @Test
    void connectionLeavesTheNegotiationMode() throws InterruptedException {
        try (QmpClient _ = connect()) {
            assertThat(commands.poll(30, TimeUnit.SECONDS)).containsEntry("execute", "qmp_capabilities");
        }
    }

    @Test
    void answerIsFoundAmongEventsAndArgumentsAreSent() throws InterruptedException {
        script.add(List.of(
                "{\"event\":\"RESET\",\"data\":{\"guest\":true}}", "{\"return\":{\"status\":\"running\"},\"id\":%d}"));
        try (QmpClient monitor = connect()) {
            Object answer = monitor.execute("query-status", Map.of("x", "a\"b"));

            assertThat(answer).isEqualTo(Map.of("status", "running"));
            commands.poll(30, TimeUnit.SECONDS);
            assertThat(commands.poll(30, TimeUnit.SECONDS)).containsEntry("arguments", Map.of("x", "a\"b"));
            assertThat(monitor.awaitEvent("RESET", BOUND)).isEqualTo(Map.of("guest", true));
        }
    }

    @Test
    void refusalCarriesQemusWords() {
        script.add(List.of("{\"error\":{\"class\":\"GenericError\",\"desc\":\"Bus 'pcie.0' is full\"},\"id\":%d}"));
        try (QmpClient monitor = connect()) {
            assertThatThrownBy(() -> monitor.execute("device_add", Map.of()))
                    .isInstanceOf(GuestException.class)
                    .hasMessageContaining("device_add")
                    .hasMessageContaining("Bus 'pcie.0' is full");
        }
    }

    @Test
    void eventWithoutDataIsEmpty() {
        script.add(List.of("{\"event\":\"STOP\"}", "{\"return\":{},\"id\":%d}"));
        try (QmpClient monitor = connect()) {
            monitor.execute("stop", Map.of());

            assertThat(monitor.awaitEvent("STOP", BOUND)).isEmpty();
        }
    }

    @Test
    void eventThatDoesNotComeIsNamed() {
        try (QmpClient monitor = connect()) {
            assertThatThrownBy(() -> monitor.awaitEvent("DEVICE_DELETED", SOON))
                    .isInstanceOf(GuestException.class)
                    .hasMessageContaining("DEVICE_DELETED");
        }
    }

    @Test
    void monitorThatClosesEndsTheWaitForAnAnswer() {
        script.add(List.of("close"));
        try (QmpClient monitor = connect()) {
            assertThatThrownBy(() -> monitor.execute("query-status", Map.of()))
                    .isInstanceOf(GuestException.class)
                    .hasMessageContaining("its monitor closed");
        }
    }

    @Test
    void quitIsDoneWhenTheMonitorClosesWithoutAnAnswer() {
        script.add(List.of("close"));
        try (QmpClient monitor = connect()) {
            monitor.quit();

            assertThat(commands).extracting(c -> c.get("execute")).contains("quit");
        }
    }

    @Test
    void socketThatNeverAppearsIsNamed() {
        Path nowhere = folder.resolve("nowhere");

        assertThatThrownBy(() -> QmpClient.connect(nowhere, SOON, () -> true))
                .isInstanceOf(GuestException.class)
                .hasMessageContaining(nowhere.toString());
    }

    @Test
    void serverThatIsGoneEndsTheWaitForItsSocket() {
        CompletableFuture<QmpClient> connecting = CompletableFuture.supplyAsync(
                () -> QmpClient.connect(folder.resolve("nowhere"), Duration.ofDays(1), () -> false));

        assertThat(connecting).failsWithin(BOUND);
    }

    @Test
    void unpluggingNamesTheDeviceAndWaitsForTheGuest() throws InterruptedException {
        script.add(List.of(
                "{\"return\":{},\"id\":%d}", "{\"event\":\"DEVICE_DELETED\",\"data\":{\"device\":\"gpu04-0\"}}"));
        try (QmpClient monitor = connect()) {
            monitor.unplug(GpuSlot.at(Path.of("/x.sock"), "04.0"), BOUND);

            commands.poll(30, TimeUnit.SECONDS);
            assertThat(commands.poll(30, TimeUnit.SECONDS)).containsEntry("arguments", Map.of("id", "gpu04-0"));
        }
    }

    private QmpClient connect() {
        return QmpClient.connect(socket(), BOUND, () -> true);
    }
}
