package dev.nacre.vfiouser;

import dev.nacre.linux.Errno;
import dev.nacre.linux.EventFd;
import dev.nacre.linux.Fd;
import dev.nacre.linux.Signaller;
import dev.nacre.pci.InterruptKind;
import dev.nacre.pci.Interrupts;
import dev.nacre.vfiouser.transport.MessageReader;
import dev.nacre.vfiouser.wire.IrqSet;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/** DEVICE_SET_IRQS. */
final class IrqService {
    private static final List<InterruptKind> KINDS = List.of(InterruptKind.values());

    private final Interrupts interrupts;
    private final LineEvents lineEvents;
    private final Signaller signaller;

    IrqService(Interrupts interrupts, LineEvents lineEvents, Signaller signaller) {
        this.interrupts = interrupts;
        this.lineEvents = lineEvents;
        this.signaller = signaller;
    }

    /** Serves the command; returns the reply's size, 0, or a negative errno. */
    int set(MessageReader request) {
        if (request.bodySize() < IrqSet.SIZE) {
            return -Errno.EINVAL.number();
        }
        IrqSet set = IrqSet.read(request.segment(), request.body());
        if (!isSound(set, request)) {
            return -Errno.EINVAL.number();
        }
        InterruptKind kind = KINDS.get(set.index());
        if (set.count() == 0) {
            interrupts.disable(kind);
            if (kind == InterruptKind.INTX) {
                lineEvents.clear();
            }
            return 0;
        }
        return (set.flags() & IrqSet.DATA_EVENTFD) != 0 ? byEventFd(set, kind, request) : byCommand(set, kind, request);
    }

    private boolean isSound(IrqSet set, MessageReader request) {
        int data = set.flags() & IrqSet.DATA;
        int action = set.flags() & IrqSet.ACTION;
        if ((set.flags() & ~(IrqSet.DATA | IrqSet.ACTION)) != 0
                || Integer.bitCount(data) != 1
                || Integer.bitCount(action) != 1
                || set.argsz() < IrqSet.SIZE
                || set.index() < 0
                || set.index() >= KINDS.size()) {
            return false;
        }
        InterruptKind kind = KINDS.get(set.index());
        if (set.count() == 0) {
            boolean disables = data == IrqSet.DATA_NONE && action == IrqSet.ACTION_TRIGGER && set.start() == 0;
            return disables && request.bodySize() == IrqSet.SIZE && request.fdCount() == 0;
        }
        boolean hasNoMask = kind == InterruptKind.ERR || kind == InterruptKind.REQ;
        if (set.start() + set.count() > interrupts.count(kind) || (hasNoMask && action != IrqSet.ACTION_TRIGGER)) {
            return false;
        }
        long bools = data == IrqSet.DATA_BOOL ? set.count() : 0;
        int fds = request.fdCount();
        boolean fdsFit = fds == 0 || (data == IrqSet.DATA_EVENTFD && fds == set.count());
        return fdsFit && request.bodySize() == IrqSet.SIZE + bools;
    }

    /** Masks, unmasks or fires at once. */
    private int byCommand(IrqSet set, InterruptKind kind, MessageReader request) {
        MemorySegment in = request.segment();
        long bools = request.body() + IrqSet.SIZE;
        boolean all = (set.flags() & IrqSet.DATA_NONE) != 0;
        for (int i = 0; i < set.count(); i++) {
            if (all || in.get(ValueLayout.JAVA_BYTE, bools + i) != 0) {
                // CAST: below the number of vectors
                int vector = (int) set.start() + i;
                switch (set.flags() & IrqSet.ACTION) {
                    case IrqSet.ACTION_MASK -> interrupts.mask(kind, vector, true);
                    case IrqSet.ACTION_UNMASK -> interrupts.mask(kind, vector, false);
                    default -> interrupts.trigger(kind, vector);
                }
            }
        }
        return 0;
    }

    /** Binds eventfds, or takes them away where none came. */
    private int byEventFd(IrqSet set, InterruptKind kind, MessageReader request) {
        boolean binds = (set.flags() & IrqSet.ACTION_TRIGGER) != 0;
        if (!binds && kind != InterruptKind.INTX) {
            return -Errno.EINVAL.number();
        }
        List<EventFd> events = new ArrayList<>();
        try {
            for (Fd fd = request.takeFd(); fd != null; fd = request.takeFd()) {
                events.add(EventFd.adopt(fd));
            }
        } catch (RuntimeException e) {
            events.forEach(EventFd::close);
            return -Errno.EINVAL.number();
        }
        if (binds) {
            for (int i = 0; i < set.count(); i++) {
                // CAST: below the number of vectors
                int vector = (int) set.start() + i;
                interrupts.bind(kind, vector, events.isEmpty() ? null : new EventFdSink(events.get(i), signaller));
            }
        } else if ((set.flags() & IrqSet.ACTION_MASK) != 0) {
            lineEvents.mask(events.isEmpty() ? null : events.getFirst());
        } else {
            lineEvents.unmask(events.isEmpty() ? null : events.getFirst());
        }
        return 0;
    }
}
