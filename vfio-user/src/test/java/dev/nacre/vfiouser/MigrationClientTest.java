package dev.nacre.vfiouser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nacre.linux.Errno;
import dev.nacre.linux.Fd;
import dev.nacre.linux.Memfd;
import dev.nacre.linux.UnixSocket;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Both ends of the migration messages together. */
@ExtendWith(LeavesNothing.class)
class MigrationClientTest {
    private static final long PAGE = 0x1000;

    /** A device, its server and its client. */
    private static final class Host implements AutoCloseable {
        private final FakeFunction function;
        private final VfioUserServer server;
        private final VfioUserClient client;

        private Host(@Nullable FakeMigration migration) {
            this.function = new FakeFunction(migration);
            UnixSocket.Pair pair = UnixSocket.pair();
            this.server =
                    VfioUserServer.builder(function).connectedFd(pair.second()).build();
            server.start();
            this.client = VfioUserClient.over(pair.first());
        }

        @Override
        public void close() {
            client.close();
            server.close();
            function.close();
        }
    }

    private final FakeMigration sourceDevice = new FakeMigration(true);
    private final FakeMigration targetDevice = new FakeMigration(false);
    private final Host source = new Host(sourceDevice);
    private final Host target = new Host(targetDevice);
    private final Arena arena = Arena.ofShared();

    @AfterEach
    void close() {
        source.close();
        target.close();
        arena.close();
    }

    /** Reads pieces of so many bytes until one is short. */
    private byte[] readAll(MigrationClient from, int pieceBytes) {
        MemorySegment piece = arena.allocate(pieceBytes);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        long got = pieceBytes;
        while (got == pieceBytes) {
            got = from.readData(piece, 0, pieceBytes);
            all.writeBytes(piece.asSlice(0, got).toArray(ValueLayout.JAVA_BYTE));
        }
        return all.toByteArray();
    }

    @Test
    void stateSavedFromOneServerIsRestoredIntoAnother() {
        byte[] state = new byte[(5 << 20) + 17];
        new Random(20261123).nextBytes(state);
        state[0] = 1;
        sourceDevice.state(state);
        MigrationClient from = source.client.migration();
        MigrationClient to = target.client.migration();

        from.moveTo(MigrationState.PRE_COPY);
        byte[] running = readAll(from, 3 << 20);
        from.moveTo(MigrationState.STOP_COPY);
        byte[] stopped = readAll(from, 1000);
        to.moveTo(MigrationState.RESUMING);
        to.writeData(MemorySegment.ofArray(running), 0, running.length);
        to.writeData(MemorySegment.ofArray(stopped), 0, stopped.length);
        to.moveTo(MigrationState.RUNNING);
        from.moveTo(MigrationState.STOP);

        assertThat(running).hasSize(state.length / 2);
        assertThat(targetDevice.state()).isEqualTo(state);
        assertThat(targetDevice.isRunning()).isTrue();
        assertThat(sourceDevice.isRunning()).isFalse();
        assertThat(from.state()).isEqualTo(MigrationState.STOP);
        assertThat(to.state()).isEqualTo(MigrationState.RUNNING);
    }

    @Test
    void abilitiesAreThoseOfTheDevice() {
        try (Host plain = new Host(null)) {
            assertThat(source.client.migration().isOffered()).isTrue();
            assertThat(source.client.migration().hasPreCopy()).isTrue();
            assertThat(target.client.migration().hasPreCopy()).isFalse();
            assertThat(plain.client.migration().isOffered()).isFalse();
            assertThat(plain.client.migration().canLogDma()).isTrue();
            assertThatThrownBy(() -> plain.client.migration().state()).hasMessageContaining("EINVAL");
        }
    }

    @Test
    void refusalsCarryTheErrnoAndTheStateTellsHowFarItCame() {
        sourceDevice.refuse("save", Errno.EBUSY);
        MigrationClient client = source.client.migration();

        assertThatThrownBy(() -> client.moveTo(MigrationState.STOP_COPY))
                .isInstanceOfSatisfying(
                        VfioUserException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EBUSY.number()));
        assertThat(client.state()).isEqualTo(MigrationState.STOP);
        assertThatThrownBy(() -> client.readData(arena.allocate(8), 0, 8)).hasMessageContaining("EINVAL");
        assertThatThrownBy(() -> client.writeData(arena.allocate(8), 0, 8)).hasMessageContaining("EINVAL");
    }

    @Test
    void writtenPagesAreReportedOnce() {
        try (Fd file = Memfd.ofFixedSize("dirty", 256 * PAGE)) {
            MigrationClient client = source.client.migration();
            source.client.map(0, file, 0, 256 * PAGE, true);
            long pageBytes = client.startLogging(PAGE, List.of(new MigrationClient.Range(0, 256 * PAGE)));
            source.function.memory().writeLong(65 * PAGE, 1);

            long[] pages = client.dirtyPages(0, 256 * PAGE, PAGE);
            long[] after = client.dirtyPages(0, 256 * PAGE, PAGE);
            client.stopLogging();

            assertThat(pageBytes).isEqualTo(PAGE);
            assertThat(pages).containsExactly(0, 2, 0, 0);
            assertThat(after).containsExactly(0, 0, 0, 0);
            assertThatThrownBy(() -> client.dirtyPages(0, PAGE, PAGE)).hasMessageContaining("EINVAL");
        }
    }

    @Test
    void reportThatExceedsAMessageIsAskedForInParts() {
        long size = 20L << 20;
        try (Fd file = Memfd.ofFixedSize("dirty", size)) {
            source.client.map(0, file, 0, size, true);
            source.client.migration().startLogging(PAGE, List.of());
            source.function.memory().writeInt(size - PAGE, 1);

            long[] bits = source.client.migration().dirtyPages(0, size, 1);

            assertThat(bits).hasSize((int) (size / Long.SIZE));
            assertThat(Arrays.stream(bits).filter(word -> word == -1).count()).isEqualTo(PAGE / Long.SIZE);
            assertThat(bits[bits.length - 1]).isEqualTo(-1);
            assertThat(bits[bits.length - 1 - (int) (PAGE / Long.SIZE)]).isZero();
        }
    }

    @Test
    void clientThatComesAfterOneThatLeftInTheMiddleFindsARunningDevice(@TempDir Path folder) {
        FakeMigration migration = new FakeMigration(false);
        Path path = folder.resolve("socket");
        try (FakeFunction function = new FakeFunction(migration);
                VfioUserServer server =
                        VfioUserServer.builder(function).socketPath(path).build()) {
            server.start();
            try (VfioUserClient first = VfioUserClient.connect(path)) {
                first.migration().moveTo(MigrationState.RESUMING);
                first.migration().startLogging(PAGE, List.of());
            }

            try (VfioUserClient second = VfioUserClient.connect(path)) {
                assertThat(second.migration().state()).isEqualTo(MigrationState.RUNNING);
                assertThat(second.migration().startLogging(2 * PAGE, List.of())).isEqualTo(2 * PAGE);
                second.migration().moveTo(MigrationState.STOP_COPY);
                assertThat(migration.calls).endsWith("close load", "start", "stop", "save");
            }
        }
    }

    @Test
    void paddedReplyIsReadByItsSizeAndOneWithoutItsDataEndsTheConnection() throws Exception {
        UnixSocket.Pair pair = UnixSocket.pair();
        try (RawClient peer = new RawClient(pair.second())) {
            CompletableFuture<Throwable> client = CompletableFuture.supplyAsync(() -> readTwice(pair.first()));
            answer(peer, RawClient.VERSION, Bytes.of().u16(0).u16(0).get());
            answer(
                    peer,
                    RawClient.MIG_DATA_READ,
                    Bytes.of().u32(10, 2).u8(7, 8, 0, 0).get());
            answer(peer, RawClient.MIG_DATA_READ, Bytes.of().u32(12, 4).u8(1, 2).get());

            assertThat(client.get(20, TimeUnit.SECONDS)).hasMessageContaining("reply without its data");
        }
    }

    /** Takes a command, whatever it is, and answers it. */
    private static void answer(RawClient peer, int command, byte[] body) {
        ByteBuffer header = Bytes.little(peer.receiveExactly(16));
        peer.receiveExactly(header.getInt(4) - 16);
        peer.send(Bytes.message(Short.toUnsignedInt(header.getShort(0)), command, 1, body));
    }

    private static Throwable readTwice(Fd connected) {
        try (VfioUserClient client = VfioUserClient.over(connected);
                Arena arena = Arena.ofConfined()) {
            MemorySegment piece = arena.allocate(4);
            long got = client.migration().readData(piece, 0, 4);
            assertThat(got).isEqualTo(2);
            assertThat(piece.get(ValueLayout.JAVA_BYTE, 1)).isEqualTo((byte) 8);
            client.migration().readData(piece, 0, 4);
            throw new AssertionError("The reply was taken");
        } catch (VfioUserException e) {
            return e;
        }
    }
}
