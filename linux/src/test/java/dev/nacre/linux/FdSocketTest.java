package dev.nacre.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FdSocketTest {
    private final Arena arena = Arena.ofShared();
    private final MemorySegment buffer = arena.allocate(1 << 20);
    private final ReceivedFds received = new ReceivedFds(16);
    private FdSocket here;
    private FdSocket there;

    @BeforeEach
    void connect() {
        UnixSocket.Pair pair = UnixSocket.pair();
        here = new FdSocket(pair.first(), 16);
        there = new FdSocket(pair.second(), 16);
    }

    @AfterEach
    void close() {
        received.close();
        here.close();
        there.close();
        arena.close();
    }

    @Test
    void bytesArriveAsSent() {
        buffer.set(JAVA_BYTE, 7, (byte) 1);
        buffer.set(JAVA_BYTE, 8, (byte) 2);

        assertThat(here.send(buffer, 7, 2)).isTrue();

        assertThat(there.receive(buffer, 100, 50, received)).isEqualTo(2);
        assertThat(buffer.get(JAVA_BYTE, 100)).isEqualTo((byte) 1);
        assertThat(buffer.get(JAVA_BYTE, 101)).isEqualTo((byte) 2);
        assertThat(received.count()).isZero();
    }

    @Test
    void twoSegmentsArriveAsOneStreamThoughTheSocketHoldsLess() {
        MemorySegment first = arena.allocate(8).fill((byte) 1);
        MemorySegment second = arena.allocate(3 << 20).fill((byte) 2);
        CompletableFuture<Boolean> sent =
                CompletableFuture.supplyAsync(() -> here.send(first, 3, 5, second, 7, 2 << 20));

        long bytes = 0;
        long sum = 0;
        while (bytes < 5 + (2 << 20)) {
            long n = there.receive(buffer, 0, buffer.byteSize(), received);
            for (long i = 0; i < n; i++) {
                assertThat(buffer.get(JAVA_BYTE, i)).isEqualTo((byte) (bytes + i < 5 ? 1 : 2));
                sum += buffer.get(JAVA_BYTE, i);
            }
            bytes += n;
        }

        assertThat(sent.join()).isTrue();
        assertThat(sum).isEqualTo(5 + 2L * (2 << 20));
    }

    @Test
    void secondSegmentIsCheckedBeforeAnythingIsSent() {
        MemorySegment second = arena.allocate(16);

        assertThatThrownBy(() -> here.send(buffer, 0, 4, second, 8, 9)).isInstanceOf(IndexOutOfBoundsException.class);

        here.send(buffer, 0, 1);
        assertThat(there.receive(buffer, 0, 100, received)).isEqualTo(1);
    }

    @Test
    void spinningReceivesWhatIsThereAndWaitsForWhatIsNot() {
        there.spin(Duration.ofNanos(1000));
        here.send(buffer, 0, 3);

        assertThat(there.receive(buffer, 0, 50, received)).isEqualTo(3);
        there.receiveWithin(Duration.ofMillis(1));
        assertThatThrownBy(() -> there.receive(buffer, 0, 50, received))
                .isInstanceOfSatisfying(
                        NativeException.class,
                        e -> assertThat(e.is(Errno.EAGAIN)).isTrue());
        here.close();
        assertThat(there.receive(buffer, 0, 50, received)).isZero();
    }

    @Test
    void receivingWithinABoundGivesUp() {
        here.receiveWithin(Duration.ofMillis(1));

        assertThatThrownBy(() -> here.receive(buffer, 0, 1, received))
                .isInstanceOfSatisfying(
                        NativeException.class,
                        e -> assertThat(e.is(Errno.EAGAIN)).isTrue());

        here.receiveWithin(Duration.ZERO);
        there.send(buffer, 0, 1);
        assertThat(here.receive(buffer, 0, 1, received)).isEqualTo(1);
    }

    @Test
    void sendingWithinABoundGivesUpOnAPeerThatDoesNotReceive() {
        here.sendWithin(Duration.ofMillis(1));

        assertThatThrownBy(() -> {
                    for (int i = 0; i < 100; i++) {
                        here.send(buffer, 0, 1 << 20);
                    }
                })
                .isInstanceOfSatisfying(
                        NativeException.class,
                        e -> assertThat(e.is(Errno.EAGAIN)).isTrue());
    }

    @Test
    void descriptorsArriveInOrderAndAreTheSameFiles() {
        List<Fd> files = files(16);
        here.send(buffer, 0, 1, files);

        there.receive(buffer, 0, 50, received);

        assertThat(received.count()).isEqualTo(16);
        for (Fd file : files) {
            try (Fd copy = received.take()) {
                assertThat(FileStat.of(copy)).isEqualTo(FileStat.of(file));
            }
        }
        files.forEach(Fd::close);
    }

    @Test
    void descriptorsEndAReceive() {
        List<Fd> one = files(1);
        here.send(buffer, 0, 10);
        here.send(buffer, 0, 20, one);
        here.send(buffer, 0, 30);

        long first = there.receive(buffer, 0, 1000, received);
        int firstFds = received.count();
        received.close();
        long second = there.receive(buffer, 0, 1000, received);

        assertThat(first).isEqualTo(30);
        assertThat(firstFds).isEqualTo(1);
        assertThat(second).isEqualTo(30);
        assertThat(received.count()).isZero();
        one.forEach(Fd::close);
    }

    @Test
    void moreDescriptorsThanFitAreDroppedAndReported() throws Exception {
        List<Fd> files = files(20);
        try (FdSocket generous = new FdSocket(here.fd().duplicate(), 20)) {
            long before = OpenFds.count();
            generous.send(buffer, 0, 1, files);

            there.receive(buffer, 0, 50, received);

            assertThat(received.isTruncated()).isTrue();
            assertThat(received.count()).isEqualTo(16);
            received.close();
            assertThat(OpenFds.count()).isEqualTo(before);
            assertThat(received.isTruncated()).isFalse();
        }
        files.forEach(Fd::close);
    }

    @Test
    void oddNumberOfDescriptorsNeverOverflowsTheList() {
        List<Fd> files = files(16);
        UnixSocket.Pair pair = UnixSocket.pair();
        try (FdSocket sender = new FdSocket(pair.first(), 16);
                FdSocket three = new FdSocket(pair.second(), 3);
                ReceivedFds list = new ReceivedFds(3)) {
            sender.send(buffer, 0, 1, files);

            three.receive(buffer, 0, 50, list);

            assertThat(list.count()).isEqualTo(3);
            assertThat(list.isTruncated()).isTrue();
        }
        files.forEach(Fd::close);
    }

    @Test
    void largeSendArrivesWholeAlthoughTheSocketTakesItInPieces() throws Exception {
        MemorySegment copy = arena.allocate(1 << 20);
        buffer.asSlice(123_456, 1000).fill((byte) 9);
        CompletableFuture<Boolean> sent = CompletableFuture.supplyAsync(() -> here.send(buffer, 0, 1 << 20));

        long done = 0;
        while (done < 1 << 20) {
            done += there.receive(copy, done, (1 << 20) - done, received);
        }

        assertThat(sent.get(60, TimeUnit.SECONDS)).isTrue();
        assertThat(copy.mismatch(buffer)).isEqualTo(-1);
    }

    @Test
    void peersEndIsZeroBytesAndAFailedSend() {
        there.close();

        assertThat(here.receive(buffer, 0, 10, received)).isZero();
        assertThat(here.send(buffer, 0, 10)).isFalse();
    }

    @Test
    void shutdownWakesTheReceiver() throws Exception {
        CompletableFuture<Long> waiting = CompletableFuture.supplyAsync(() -> here.receive(buffer, 0, 10, received));

        here.shutdown();

        assertThat(waiting.get(60, TimeUnit.SECONDS)).isZero();
    }

    @Test
    void rangeOutsideTheBufferIsRefused() {
        assertThatThrownBy(() -> here.send(buffer, 1 << 20, 1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> here.receive(buffer, (1 << 20) - 1, 2, received))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void receivedDescriptorsThatNobodyTakesAreClosed() throws Exception {
        List<Fd> files = files(4);
        long before = OpenFds.count();
        here.send(buffer, 0, 1, files);
        there.receive(buffer, 0, 1, received);

        received.take().close();
        received.close();

        assertThat(OpenFds.count()).isEqualTo(before);
        files.forEach(Fd::close);
    }

    private static List<Fd> files(int count) {
        List<Fd> files = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            files.add(Memfd.create("passed", i));
        }
        return files;
    }
}
