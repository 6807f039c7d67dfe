package dev.nacre.vfiouser;

import dev.nacre.linux.EventFd;
import dev.nacre.pci.InterruptSink;

/** An interrupt vector's way to the client: an eventfd that it sent. */
final class EventFdSink implements InterruptSink {
    private final EventFd event;

    EventFdSink(EventFd event) {
        this.event = event;
    }

    @Override
    public void signal() {
        event.signal();
    }

    @Override
    public void close() {
        event.close();
    }
}
