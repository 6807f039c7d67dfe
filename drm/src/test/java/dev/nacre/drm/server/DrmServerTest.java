package dev.nacre.drm.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.drm.testing.Arg;
import dev.nacre.drm.testing.Served;
import dev.nacre.drm.testing.TestDriver;
import dev.nacre.drm.testing.WireClient;
import dev.nacre.linux.Errno;
import dev.nacre.linux.EventFd;
import dev.nacre.linux.Fd;
import dev.nacre.linux.FdSocket;
import dev.nacre.linux.Mapping;
import dev.nacre.linux.PollSet;
import dev.nacre.linux.ReceivedFds;
import dev.nacre.linux.UnixPackets;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DrmServerTest {
    private static final int RENDER = 128;
    private static final int SHARED = 1;

    private final TestDriver driver = TestDriver.withAll();
    private final Served served = new Served(driver);
    private final WireClient client = served.connect();
    private final Fd file = client.open(RENDER);

    @AfterEach
    void close() {
        file.close();
        client.close();
        served.awaitEmpty();
        assertThat(driver.files.get()).isZero();
        assertThat(driver.objects.get()).isZero();
        served.close();
    }

    private int create() {
        Arg arg = Arg.of(16).u64(8, 8192);
        assertThat(client.ioctl(file, arg.iowr(TestDriver.CREATE), arg)).isZero();
        return arg.u32(0);
    }

    @Test
    void version_goesByTheWire() {
        long name = client.bytes(new byte[8]);
        Arg arg = Arg.of(64).u64(16, 8).u64(24, name);

        assertThat(client.ioctl(file, arg.iowr(0), arg)).isZero();

        assertThat(new String(client.at(name).bytes(), 0, 4, StandardCharsets.US_ASCII))
                .isEqualTo("test");
        assertThat(arg.u64(48)).isEqualTo(17);
    }

    @Test
    void nameOfAFilesSocket_tellsTokenAndNode() {
        assertThat(UnixPackets.peerName(file)).matches("nacre-drm/[0-9a-f]{32}/128");
    }

    @Test
    void nodeThatDoesNotExist_isNotOpened() {
        for (int minor : new int[] {1, 127, 129, -1, 1 << 20}) {
            WireClient.Answer answer = client.tryOpen(minor);
            assertThat(answer.type()).isEqualTo(Wire.ERROR);
            assertThat(answer.u32(8)).isEqualTo(Errno.ENODEV.number());
        }
        assertThat(client.ioctl(file, Arg.of(32).iowr(TestDriver.SEES), Arg.of(32)))
                .isZero();
    }

    @Test
    void memory_isFetchedInPartsHoweverLong() {
        byte[] bytes = new byte[(2 << 20) + 5];
        Arrays.fill(bytes, (byte) 1);
        Arg arg = Arg.of(24).u64(0, client.bytes(bytes)).u64(8, bytes.length);

        assertThat(client.ioctl(file, arg.iowr(TestDriver.SUM), arg)).isZero();

        assertThat(arg.u64(16)).isEqualTo(bytes.length);
        assertThat(client.fetches).isEqualTo(3);
    }

    @Test
    void memoryThatCameAhead_isNotFetched() {
        Arg arg = Arg.of(24).u64(0, 0x1002).u64(8, 3);
        Arg message = WireClient.ioctlMessage(WireClient.token(file), arg.iowr(TestDriver.SUM), arg.bytes(), 1);
        Arg whole = Arg.of(message.bytes().length + 24);
        System.arraycopy(message.bytes(), 0, whole.bytes(), 0, message.bytes().length);
        whole.u64(56, 0x1000).u32(64, 6);
        System.arraycopy(new byte[] {1, 2, 3, 4, 5, 6}, 0, whole.bytes(), 72, 6);

        assertThat(client.finish(client.ask(Wire.IOCTL, whole, List.of()), arg)).isZero();

        assertThat(arg.u64(16)).isEqualTo(3 + 4 + 5);
        assertThat(client.fetches).isZero();
    }

    @Test
    void badAddress_isAFaultAndNothingElse() {
        Arg arg = Arg.of(24).u64(0, 8).u64(8, 100);
        assertThat(client.ioctl(file, arg.iowr(TestDriver.SUM), arg)).isEqualTo(Errno.EFAULT.number());
        Arg again = Arg.of(24).u64(0, client.bytes(new byte[] {7})).u64(8, 1);
        assertThat(client.ioctl(file, again.iowr(TestDriver.SUM), again)).isZero();
        assertThat(again.u64(16)).isEqualTo(7);
    }

    @Test
    void memoryGoesBack_asMuchAsAMessageTakes() {
        long address = client.bytes(new byte[1 << 19]);
        Arg arg = Arg.of(16).u64(0, address).u64(8, 1 << 19);
        assertThat(client.ioctl(file, arg.iow(TestDriver.FILL), arg)).isZero();
        assertThat(client.at(address).bytes()).containsOnly(0x5a);

        Arg much = Arg.of(16).u64(0, address).u64(8, 2 << 20);
        assertThat(client.ioctl(file, much.iow(TestDriver.FILL), much)).isEqualTo(Errno.EINVAL.number());
    }

    @Test
    void mapping_isTheObjectsMemory() {
        int handle = create();
        Arg map = Arg.of(16).u32(0, handle);
        try (WireClient other = served.connect();
                Fd card = other.open(0)) {
            Arg dumb = Arg.of(32).u32(0, 1).u32(4, 2048).u32(8, 32);
            assertThat(other.ioctl(card, dumb.iowr(0xb2), dumb)).isZero();
            map.u32(0, dumb.u32(16));
            assertThat(other.ioctl(card, map.iowr(0xb3), map)).isZero();

            WireClient.Answer mapped = other.map(card, map.u64(8), 8192, 3, SHARED);

            assertThat(mapped.u32(8)).isZero();
            try (Fd memory = mapped.fds().getFirst();
                    Mapping mapping = Mapping.map(memory, mapped.u64(16), 8192, Mapping.Access.READ_WRITE)) {
                mapping.segment().set(ValueLayout.JAVA_BYTE, 8191, (byte) 1);
            }
            assertThat(other.map(card, map.u64(8), 8192, 3, 2).u32(8)).isEqualTo(Errno.EINVAL.number());
            assertThat(other.map(card, 4096, 8192, 3, SHARED).u32(8)).isEqualTo(Errno.EINVAL.number());
            assertThat(client.map(file, map.u64(8), 8192, 3, SHARED).u32(8)).isEqualTo(Errno.EACCES.number());
        }
    }

    @Test
    void descriptors_goBothWays() {
        Arg export = Arg.of(12).u32(0, create()).u32(4, 2);
        assertThat(client.ioctl(file, export.iowr(0x2d), export)).isZero();
        try (WireClient other = served.connect();
                Fd theirs = other.open(RENDER)) {
            Arg imported = Arg.of(12).u32(8, other.add(client.fd(export.u32(8)).duplicate()));
            assertThat(other.ioctl(theirs, imported.iowr(0x2e), imported)).isZero();
            assertThat(imported.u32(0)).isEqualTo(1);
            Arg none = Arg.of(12).u32(8, 77);
            assertThat(other.ioctl(theirs, none.iowr(0x2e), none)).isEqualTo(Errno.EBADF.number());
        }
    }

    @Test
    void events_areReadOnTheFile() {
        assertThat(client.ioctl(file, Arg.of(0).iow(TestDriver.EVENT), Arg.of(0)))
                .isZero();

        try (FdSocket events = new FdSocket(file.duplicate(), 1);
                Arena arena = Arena.ofConfined();
                PollSet poll = new PollSet(1)) {
            poll.set(0, file);
            assertThat(poll.await(0)).isEqualTo(1);
            MemorySegment event = arena.allocate(64, 8);
            assertThat(events.receive(event, 0, 64, new ReceivedFds(1))).isEqualTo(16);
            assertThat(event.get(ValueLayout.JAVA_INT, 4)).isEqualTo(16);
        }
    }

    @Test
    void eventsThatNobodyReads_doNotStopTheServer() {
        int errno = 0;
        for (int i = 0; i < 5000 && errno == 0; i++) {
            errno = client.ioctl(file, Arg.of(0).iow(TestDriver.EVENT), Arg.of(0));
        }

        assertThat(errno).isZero();
    }

    @Test
    void fileIsOneWhicheverConnectionUsesIt() {
        int handle = create();
        try (WireClient other = served.connect();
                Fd duplicate = file.duplicate()) {
            Arg close = Arg.of(8).u32(0, handle);
            assertThat(other.ioctl(duplicate, close.iow(0x09), close)).isZero();
        }
    }

    @Test
    void fileStaysOpen_untilItsLastDuplicateIsClosed() {
        Fd second = client.open(RENDER);
        Fd duplicate = second.duplicate();
        second.close();
        assertThat(client.ioctl(duplicate, Arg.of(32).iowr(TestDriver.SEES), Arg.of(32)))
                .isZero();
        assertThat(served.server.fileCount()).isEqualTo(2);

        duplicate.close();

        Served.await("the file is closed", () -> served.server.fileCount() == 1);
        assertThat(driver.files.get()).isEqualTo(1);
    }

    @Test
    void fileThatCloses_endsTheCallsOfAnyConnection() throws Exception {
        Fd second = client.open(RENDER);
        byte[] token = WireClient.token(second);
        try (WireClient other = served.connect()) {
            CompletableFuture<Integer> call = CompletableFuture.supplyAsync(() -> other.finish(
                    other.ask(
                            Wire.IOCTL,
                            WireClient.ioctlMessage(token, Arg.of(0).iow(TestDriver.HANG), new byte[0], 0),
                            List.of()),
                    Arg.of(0)));
            driver.hanging.await();

            second.close();

            assertThat(call.get(60, TimeUnit.SECONDS)).isEqualTo(Errno.EINTR.number());
            assertThat(other.ioctl(file, Arg.of(32).iowr(TestDriver.SEES), Arg.of(32)))
                    .isZero();
        }
    }

    @Test
    void clientThatDiesInACall_isForgotten() throws Exception {
        WireClient other = served.connect();
        Fd theirs = other.open(RENDER);
        assertThat(other.send(
                        Wire.IOCTL,
                        WireClient.ioctlMessage(
                                WireClient.token(theirs), Arg.of(0).iow(TestDriver.HANG), new byte[0], 0),
                        List.of()))
                .isTrue();
        driver.hanging.await();

        other.close();

        Served.await("the connection has ended", () -> served.server.connectionCount() == 1);
        theirs.close();
        Served.await("the file is closed", () -> served.server.fileCount() == 1);
    }

    @Test
    void deviceThatIsRemoved_hangsUpItsFiles() {
        served.server.remove(0);

        try (PollSet poll = new PollSet(1)) {
            poll.setHangUpOnly(0, file);
            Served.await("the file hangs up", () -> poll.await(0) > 0);
        }
        assertThat(client.tryOpen(RENDER).u32(8)).isEqualTo(Errno.ENODEV.number());
        assertThat(driver.files.get()).isZero();
    }

    @Test
    void serverThatEnds_hangsUp() {
        served.server.close();

        assertThat(client.tryOpen(RENDER).type()).isZero();
        try (PollSet poll = new PollSet(1)) {
            poll.setHangUpOnly(0, file);
            assertThat(poll.await(0)).isEqualTo(1);
        }
        assertThat(driver.files.get()).isZero();
    }

    @Test
    void waitOnASyncobj_goesByTheWire() {
        Arg create = Arg.of(8).u32(4, 1);
        assertThat(client.ioctl(file, create.iowr(0xbf), create)).isZero();
        Arg wait = Arg.of(32).u64(0, client.ints(create.u32(0))).u32(16, 1);
        assertThat(client.ioctl(file, wait.iowr(0xc3), wait)).isZero();
        try (EventFd event = EventFd.create()) {
            Arg eventfd = Arg.of(24)
                    .u32(0, create.u32(0))
                    .u32(16, client.add(event.fd().duplicate()));
            assertThat(client.ioctl(file, eventfd.iowr(0xcf), eventfd)).isZero();
            assertThat(event.drain()).isEqualTo(1);
        }
    }
}
