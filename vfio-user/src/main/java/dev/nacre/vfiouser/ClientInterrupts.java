package dev.nacre.vfiouser;

import dev.nacre.linux.Errno;
import dev.nacre.linux.EventFd;
import dev.nacre.linux.Fd;
import dev.nacre.pci.InterruptKind;
import dev.nacre.vfiouser.wire.Command;
import dev.nacre.vfiouser.wire.Header;
import dev.nacre.vfiouser.wire.IndexedInfo;
import dev.nacre.vfiouser.wire.IrqSet;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/** The part of a {@link VfioUserClient} that is about interrupts: DEVICE_GET_IRQ_INFO and DEVICE_SET_IRQS. */
abstract sealed class ClientInterrupts permits VfioUserClient {
    private static final int BIND = IrqSet.DATA_EVENTFD | IrqSet.ACTION_TRIGGER;

    private final ClientLink link;
    private final int maxFds;

    ClientInterrupts(ClientLink link, int maxFds) {
        this.link = link;
        this.maxFds = maxFds;
    }

    /**
     * Number of vectors of an interrupt kind.
     *
     * @param kind which
     */
    public int interruptCount(InterruptKind kind) {
        return irqInfo(kind).count();
    }

    /**
     * Abilities of an interrupt kind, as VFIO_IRQ_INFO flags.
     *
     * @param kind which
     */
    public int interruptFlags(InterruptKind kind) {
        return irqInfo(kind).flags();
    }

    /**
     * Binds eventfds to vectors, in as many messages as it takes.
     *
     * @param kind which kind
     * @param first the first vector
     * @param events one per vector; they stay the caller's
     */
    public void bindInterrupts(InterruptKind kind, int first, List<EventFd> events) {
        if (!events.isEmpty() && maxFds == 0) {
            throw new VfioUserException(
                    Command.DEVICE_SET_IRQS.name(), Errno.EINVAL.number(), "the server takes no descriptors");
        }
        for (int done = 0; done < events.size(); ) {
            List<Fd> part = events.subList(done, Math.min(events.size(), done + maxFds)).stream()
                    .map(EventFd::fd)
                    .toList();
            setIrqs(BIND, kind, first + done, part.size(), part);
            done += part.size();
        }
    }

    /**
     * Takes the eventfds of vectors away.
     *
     * @param kind which kind
     * @param first the first vector
     * @param count how many vectors
     */
    public void unbindInterrupts(InterruptKind kind, int first, int count) {
        setIrqs(BIND, kind, first, count, List.of());
    }

    /**
     * Takes the eventfds of all vectors away.
     *
     * @param kind which kind
     */
    public void disableInterrupts(InterruptKind kind) {
        setIrqs(IrqSet.DATA_NONE | IrqSet.ACTION_TRIGGER, kind, 0, 0, List.of());
    }

    /**
     * Masks, unmasks or fires vectors.
     *
     * @param action what to do
     * @param kind which kind
     * @param first the first vector
     * @param count how many vectors, 1 or more
     */
    public void act(InterruptAction action, InterruptKind kind, int first, int count) {
        setIrqs(IrqSet.DATA_NONE | action.flag(), kind, first, count, List.of());
    }

    /**
     * Masks, unmasks or fires some of a range of vectors, with one message.
     *
     * @param action what to do
     * @param kind which kind
     * @param first the first vector
     * @param which true for those that are meant, one per vector
     */
    public void act(InterruptAction action, InterruptKind kind, int first, boolean[] which) {
        synchronized (link) {
            MemorySegment out = link.out();
            int flags = IrqSet.DATA_BOOL | action.flag();
            new IrqSet(IrqSet.SIZE + which.length, flags, kind.index(), first, which.length).write(out, Header.SIZE);
            for (int i = 0; i < which.length; i++) {
                out.set(ValueLayout.JAVA_BYTE, Header.SIZE + IrqSet.SIZE + i, (byte) (which[i] ? 1 : 0));
            }
            link.call(Command.DEVICE_SET_IRQS, IrqSet.SIZE + which.length, 0, List.of());
        }
    }

    /**
     * Masks or unmasks a vector.
     *
     * @param kind which kind
     * @param vector which vector
     * @param masked whether to mask
     */
    public void maskInterrupt(InterruptKind kind, int vector, boolean masked) {
        act(masked ? InterruptAction.MASK : InterruptAction.UNMASK, kind, vector, 1);
    }

    /**
     * Makes a vector fire, as a test of its way.
     *
     * @param kind which kind
     * @param vector which vector
     */
    public void triggerInterrupt(InterruptKind kind, int vector) {
        act(InterruptAction.TRIGGER, kind, vector, 1);
    }

    /**
     * Sets the eventfd by which this client masks the interrupt line without a message.
     *
     * @param event the eventfd; stays the caller's
     */
    public void maskLineBy(EventFd event) {
        int flags = IrqSet.DATA_EVENTFD | IrqSet.ACTION_MASK;
        setIrqs(flags, InterruptKind.INTX, 0, 1, List.of(event.fd()));
    }

    /**
     * Sets the eventfd by which this client unmasks the interrupt line without a message.
     *
     * @param event the eventfd; stays the caller's
     */
    public void unmaskLineBy(EventFd event) {
        int flags = IrqSet.DATA_EVENTFD | IrqSet.ACTION_UNMASK;
        setIrqs(flags, InterruptKind.INTX, 0, 1, List.of(event.fd()));
    }

    private IndexedInfo irqInfo(InterruptKind kind) {
        synchronized (link) {
            new IndexedInfo(IndexedInfo.SIZE, 0, kind.index(), 0).write(link.out(), Header.SIZE);
            link.call(Command.DEVICE_GET_IRQ_INFO, IndexedInfo.SIZE, IndexedInfo.SIZE, List.of());
            return IndexedInfo.read(link.reply().segment(), link.reply().body());
        }
    }

    private void setIrqs(int flags, InterruptKind kind, int first, int count, List<Fd> fds) {
        synchronized (link) {
            new IrqSet(IrqSet.SIZE, flags, kind.index(), first, count).write(link.out(), Header.SIZE);
            link.call(Command.DEVICE_SET_IRQS, IrqSet.SIZE, 0, fds);
        }
    }
}
