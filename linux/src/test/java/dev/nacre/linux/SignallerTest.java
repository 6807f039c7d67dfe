package dev.nacre.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SignallerTest {
    @Test
    void signalsAddUp() {
        try (Signaller signaller = new Signaller();
                EventFd event = EventFd.create()) {
            event.signal(signaller);
            event.signal(signaller);

            assertThat(event.drain()).isEqualTo(2);
        }
    }

    @Test
    void oneSignallerRaisesManyEventfdsManyTimes() {
        try (Signaller signaller = new Signaller();
                EventFd first = EventFd.create();
                EventFd second = EventFd.create()) {
            for (int i = 0; i < 10_000; i++) {
                first.signal(signaller);
                second.signal(signaller);
            }

            assertThat(first.drain()).isEqualTo(10_000);
            assertThat(second.drain()).isEqualTo(10_000);
        }
    }

    @Test
    void fullCounterThatThePeerMadeBlockingAgainDoesNotBlock() {
        try (Signaller signaller = new Signaller();
                EventFd event = EventFd.create()) {
            assumeTrue(signaller.isCertain(), "This system permits no asynchronous transfers");
            fill(event);
            event.fd().setNonBlocking(false);

            for (int i = 0; i < 1000; i++) {
                event.signal(signaller);
            }

            assertThat(event.fd().isNonBlocking()).isFalse();
            assertThat(event.drain()).isEqualTo(-1);
        }
    }

    @Test
    void everyThreadsSignalsArrive() throws Exception {
        try (Signaller signaller = new Signaller();
                EventFd event = EventFd.create()) {
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                threads.add(Thread.ofPlatform().start(() -> {
                    for (int n = 0; n < 5000; n++) {
                        event.signal(signaller);
                    }
                }));
            }
            for (Thread thread : threads) {
                thread.join();
            }

            assertThat(event.drain()).isEqualTo(20_000);
        }
    }

    @Test
    void anythingButAnEventfdIsLeftAlone() {
        try (Signaller signaller = new Signaller();
                Fd file = Memfd.create("no-event", 0);
                EventFd event = EventFd.create()) {
            assumeTrue(signaller.isCertain(), "This system permits no asynchronous transfers");

            signaller.raise(file.number());
            event.signal(signaller);

            assertThat(FileStat.of(file).sizeBytes()).isZero();
            assertThat(event.drain()).isEqualTo(1);
        }
    }

    @Test
    void closedSignallerDoesNothingAndLeavesNoDescriptor() throws Exception {
        try (EventFd event = EventFd.create()) {
            long before = OpenFds.count();
            Signaller signaller = new Signaller();
            signaller.close();
            signaller.close();

            event.signal(signaller);

            assertThat(event.drain()).isZero();
            assertThat(OpenFds.count()).isEqualTo(before);
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
