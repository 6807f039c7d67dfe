package dev.nacre.vfiouser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nacre.linux.EventFd;
import dev.nacre.linux.Fd;
import dev.nacre.linux.Memfd;
import dev.nacre.linux.UnixSocket;
import dev.nacre.pci.DmaFault;
import dev.nacre.pci.InterruptKind;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(LeavesNothing.class)
class VfioUserServerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final ClientOptions PATIENT = ClientOptions.DEFAULT.withPatience(PATIENCE);

    @TempDir
    private Path folder;

    private final FakeFunction function = new FakeFunction();
    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();

    private final ServerListener listener = new ServerListener() {
        @Override
        public void connected(ClientInfo client) {
            events.add("connected");
        }

        @Override
        public void disconnected(ConnectionCounts counts) {
            events.add("disconnected");
        }
    };

    @AfterEach
    void close() {
        function.close();
    }

    @Test
    void clientsComeOneAfterTheOtherAndEachFindsTheFunctionReset() throws Exception {
        Path path = folder.resolve("gpu");
        try (VfioUserServer server = at(path).build()) {
            server.start();
            for (int i = 0; i < 3; i++) {
                try (VfioUserClient client = VfioUserClient.connect(path)) {
                    assertThat(client.describe().pci()).isTrue();
                }
                assertThat(next()).isEqualTo("connected");
                assertThat(next()).isEqualTo("disconnected");
            }
        }
        assertThat(function.calls)
                .containsExactly("reset", "disconnected", "reset", "disconnected", "reset", "disconnected");
        assertThat(path).doesNotExist();
    }

    @Test
    void newClientRightAfterAKilledOneIsServed() {
        Path path = folder.resolve("gpu");
        try (VfioUserServer server = at(path).build()) {
            server.start();
            for (int i = 0; i < 50; i++) {
                try (VfioUserClient client = VfioUserClient.connect(path)) {
                    for (int n = 0; n < 200; n++) {
                        client.postInt(FakeFunction.BAR0, 0, n);
                    }
                }
            }
            try (VfioUserClient client = VfioUserClient.connect(path)) {
                assertThat(client.readInt(FakeFunction.BAR0, 0)).isEqualTo(199);
            }
        }
    }

    @Test
    void newClientWaitsWhileAKilledOneIsPutAway() throws Exception {
        Path path = folder.resolve("gpu");
        BlockingQueue<String> all = new LinkedBlockingQueue<>();
        CountDownLatch putAway = new CountDownLatch(1);
        function.onDisconnected = () -> await(putAway);
        try (VfioUserServer server = VfioUserServer.builder(function)
                .socketPath(path)
                .listener(new RecordingServerListener(all))
                .build()) {
            server.start();
            VfioUserClient.connect(path).close();
            CompletableFuture<VfioUserClient> second =
                    CompletableFuture.supplyAsync(() -> VfioUserClient.connect(path, PATIENT));

            // Longer than a client's end takes on a machine with time for it.
            assertThat(server.awaitEnd(Duration.ofMillis(2500))).isFalse();
            assertThat(second).isNotDone();
            putAway.countDown();

            try (VfioUserClient client = second.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                assertThat(client.describe().regions()).isEqualTo(9);
            }
        }
        assertThat(all).doesNotContain("refused");
    }

    @Test
    void serverClosesWhileANewClientWaits() throws Exception {
        Path path = folder.resolve("gpu");
        CountDownLatch putAway = new CountDownLatch(1);
        CountDownLatch beingPutAway = new CountDownLatch(1);
        function.onDisconnected = () -> {
            beingPutAway.countDown();
            await(putAway);
        };
        try (VfioUserServer server = at(path).build()) {
            server.start();
            VfioUserClient.connect(path).close();
            await(beingPutAway);
            try (RawClient second = new RawClient(UnixSocket.connect(path))) {
                server.close();

                assertThat(server.awaitEnd(PATIENCE)).isTrue();
                second.awaitEnd();
            }
            putAway.countDown();
            assertThat(next()).isEqualTo("connected");
            assertThat(next()).isEqualTo("disconnected");
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void nothingOfTheFormerClientIsLeft() throws Exception {
        Path path = folder.resolve("gpu");
        try (VfioUserServer server = at(path).build();
                Fd ram = Memfd.ofFixedSize("former", 4096);
                EventFd event = EventFd.create()) {
            server.start();
            long before = OpenFds.count();
            try (VfioUserClient client = VfioUserClient.connect(path)) {
                client.map(0x1000, ram, 0, 4096, true);
                client.bindInterrupts(InterruptKind.MSI, 0, List.of(event));
                assertThat(function.memory().readInt(0x1000)).isZero();
            }
            assertThat(next()).isEqualTo("connected");
            assertThat(next()).isEqualTo("disconnected");

            assertThatThrownBy(() -> function.memory().readInt(0x1000)).isInstanceOf(DmaFault.class);
            assertThat(function.interrupts().trigger(InterruptKind.MSI, 0)).isFalse();
            assertThat(OpenFds.mappingsOf("former")).isZero();
            try (VfioUserClient client = VfioUserClient.connect(path)) {
                // Being served proves that the former connection has been taken down.
                assertThat(client.describe().resettable()).isTrue();
                client.map(0x1000, ram, 0, 4096, true);
                client.unmap(0x1000, 4096);
            }
            assertThat(next()).isEqualTo("connected");
            assertThat(next()).isEqualTo("disconnected");
            assertThat(OpenFds.count()).isLessThanOrEqualTo(before + 2);
        }
    }

    @Test
    void secondClientIsTurnedAwayAtOnceAndTheFirstStays() {
        Path path = folder.resolve("gpu");
        try (VfioUserServer server = at(path).build()) {
            server.start();
            try (VfioUserClient first = VfioUserClient.connect(path)) {
                assertThatThrownBy(() -> VfioUserClient.connect(path))
                        .isInstanceOf(VfioUserException.class)
                        .hasMessageContaining("ECONNRESET");
                try (RawClient silent = new RawClient(UnixSocket.connect(path))) {
                    silent.awaitEnd();
                }
                assertThat(first.describe().regions()).isEqualTo(9);
            }
        }
    }

    @Test
    void clientThatNeverSpeaksOnlyTakesItsOwnPlace() throws Exception {
        Path path = folder.resolve("gpu");
        try (VfioUserServer server = at(path).build()) {
            server.start();
            UnixSocket.connect(path).close();
            assertThat(next()).isEqualTo("disconnected");
            try (VfioUserClient client = VfioUserClient.connect(path)) {
                assertThat(client.describe().regions()).isEqualTo(9);
            }
        }
    }

    @Test
    void closingTheServerEndsTheClientAndRemovesTheSocket() throws Exception {
        Path path = folder.resolve("gpu");
        long before = OpenFds.count();
        VfioUserServer server = at(path).build();
        server.start();
        try (VfioUserClient client = VfioUserClient.connect(path)) {
            server.close();
            server.close();

            assertThat(server.awaitEnd(PATIENCE)).isTrue();
            assertThatThrownBy(client::describe).isInstanceOf(VfioUserException.class);
        }
        assertThat(path).doesNotExist();
        assertThat(function.calls).containsExactly("reset", "disconnected");
        assertThat(OpenFds.count()).isEqualTo(before);
    }

    @Test
    void listenerMayCloseTheServer() throws Exception {
        Path path = folder.resolve("gpu");
        BlockingQueue<VfioUserServer> self = new LinkedBlockingQueue<>();
        VfioUserServer server = VfioUserServer.builder(function)
                .socketPath(path)
                .listener(new ServerListener() {
                    @Override
                    public void disconnected(ConnectionCounts counts) {
                        self.remove().close();
                    }
                })
                .build();
        self.add(server);
        server.start();
        VfioUserClient.connect(path).close();

        assertThat(server.awaitEnd(PATIENCE)).isTrue();
        assertThat(path).doesNotExist();
    }

    @Test
    void listenerThatThrowsAnErrorAtTheEndHarmsNoLaterClient() throws Exception {
        Path path = folder.resolve("gpu");
        BlockingQueue<String> seen = new LinkedBlockingQueue<>();
        ServerListener throwing = new ServerListener() {
            @Override
            public void disconnected(ConnectionCounts counts) {
                seen.add("disconnected");
                throw new FakeFunction.PlantedError();
            }
        };
        try (VfioUserServer server = VfioUserServer.builder(function)
                .socketPath(path)
                .listener(throwing)
                .build()) {
            server.start();
            VfioUserClient.connect(path).close();
            assertThat(seen.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo("disconnected");

            try (VfioUserClient client = VfioUserClient.connect(path)) {
                assertThat(client.describe().regions()).isEqualTo(9);
            }
        }
    }

    @Test
    void listenerThatThrowsHarmsNothing() {
        Path path = folder.resolve("gpu");
        ServerListener throwing = new ServerListener() {
            @Override
            public void connected(ClientInfo client) {
                throw new FakeFunction.PlantedException();
            }
        };
        try (VfioUserServer server = VfioUserServer.builder(function)
                .socketPath(path)
                .listener(throwing)
                .build()) {
            server.start();
            try (VfioUserClient client = VfioUserClient.connect(path)) {
                assertThat(client.describe().regions()).isEqualTo(9);
            }
        }
    }

    @Test
    void keptStateIsThereForTheNextClientButItsMemoryAndEventfdsAreNot() throws Exception {
        Path path = folder.resolve("gpu");
        try (VfioUserServer server = at(path).onReconnect(ReconnectPolicy.KEEP).build();
                Fd ram = Memfd.ofFixedSize("kept", 4096);
                EventFd event = EventFd.create()) {
            server.start();
            try (VfioUserClient client = VfioUserClient.connect(path)) {
                client.writeInt(FakeFunction.BAR0, 8, 42);
                client.map(0x1000, ram, 0, 4096, true);
                client.bindInterrupts(InterruptKind.MSI, 0, List.of(event));
            }
            assertThat(next()).isEqualTo("connected");
            assertThat(next()).isEqualTo("disconnected");
            boolean mapped = function.memory().isMapped(0x1000, 4, false);
            boolean bound = function.interrupts().trigger(InterruptKind.MSI, 0);
            int kept;
            try (VfioUserClient client = VfioUserClient.connect(path)) {
                kept = client.readInt(FakeFunction.BAR0, 8);
                client.map(0x1000, ram, 0, 4096, true);
            }

            assertThat(mapped).isFalse();
            assertThat(bound).isFalse();
            assertThat(kept).isEqualTo(42);
        }
        assertThat(function.calls).isEmpty();
    }

    @Test
    void messageRaisedBetweenTwoClientsReachesTheNextOfAKeptFunction() throws Exception {
        Path path = folder.resolve("gpu");
        ConfigFunction kept = new ConfigFunction();
        try (VfioUserServer server = VfioUserServer.builder(kept)
                        .socketPath(path)
                        .listener(listener)
                        .onReconnect(ReconnectPolicy.KEEP)
                        .build();
                EventFd event = EventFd.create()) {
            server.start();
            try (VfioUserClient client = VfioUserClient.connect(path)) {
                byte[] enable = {0, (byte) 0x80};
                client.write(
                        ConfigFunction.CONFIG_REGION, ConfigFunction.MSIX_CAP + 2, MemorySegment.ofArray(enable), 0, 2);
            }
            assertThat(next()).isEqualTo("connected");
            assertThat(next()).isEqualTo("disconnected");
            kept.interrupts().message(5);
            try (VfioUserClient client = VfioUserClient.connect(path)) {
                client.bindInterrupts(InterruptKind.MSIX, 5, List.of(event));

                assertThat(event.drain()).isEqualTo(1);
            }
        }
    }

    @Test
    void listenerIsToldOfEverythingThatHappens() throws Exception {
        Path path = folder.resolve("gpu");
        BlockingQueue<String> all = new LinkedBlockingQueue<>();
        try (VfioUserServer server = VfioUserServer.builder(function)
                .socketPath(path)
                .listener(new RecordingServerListener(all))
                .build()) {
            server.start();
            try (VfioUserClient client = VfioUserClient.connect(path)) {
                try (RawClient second = new RawClient(UnixSocket.connect(path))) {
                    second.awaitEnd();
                }
                client.reset();
            }
            List<String> told = new ArrayList<>();
            for (String event = ""; !event.startsWith("disconnected"); ) {
                event = String.valueOf(all.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS));
                told.add(event);
            }

            assertThat(told)
                    .containsExactly(
                            "listening",
                            "reset NEW_CLIENT",
                            "connected OTHER",
                            "refused",
                            "reset COMMAND",
                            "disconnected 2");
        }
    }

    @Test
    void manyClientsThatComeMeanwhileAreAllTurnedAway() {
        Path path = folder.resolve("gpu");
        try (VfioUserServer server = at(path).build()) {
            server.start();
            try (VfioUserClient first = VfioUserClient.connect(path)) {
                for (int i = 0; i < 100; i++) {
                    try (RawClient other = new RawClient(UnixSocket.connect(path))) {
                        other.awaitEnd();
                    }
                }
                assertThat(first.describe().regions()).isEqualTo(9);
            }
        }
    }

    @Test
    void startingTwiceIsRefused() {
        try (VfioUserServer server = at(folder.resolve("gpu")).build()) {
            server.start();

            assertThatThrownBy(server::start).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void writeMultipleIsOfferedOnlyIfAskedForAndKnown() throws Exception {
        Path path = folder.resolve("gpu");
        try (VfioUserServer server = at(path).writeMultiple(true).build()) {
            server.start();
            assertThat(offer(path, "{\"capabilities\":{\"write_multiple\":true}}\0"))
                    .contains("\"write_multiple\":true");
            assertThat(next()).isEqualTo("connected");
            assertThat(next()).isEqualTo("disconnected");
            assertThat(offer(path, "{\"capabilities\":{\"write_multiple\":false}}\0"))
                    .doesNotContain("write_multiple");
        }
    }

    /** Writes down what it is told. */
    private record RecordingServerListener(BlockingQueue<String> events) implements ServerListener {
        @Override
        public void listening() {
            events.add("listening");
        }

        @Override
        public void connected(ClientInfo client) {
            events.add("connected " + client.kind());
        }

        @Override
        public void refused() {
            events.add("refused");
        }

        @Override
        public void reset(ResetCause cause) {
            events.add("reset " + cause);
        }

        @Override
        public void disconnected(ConnectionCounts counts) {
            events.add("disconnected " + counts.messages());
        }
    }

    private static String offer(Path path, String json) {
        try (RawClient client = new RawClient(UnixSocket.connect(path))) {
            byte[] version = Bytes.of().u16(0).u16(0).text(json).get();
            byte[] reply = client.call(RawClient.VERSION, version).body();
            return new String(reply, StandardCharsets.UTF_8);
        }
    }

    private VfioUserServer.Builder at(Path path) {
        return VfioUserServer.builder(function).socketPath(path).listener(listener);
    }

    private String next() throws InterruptedException {
        String event = events.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        return event == null ? "nothing within " + PATIENCE : event;
    }
}
