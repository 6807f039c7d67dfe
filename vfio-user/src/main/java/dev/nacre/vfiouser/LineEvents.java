package dev.nacre.vfiouser;

import dev.nacre.linux.EventFd;
import dev.nacre.linux.Fd;
import dev.nacre.linux.PollSet;
import dev.nacre.pci.InterruptKind;
import dev.nacre.pci.Interrupts;
import org.jspecify.annotations.Nullable;

/**
 * Eventfds by which the client masks and unmasks the interrupt line: KVM signals the latter when the guest ends the
 * interrupt (its resample eventfd). The connection's thread waits for them whenever it waits for the socket; as long as
 * there are none, that costs nothing.
 */
final class LineEvents implements AutoCloseable {
    private static final int SOCKET = 0;
    private static final int MASK = 1;
    private static final int UNMASK = 2;

    private final Interrupts interrupts;
    private final PollSet set = new PollSet(3);
    private @Nullable EventFd mask;
    private @Nullable EventFd unmask;

    LineEvents(Interrupts interrupts, Fd socket) {
        this.interrupts = interrupts;
        set.set(SOCKET, socket);
    }

    /** Waits for something else than the socket from now on. */
    void watch(Fd instead) {
        set.set(SOCKET, instead);
    }

    /** Sets the eventfd that masks; null for none. The previous one is closed. */
    void mask(@Nullable EventFd event) {
        replace(MASK, mask, event);
        mask = event;
    }

    /** Sets the eventfd that unmasks; null for none. The previous one is closed. */
    void unmask(@Nullable EventFd event) {
        replace(UNMASK, unmask, event);
        unmask = event;
    }

    /** Forgets both. */
    void clear() {
        mask(null);
        unmask(null);
    }

    /** Returns when the socket has bytes or an end; until then, does what the eventfds ask. */
    void awaitSocket() {
        while (mask != null || unmask != null) {
            set.await(-1);
            if (set.isReady(MASK) && mask != null) {
                mask(obey(mask, true));
            }
            if (set.isReady(UNMASK) && unmask != null) {
                unmask(obey(unmask, false));
            }
            if (set.isReady(SOCKET)) {
                return;
            }
        }
    }

    @Override
    public void close() {
        clear();
        set.close();
    }

    /** Does what a ready eventfd asks. GUEST: one that is ready with nothing in it would be so for ever; drops it. */
    private @Nullable EventFd obey(EventFd event, boolean masked) {
        if (event.drain() == 0) {
            return null;
        }
        interrupts.mask(InterruptKind.INTX, 0, masked);
        return event;
    }

    private void replace(int slot, @Nullable EventFd old, @Nullable EventFd event) {
        set.set(slot, event == null ? null : event.fd());
        if (old != null && old != event) {
            old.close();
        }
    }
}
