package dev.nacre.vfiouser;

import static dev.nacre.vfiouser.RawClient.REGION_READ;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.linux.UnixSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Clients that stop in the middle of something: nothing here waits for them without bound. */
@ExtendWith(LeavesNothing.class)
class StalledClientTest {
    private static final int PATIENCE_S = 60;
    private static final Duration SHORT = Duration.ofMillis(50);

    /** So long does an honest client have too, on a machine that is busy with something else. */
    private static final Duration INTRODUCTION = Duration.ofSeconds(3);

    /** Of a mebibyte each: more than a socket takes, whatever the kernel allows. */
    private static final int REPLIES = 8;

    @TempDir
    private Path folder;

    @Test
    void clientThatReadsNoRepliesIsTurnedOut() throws Exception {
        try (Served served = Served.negotiated(server -> server.stallTimeout(SHORT))) {
            readWithoutTakingTheReplies(served);

            served.awaitEnd();

            assertThat(served.warnings).singleElement().asString().contains("does not read its replies");
            assertThat(served.function.calls).containsExactly("disconnected");
        }
    }

    @Test
    void serverClosesThoughAClientReadsNoReplies() throws Exception {
        try (Served served = Served.negotiated(server -> server.stallTimeout(Duration.ZERO))) {
            readWithoutTakingTheReplies(served);

            served.stop();

            served.awaitEnd();
            assertThat(served.ended).hasSize(1);
        }
    }

    @Test
    void slowReaderIsServedInFull() {
        try (Served served = Served.negotiated(server -> server.stallTimeout(Duration.ofSeconds(PATIENCE_S)))) {
            readWithoutTakingTheReplies(served);

            // More than the socket holds, taken piece by piece.
            for (int i = 0; i < REPLIES; i++) {
                assertThat(served.client.receive().body()).hasSize(16 + (1 << 20));
            }
            served.client.assertUsable();
        }
    }

    @Test
    void clientThatDoesNotIntroduceItselfMakesRoomForTheNext() throws Exception {
        Path path = folder.resolve("gpu");
        BlockingQueue<String> warnings = new LinkedBlockingQueue<>();
        ServerListener listener = new ServerListener() {
            @Override
            public void warning(String text) {
                warnings.add(text);
            }
        };
        try (FakeFunction function = new FakeFunction();
                VfioUserServer server = VfioUserServer.builder(function)
                        .socketPath(path)
                        .introductionTimeout(INTRODUCTION)
                        .listener(listener)
                        .build()) {
            server.start();
            try (RawClient silent = new RawClient(UnixSocket.connect(path))) {
                assertThat(warnings.poll(PATIENCE_S, TimeUnit.SECONDS)).contains("did not introduce itself");
                silent.awaitEnd();
            }
            try (VfioUserClient client = VfioUserClient.connect(path)) {
                assertThat(client.describe().regions()).isEqualTo(9);
            }
        }
    }

    @Test
    void introducedClientMayBeSilentForEver() throws Exception {
        Path path = folder.resolve("gpu");
        CountDownLatch connected = new CountDownLatch(1);
        ServerListener listener = new ServerListener() {
            @Override
            public void connected(ClientInfo client) {
                connected.countDown();
            }
        };
        try (FakeFunction function = new FakeFunction();
                VfioUserServer server = VfioUserServer.builder(function)
                        .socketPath(path)
                        .introductionTimeout(INTRODUCTION)
                        .stallTimeout(SHORT)
                        .listener(listener)
                        .build()) {
            server.start();
            try (VfioUserClient client = VfioUserClient.connect(path)) {
                assertThat(connected.await(PATIENCE_S, TimeUnit.SECONDS)).isTrue();
                // Longer than the bound on introductions; nothing else could show that it is lifted.
                assertThat(server.awaitEnd(INTRODUCTION.plusMillis(200))).isFalse();

                assertThat(client.describe().regions()).isEqualTo(9);
            }
        }
    }

    @Test
    void serverClosesThoughTheModelIsStuck() throws Exception {
        CountDownLatch stuck = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        try (Served served = Served.negotiated()) {
            served.function.onRead = () -> {
                stuck.countDown();
                await(release);
            };
            served.client.send(Bytes.message(1, REGION_READ, 0, request(FakeFunction.BAR0, 4)));
            assertThat(stuck.await(PATIENCE_S, TimeUnit.SECONDS)).isTrue();

            served.stop();
            served.awaitEnd();
            boolean disconnectedEarly = served.function.calls.contains("disconnected");
            release.countDown();
            awaitCall(served, "disconnected");

            assertThat(disconnectedEarly).isFalse();
        }
    }

    private static void readWithoutTakingTheReplies(Served served) {
        for (int i = 0; i < REPLIES; i++) {
            served.client.send(Bytes.message(i, REGION_READ, 0, request(FakeFunction.BAR1, 1 << 20)));
        }
    }

    private static byte[] request(int region, int count) {
        return Bytes.of().u64(0).u32(region, count).get();
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(PATIENCE_S, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void awaitCall(Served served, String call) {
        long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_S);
        while (!served.function.calls.contains(call) && System.nanoTime() < deadlineNs) {
            Thread.onSpinWait();
        }
        assertThat(served.function.calls).contains(call);
    }
}
