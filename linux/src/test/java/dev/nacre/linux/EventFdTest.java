package dev.nacre.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

class EventFdTest {
    @Test
    void signalsAddUpUntilDrained() {
        try (EventFd event = EventFd.create()) {
            event.signal();
            event.signal();

            assertThat(event.drain()).isEqualTo(2);
            assertThat(event.drain()).isZero();
        }
    }

    @Test
    void fullCounterDoesNotBlockTheSignaller() {
        try (EventFd event = EventFd.create()) {
            fill(event);

            event.signal();

            assertThat(event.drain()).isEqualTo(-2);
        }
    }

    @Test
    void adoptedDescriptorBecomesNonBlocking() {
        Fd fd = EventFd.create().fd();
        fd.setNonBlocking(false);

        try (EventFd event = EventFd.adopt(fd)) {
            assertThat(event.fd().isNonBlocking()).isTrue();
        }
    }

    @Test
    void drainingABlockingEmptyCounterDoesNotBlock() {
        try (EventFd event = EventFd.create()) {
            event.fd().setNonBlocking(false);

            assertThat(event.drain()).isZero();
        }
    }

    @Test
    void adoptingAnythingElseIsRefusedAndClosesIt() {
        Fd file = Memfd.create("no-event", 8);
        UnixSocket.Pair sockets = UnixSocket.pair();

        assertThatThrownBy(() -> EventFd.adopt(file)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> EventFd.adopt(sockets.first())).isInstanceOf(IllegalArgumentException.class);

        assertThat(file.isClosed()).isTrue();
        assertThat(sockets.first().isClosed()).isTrue();
        sockets.second().close();
    }

    @Test
    void signalAfterCloseDoesNothing() {
        EventFd event = EventFd.create();
        event.close();
        try (EventFd next = EventFd.create()) {
            event.signal();

            assertThat(event.drain()).isZero();
            assertThat(next.drain()).isZero();
        }
    }

    @Test
    void pollSeesOnlyTheSlotThatIsReady() {
        try (EventFd quiet = EventFd.create();
                EventFd loud = EventFd.create();
                PollSet set = new PollSet(3)) {
            set.set(0, quiet.fd());
            set.set(2, loud.fd());
            int before = set.await(0);
            loud.signal();

            assertThat(before).isZero();
            assertThat(set.await(20_000)).isEqualTo(1);
            assertThat(set.isReady(0)).isFalse();
            assertThat(set.isReady(1)).isFalse();
            assertThat(set.isReady(2)).isTrue();
        }
    }

    @Test
    void emptiedSlotIsNotWaitedFor() {
        try (EventFd event = EventFd.create();
                PollSet set = new PollSet(1)) {
            set.set(0, event.fd());
            event.signal();
            set.set(0, null);

            assertThat(set.await(0)).isZero();
        }
    }

    private static void fill(EventFd event) {
        try (Frame frame = new Frame()) {
            MemorySegment value = frame.allocate(8, 8);
            value.set(ValueLayout.JAVA_LONG, 0, 0xffff_ffff_ffff_fffeL);
            Libc.write(frame.state(), event.fd().number(), value, 8);
        }
    }
}
