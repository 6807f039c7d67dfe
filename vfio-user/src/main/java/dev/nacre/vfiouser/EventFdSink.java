package dev.nacre.vfiouser;

import dev.nacre.linux.EventFd;
import dev.nacre.linux.Signaller;
import dev.nacre.pci.InterruptSink;

/** An interrupt vector's way to the client: an eventfd that it sent. Signalling it never blocks. */
final class EventFdSink implements InterruptSink {
    private final EventFd event;
    private final Signaller signaller;

    EventFdSink(EventFd event, Signaller signaller) {
        this.event = event;
        this.signaller = signaller;
    }

    @Override
    public void signal() {
        event.signal(signaller);
    }

    @Override
    public void close() {
        event.close();
    }
}
