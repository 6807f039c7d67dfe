package dev.nacre.vfiouser;

import static dev.nacre.vfiouser.RawClient.EINVAL;
import static dev.nacre.vfiouser.RawClient.SET_IRQS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.nacre.linux.EventFd;
import dev.nacre.linux.Fd;
import dev.nacre.linux.Memfd;
import dev.nacre.linux.PollSet;
import dev.nacre.linux.Signaller;
import dev.nacre.pci.InterruptKind;
import dev.nacre.pci.Interrupts;
import java.io.IOException;
import java.nio.channels.Selector;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(LeavesNothing.class)
class SetIrqsTest {
    private static final int NONE = 1;
    private static final int BOOL = 2;
    private static final int EVENTFD = 4;
    private static final int MASK = 8;
    private static final int UNMASK = 16;
    private static final int TRIGGER = 32;

    private static final int INTX = 0;
    private static final int MSI = 1;
    private static final int MSIX = 2;
    private static final int ERR = 3;
    private static final int REQ = 4;

    private final Served served = Served.negotiated();
    private final Interrupts interrupts = served.function.interrupts();
    private final List<EventFd> events =
            Stream.generate(EventFd::create).limit(16).toList();

    @AfterEach
    void close() {
        served.close();
        events.forEach(EventFd::close);
    }

    @Test
    void boundMsiVectorsSignalTheirOwnEventfd() {
        assertThat(set(EVENTFD | TRIGGER, MSI, 0, 4, fds(0, 4))).isZero();

        interrupts.message(2);

        assertThat(drained(0, 4)).containsExactly(0L, 0L, 1L, 0L);
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 16})
    void allMsixVectorsAreBoundInChunksFireAndAreFreed(int chunk) throws Exception {
        long before = OpenFds.count();
        for (int start = 0; start < 2048; start += chunk) {
            assertThat(set(EVENTFD | TRIGGER, MSIX, start, chunk, fds(0, chunk)))
                    .isZero();
        }
        long bound = OpenFds.count();

        IntStream.range(0, 2048).forEach(interrupts::message);
        int disabled = set(NONE | TRIGGER, MSIX, 0, 0);

        assertThat(drained(0, chunk)).containsOnly(2048L / chunk);
        assertThat(disabled).isZero();
        assertThat(bound - before).isEqualTo(2048);
        assertThat(OpenFds.count()).isEqualTo(before);
    }

    @Test
    void vectorBeyondTheLastIsNone() {
        set(EVENTFD | TRIGGER, MSIX, 2047, 1, fds(0, 1));

        boolean last = interrupts.trigger(InterruptKind.MSIX, 2047);
        boolean beyond = interrupts.trigger(InterruptKind.MSIX, 2048);
        boolean unbound = interrupts.trigger(InterruptKind.MSIX, 2046);

        assertThat(last).isTrue();
        assertThat(beyond).isFalse();
        assertThat(unbound).isFalse();
        assertThat(drained(0, 1)).containsExactly(1L);
    }

    @Test
    void messageVectorsAreMaskedAndUnmaskedByMessage() {
        set(EVENTFD | TRIGGER, MSIX, 0, 4, fds(0, 4));

        int masked = setBools(MASK, MSIX, 0, 0, 1, 1, 0);
        IntStream.range(0, 4).forEach(interrupts::message);
        List<Long> whileMasked = drained(0, 4);
        int unmasked = set(NONE | UNMASK, MSIX, 1, 1);

        assertThat(masked).isZero();
        assertThat(unmasked).isZero();
        assertThat(whileMasked).containsExactly(1L, 0L, 0L, 1L);
        assertThat(drained(0, 4)).containsExactly(0L, 1L, 0L, 0L);
        assertThat(interrupts.pending(InterruptKind.MSIX, 2)).isTrue();
    }

    @Test
    void newEventfdReplacesTheOldWhichIsClosed() throws Exception {
        set(EVENTFD | TRIGGER, MSI, 0, 1, fds(0, 1));
        long before = OpenFds.count();

        set(EVENTFD | TRIGGER, MSI, 0, 1, fds(1, 2));
        interrupts.message(0);

        assertThat(drained(0, 2)).containsExactly(0L, 1L);
        assertThat(OpenFds.count()).isEqualTo(before);
    }

    @Test
    void unbindingOneVectorInTheMiddleReallyUnbindsIt() throws Exception {
        set(EVENTFD | TRIGGER, MSI, 0, 4, fds(0, 4));
        long before = OpenFds.count();

        int unbound = set(EVENTFD | TRIGGER, MSI, 3, 1);
        interrupts.message(3);
        interrupts.message(1);

        assertThat(unbound).isZero();
        assertThat(drained(0, 4)).containsExactly(0L, 1L, 0L, 0L);
        assertThat(before - OpenFds.count()).isEqualTo(1);
    }

    @Test
    void disablingAKindUnbindsAllOfIt() {
        set(EVENTFD | TRIGGER, MSI, 0, 4, fds(0, 4));

        assertThat(set(NONE | TRIGGER, MSI, 0, 0)).isZero();
        interrupts.message(0);

        assertThat(drained(0, 4)).containsOnly(0L);
    }

    @Test
    void qemusWayToEnableMsixWithoutAnEventfdIsAccepted() {
        assertThat(set(EVENTFD | TRIGGER, MSIX, 0, 1)).isZero();
    }

    @Test
    void fireTestReachesOnlyTheAskedVectors() {
        set(EVENTFD | TRIGGER, MSI, 0, 4, fds(0, 4));

        int none = set(NONE | TRIGGER, MSI, 1, 2);
        int bools = setBools(TRIGGER, MSI, 0, 1, 0, 0, 1);

        assertThat(none).isZero();
        assertThat(bools).isZero();
        assertThat(drained(0, 4)).containsExactly(1L, 1L, 1L, 1L);
    }

    @Test
    void firingAnUnboundVectorIsNoError() {
        assertThat(set(NONE | TRIGGER, MSI, 0, 1)).isZero();
        served.client.assertUsable();
    }

    @Test
    void errAndReqCanBeBoundFiredAndDisabled() {
        assertThat(set(EVENTFD | TRIGGER, ERR, 0, 1, fds(0, 1))).isZero();
        assertThat(set(EVENTFD | TRIGGER, REQ, 0, 1, fds(1, 2))).isZero();

        boolean err = interrupts.trigger(InterruptKind.ERR, 0);
        set(NONE | TRIGGER, REQ, 0, 1);
        int off = set(NONE | TRIGGER, REQ, 0, 0);
        set(EVENTFD | TRIGGER, ERR, 0, 1);
        int offAgain = set(EVENTFD | TRIGGER, REQ, 0, 1);

        assertThat(offAgain).isZero();
        assertThat(err).isTrue();
        assertThat(off).isZero();
        assertThat(drained(0, 2)).containsExactly(1L, 1L);
        assertThat(interrupts.trigger(InterruptKind.REQ, 0)).isFalse();
        assertThat(interrupts.trigger(InterruptKind.ERR, 0)).isFalse();
    }

    @Test
    void lineSignalsOnceUntilUnmaskedAndAgainIfStillAsserted() {
        set(EVENTFD | TRIGGER, INTX, 0, 1, fds(0, 1));

        interrupts.line(true);
        interrupts.line(true);
        long first = events.get(0).drain();
        set(NONE | UNMASK, INTX, 0, 1);
        long second = events.get(0).drain();
        interrupts.line(false);
        set(NONE | UNMASK, INTX, 0, 1);

        assertThat(first).isEqualTo(1);
        assertThat(second).isEqualTo(1);
        assertThat(events.get(0).drain()).isZero();
    }

    @Test
    void maskedLineWaitsForUnmask() {
        set(EVENTFD | TRIGGER, INTX, 0, 1, fds(0, 1));
        set(NONE | MASK, INTX, 0, 1);
        interrupts.line(true);
        long masked = events.get(0).drain();

        setBools(UNMASK, INTX, 0, 1);

        assertThat(masked).isZero();
        assertThat(events.get(0).drain()).isEqualTo(1);
    }

    @Test
    void resampleEventfdUnmasksWithoutAMessage() {
        EventFd line = events.get(0);
        EventFd resample = events.get(1);
        set(EVENTFD | TRIGGER, INTX, 0, 1, fds(0, 1));
        set(EVENTFD | UNMASK, INTX, 0, 1, fds(1, 2));
        interrupts.line(true);
        long first = line.drain();

        resample.signal();
        boolean again = awaitSignal(line);
        long second = line.drain();
        set(EVENTFD | UNMASK, INTX, 0, 1);
        resample.signal();
        served.client.assertUsable();

        assertThat(first).isEqualTo(1);
        assertThat(again).isTrue();
        assertThat(second).isEqualTo(1);
        assertThat(line.drain()).isZero();
        assertThat(resample.drain()).isEqualTo(1);
    }

    @Test
    void maskEventfdMasksWithoutAMessage() {
        EventFd line = events.get(0);
        EventFd mask = events.get(1);
        set(EVENTFD | TRIGGER, INTX, 0, 1, fds(0, 1));
        set(EVENTFD | MASK, INTX, 0, 1, fds(1, 2));

        mask.signal();
        awaitDrained(mask);
        served.client.assertUsable();
        interrupts.line(true);

        assertThat(line.drain()).isZero();
        set(NONE | UNMASK, INTX, 0, 1);
        assertThat(line.drain()).isEqualTo(1);
    }

    @Test
    void disablingTheLineForgetsItsResampleEventfd() throws Exception {
        long before = OpenFds.count();
        set(EVENTFD | TRIGGER, INTX, 0, 1, fds(0, 1));
        set(EVENTFD | UNMASK, INTX, 0, 1, fds(1, 2));
        set(EVENTFD | MASK, INTX, 0, 1, fds(2, 3));

        set(NONE | TRIGGER, INTX, 0, 0);

        assertThat(OpenFds.count()).isEqualTo(before);
    }

    @Test
    void adoptedEventfdIsMadeNonBlocking() {
        EventFd event = events.get(0);
        event.fd().setNonBlocking(false);

        set(EVENTFD | TRIGGER, MSI, 0, 1, fds(0, 1));

        assertThat(event.fd().isNonBlocking()).isTrue();
    }

    @Test
    void fullEventfdThatTheClientMadeBlockingAgainDoesNotStopTheDevice() {
        try (Signaller signaller = new Signaller()) {
            assumeTrue(signaller.isCertain(), "This system permits no asynchronous transfers");
        }
        EventFd event = events.get(0);
        set(EVENTFD | TRIGGER, MSI, 0, 1, fds(0, 1));
        set(EVENTFD | TRIGGER, INTX, 0, 1, fds(0, 1));
        event.fd().setNonBlocking(false);
        event.fd().write(Bytes.of().u64(-2).get());

        // By the device's thread, by the connection's thread as a loop-back test, and by unmasking.
        for (int i = 0; i < 100; i++) {
            interrupts.message(0);
        }
        int fired = set(NONE | TRIGGER, MSI, 0, 1);
        set(EVENTFD | TRIGGER, MSI, 0, 1);
        interrupts.line(true);
        int unmasked = set(NONE | UNMASK, INTX, 0, 1);

        assertThat(fired).isZero();
        assertThat(unmasked).isZero();
        served.client.assertUsable();
        assertThat(event.fd().isNonBlocking()).isFalse();
        assertThat(event.drain()).isEqualTo(-1);
    }

    @Test
    void eventfdWhoseOtherEndIsGoneIsStillSignalledInPeace() {
        EventFd gone = EventFd.create();
        set(EVENTFD | TRIGGER, MSI, 0, 1, gone.fd());
        gone.close();

        interrupts.message(0);

        served.client.assertUsable();
        assertThat(interrupts.trigger(InterruptKind.MSI, 0)).isTrue();
    }

    @Test
    void kernelObjectThatIsNoEventfdSignalsNothingAndHarmsNothing() throws Exception {
        try (Selector selector = Selector.open();
                Fd epoll = epollOf(selector)) {
            set(EVENTFD | TRIGGER, MSI, 0, 1, epoll);
            set(EVENTFD | UNMASK, INTX, 0, 1, epoll);

            interrupts.message(0);
            selector.wakeup();

            served.client.assertUsable();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0x28, 1, 0, 1",
        "0x31, 1, 0, 1",
        "0x23, 1, 0, 1",
        "0x26, 1, 0, 1",
        "0x20, 1, 0, 1",
        "0x01, 1, 0, 1",
        "0x61, 1, 0, 1",
        "0x21, 5, 0, 1",
        "0x21, 4294967295, 0, 1",
        "0x21, 2, 2047, 2",
        "0x21, 2, 2049, 1",
        "0x21, 2, 284, 4294967295",
        "0x21, 2, 4294967295, 4294967295",
        "0x21, 0, 0, 2",
        "0x09, 3, 0, 1",
        "0x11, 4, 0, 1",
        "0x21, 3, 0, 2",
        "0x21, 4, 1, 1",
        "0x21, 1, 1, 0",
        "0x09, 1, 0, 0",
        "0x22, 1, 0, 0",
        "0x24, 1, 0, 0",
        "0x14, 1, 0, 1"
    })
    void unsoundRequestsAreRefused(String flags, long index, long start, long count) {
        byte[] body =
                Bytes.of().u32(20, Integer.decode(flags), index, start, count).get();

        assertThat(served.client.call(SET_IRQS, body).errno()).isEqualTo(EINVAL);
        served.client.assertUsable();
    }

    @Test
    void descriptorsThatDoNotFitTheRequestAreRefusedAndClosed() throws Exception {
        long before = OpenFds.count();

        assertThat(set(EVENTFD | TRIGGER, MSI, 0, 2, fds(0, 1))).isEqualTo(EINVAL);
        assertThat(set(EVENTFD | TRIGGER, MSI, 0, 1, fds(0, 2))).isEqualTo(EINVAL);
        assertThat(set(NONE | TRIGGER, MSI, 0, 1, fds(0, 1))).isEqualTo(EINVAL);
        assertThat(set(NONE | TRIGGER, MSI, 0, 0, fds(0, 1))).isEqualTo(EINVAL);
        byte[] bools = Bytes.of().u32(21, BOOL | TRIGGER, MSI, 0, 1).u8(1).get();
        assertThat(served.client.call(SET_IRQS, bools, fds(0, 1)).errno()).isEqualTo(EINVAL);
        served.client.assertUsable();

        assertThat(OpenFds.count()).isEqualTo(before);
    }

    @Test
    void somethingElseThanAnEventfdIsRefusedAndNothingIsBound() throws Exception {
        try (Fd file = Memfd.create("no-eventfd", 8)) {
            long before = OpenFds.count();

            int errno = set(EVENTFD | TRIGGER, MSI, 0, 2, events.get(0).fd(), file);
            interrupts.message(0);

            assertThat(errno).isEqualTo(EINVAL);
            assertThat(OpenFds.count()).isEqualTo(before);
            assertThat(events.get(0).drain()).isZero();
        }
    }

    @Test
    void boolsMustBeAsManyAsVectors() {
        byte[] oneShort =
                Bytes.of().u32(23, BOOL | TRIGGER, MSI, 0, 4).u8(1, 1, 1).get();
        byte[] oneLong =
                Bytes.of().u32(25, BOOL | TRIGGER, MSI, 0, 4).u8(1, 1, 1, 1, 1).get();
        byte[] none = Bytes.of().u32(24, NONE | TRIGGER, MSI, 0, 1).u32(0).get();

        assertThat(served.client.call(SET_IRQS, oneShort).errno()).isEqualTo(EINVAL);
        assertThat(served.client.call(SET_IRQS, oneLong).errno()).isEqualTo(EINVAL);
        assertThat(served.client.call(SET_IRQS, none).errno()).isEqualTo(EINVAL);
        served.client.assertUsable();
    }

    @Test
    void wrongLengthOrArgszIsRefused() {
        byte[] sound = Bytes.of().u32(20, NONE | TRIGGER, MSI, 0, 0).get();
        byte[] smallArgsz = Bytes.of().u32(3, NONE | TRIGGER, MSI, 0, 0).get();

        assertThat(served.client.call(SET_IRQS, Bytes.none()).errno()).isEqualTo(EINVAL);
        assertThat(served.client.call(SET_IRQS, Arrays.copyOf(sound, 19)).errno())
                .isEqualTo(EINVAL);
        assertThat(served.client.call(SET_IRQS, smallArgsz).errno()).isEqualTo(EINVAL);
        served.client.assertUsable();
    }

    @Test
    void leavingClosesAllEventfds() throws Exception {
        long before = OpenFds.count();
        set(EVENTFD | TRIGGER, MSI, 0, 4, fds(0, 4));
        set(EVENTFD | TRIGGER, INTX, 0, 1, fds(4, 5));
        set(EVENTFD | UNMASK, INTX, 0, 1, fds(5, 6));

        served.leave();

        // Both ends of the socket are gone too, and the server's two eventfds.
        assertThat(OpenFds.count()).isLessThan(before);
        assertThat(interrupts.trigger(InterruptKind.MSI, 0)).isFalse();
    }

    private int set(int flags, int index, long start, long count, Fd... fds) {
        byte[] body = Bytes.of().u32(20, flags, index, start, count).get();
        return served.client.call(SET_IRQS, body, fds).errno();
    }

    private int setBools(int action, int index, int start, int... bools) {
        byte[] body = Bytes.of()
                .u32(20 + bools.length, BOOL | action, index, start, bools.length)
                .u8(bools)
                .get();
        return served.client.call(SET_IRQS, body).errno();
    }

    private Fd[] fds(int from, int to) {
        return events.subList(from, to).stream().map(EventFd::fd).toArray(Fd[]::new);
    }

    private List<Long> drained(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> events.get(i).drain()).toList();
    }

    /** A second descriptor of the epoll object that a selector waits with. */
    private static Fd epollOf(Selector selector) throws IOException {
        assertThat(selector.isOpen()).isTrue();
        try (Stream<Path> fds = Files.list(Path.of("/proc/self/fd"))) {
            return fds.filter(SetIrqsTest::isEpoll)
                    .map(fd -> Fd.adopt(Integer.parseInt(fd.getFileName().toString())))
                    .findFirst()
                    .orElseThrow()
                    .duplicate();
        }
    }

    private static boolean isEpoll(Path fd) {
        try {
            return Files.readSymbolicLink(fd).toString().contains("eventpoll");
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean awaitSignal(EventFd event) {
        try (PollSet set = new PollSet(1)) {
            set.set(0, event.fd());
            return set.await(20_000) == 1;
        }
    }

    /** Waits until the server has taken what was signalled. */
    private static void awaitDrained(EventFd event) {
        try (PollSet set = new PollSet(1)) {
            set.set(0, event.fd());
            long deadlineNs = System.nanoTime() + 20_000_000_000L;
            while (set.await(0) == 1 && System.nanoTime() < deadlineNs) {
                Thread.onSpinWait();
            }
        }
    }
}
