package dev.nacre.drm.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.drm.testing.Arg;
import dev.nacre.drm.testing.Served;
import dev.nacre.drm.testing.TestDriver;
import dev.nacre.drm.testing.WireClient;
import dev.nacre.linux.Errno;
import dev.nacre.linux.EventFd;
import dev.nacre.linux.Fd;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a client must not be able to do to the server, and to other clients. */
class HostileClientTest {
    private static final int RENDER = 128;

    private final TestDriver driver = TestDriver.withAll();
    private final Served served = new Served(driver);
    private final WireClient bystander = served.connect();
    private final Fd bystanderFile = bystander.open(RENDER);

    @AfterEach
    void close() {
        assertThat(bystander.ioctl(bystanderFile, Arg.of(32).iowr(TestDriver.SEES), Arg.of(32)))
                .isZero();
        bystanderFile.close();
        bystander.close();
        served.awaitEmpty();
        assertThat(driver.files.get()).isZero();
        assertThat(driver.objects.get()).isZero();
        served.close();
    }

    private static void assertEnded(WireClient client) {
        WireClient.Answer answer = client.receive();
        if (answer.type() == Wire.ERROR) {
            assertThat(answer.u32(8)).isIn(Errno.EPROTO.number(), Errno.EPROTONOSUPPORT.number());
            answer = client.receive();
        }
        assertThat(answer.type()).isZero();
    }

    @Test
    void lengthThatIsImpossible_endsTheConnection() {
        for (int length : new int[] {0, 7, -1, Wire.MOST_MESSAGE_BYTES + 1, Integer.MAX_VALUE}) {
            try (WireClient client = served.connect()) {
                assertThat(client.raw(Arg.of(8).u32(0, length).u32(4, Wire.OPEN).bytes(), List.of()))
                        .isTrue();
                assertEnded(client);
            }
        }
    }

    @Test
    void typeThatIsNotForServers_endsTheConnection() {
        for (int type : new int[] {0, 1, 2, 4, 6, 7, 8, 9, 10, 12, 13, 14, 0xffff}) {
            try (WireClient client = served.connect()) {
                assertThat(client.send(type, Arg.of(64), List.of())).isTrue();
                assertEnded(client);
            }
        }
    }

    @Test
    void messageWithoutItsBody_endsTheConnection() {
        for (int type : new int[] {Wire.OPEN, Wire.IOCTL, Wire.MMAP}) {
            try (WireClient client = served.connect()) {
                assertThat(client.send(type, Arg.of(0), List.of())).isTrue();
                assertEnded(client);
            }
        }
    }

    @Test
    void clientThatDoesNotGreet_isSentAway() {
        try (WireClient client = WireClient.silent(served.path)) {
            assertThat(client.send(Wire.OPEN, Arg.of(8), List.of())).isTrue();
            assertEnded(client);
        }
        try (WireClient client = WireClient.silent(served.path)) {
            assertThat(client.send(Wire.HELLO, Arg.of(8).u32(0, 2), List.of())).isTrue();
            assertEnded(client);
        }
    }

    @Test
    void messagesWithoutWaitingForAnswers_endTheConnection() {
        try (WireClient client = served.connect()) {
            byte[] two = new byte[32];
            Arg message = Arg.of(32).u32(0, 16).u32(4, Wire.OPEN).u32(16, 16).u32(20, Wire.OPEN);
            System.arraycopy(message.bytes(), 0, two, 0, 32);
            assertThat(client.raw(two, List.of())).isTrue();
            assertEnded(client);
        }
    }

    @Test
    void descriptorsThatNobodyAskedFor_areClosed() {
        List<Fd> many = new ArrayList<>();
        try (WireClient client = served.connect();
                EventFd event = EventFd.create()) {
            for (int i = 0; i < 16; i++) {
                many.add(event.fd());
            }
            WireClient.Answer answer = client.ask(Wire.OPEN, Arg.of(8).u32(0, 5), many);
            assertThat(answer.type()).isEqualTo(Wire.ERROR);
            Fd file = client.open(RENDER);
            file.close();
        }
    }

    @Test
    void partsOfAnIoctlThatDoNotFit_endTheConnection() {
        byte[] token = WireClient.token(bystanderFile);
        int[][] wrong = {{100, 0}, {-1, 0}, {1 << 14, 0}, {8, 1}, {8, -1}, {8, 257}};
        for (int[] one : wrong) {
            try (WireClient client = served.connect()) {
                Arg message = WireClient.ioctlMessage(token, Arg.of(8).iowr(TestDriver.SEES), new byte[8], 0);
                message.u32(24, one[0]).u32(28, one[1]);
                assertThat(client.send(Wire.IOCTL, message, List.of())).isTrue();
                assertEnded(client);
            }
        }
    }

    @Test
    void segmentThatDoesNotFit_endsTheConnection() {
        byte[] token = WireClient.token(bystanderFile);
        for (int bytes : new int[] {17, -1, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
            try (WireClient client = served.connect()) {
                Arg message = WireClient.ioctlMessage(token, Arg.of(24).iowr(TestDriver.SUM), new byte[56], 1);
                message.u32(24, 24).u64(56, 0x1000).u32(64, bytes);
                assertThat(client.send(Wire.IOCTL, message, List.of())).isTrue();
                assertEnded(client);
            }
        }
    }

    @Test
    void answersThatWereNotAskedFor_endTheConnectionAndTheCall() {
        try (WireClient client = served.connect()) {
            Arg arg = Arg.of(24).u64(0, 0x1000).u64(8, 64);
            Arg message =
                    WireClient.ioctlMessage(WireClient.token(bystanderFile), arg.iowr(TestDriver.SUM), arg.bytes(), 0);
            assertThat(client.ask(Wire.IOCTL, message, List.of()).type()).isEqualTo(Wire.FETCH);
            assertThat(client.send(Wire.DATA, Arg.of(40).u32(4, 32), List.of())).isTrue();
            assertEnded(client);
        }
        try (WireClient client = served.connect()) {
            Arg arg = Arg.of(24).u64(0, 0x1000).u64(8, 64);
            Arg message =
                    WireClient.ioctlMessage(WireClient.token(bystanderFile), arg.iowr(TestDriver.SUM), arg.bytes(), 0);
            assertThat(client.ask(Wire.IOCTL, message, List.of()).type()).isEqualTo(Wire.FETCH);
            assertThat(client.send(Wire.DATA_FD, Arg.of(8), List.of())).isTrue();
            assertEnded(client);
        }
    }

    @Test
    void fetchThatIsNeverAnswered_stopsNobodyElse() {
        WireClient client = served.connect();
        Fd file = client.open(RENDER);
        Arg arg = Arg.of(24).u64(0, 0x1000).u64(8, 64);
        Arg message = WireClient.ioctlMessage(WireClient.token(file), arg.iowr(TestDriver.SUM), arg.bytes(), 0);
        assertThat(client.ask(Wire.IOCTL, message, List.of()).type()).isEqualTo(Wire.FETCH);

        assertThat(bystander.ioctl(bystanderFile, Arg.of(32).iowr(TestDriver.SEES), Arg.of(32)))
                .isZero();
        file.close();

        Served.await("the file is closed", () -> served.server.fileCount() == 1);
        assertEnded(client);
        client.close();
    }

    @Test
    void tokenThatNobodyHas_isNoDevice() {
        try (WireClient client = served.connect()) {
            Arg message = WireClient.ioctlMessage(new byte[16], Arg.of(8).iowr(TestDriver.SEES), new byte[8], 0);
            assertThat(client.finish(client.ask(Wire.IOCTL, message, List.of()), Arg.of(8)))
                    .isEqualTo(Errno.ENODEV.number());
        }
    }

    @Test
    void filesOfOneProcess_areBounded() {
        try (WireClient client = served.connect()) {
            List<Fd> files = new ArrayList<>();
            WireClient.Answer answer = client.tryOpen(RENDER);
            while (answer.type() == Wire.OPENED && files.size() < 2000) {
                files.add(answer.fds().getFirst());
                answer = client.tryOpen(RENDER);
            }
            assertThat(answer.type()).isEqualTo(Wire.ERROR);
            assertThat(answer.u32(8)).isEqualTo(Errno.EMFILE.number());
            assertThat(files).hasSize(1023);
            files.forEach(Fd::close);
        }
    }

    @Test
    void noise_endsConnectionsAndNothingElse() {
        Random random = new Random(7);
        for (int i = 0; i < 300; i++) {
            byte[] noise = new byte[8 + random.nextInt(120)];
            random.nextBytes(noise);
            try (WireClient client = served.connect()) {
                boolean _ = client.raw(noise, List.of());
                client.hangUp();
            }
        }
    }
}
