package dev.nacre.vfiouser.transport;

import dev.nacre.linux.Fd;
import dev.nacre.linux.ReceivedFds;
import dev.nacre.vfiouser.wire.Limits;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Descriptors that wait for their message to be served. Messages are told apart by their position in the stream. A
 * message keeps at most {@link Limits#MAX_FDS}; if more come, all that come too many are closed and it is marked.
 */
final class PassedFds {
    /**
     * A descriptor that came with a message; null marks a message that brought too many.
     *
     * @param message position of the message
     */
    private record Passed(long message, @Nullable Fd fd) {}

    private final Deque<Passed> queue = new ArrayDeque<>();

    /** Gives descriptors to a message; none come for an earlier one after that. */
    void attach(long message, ReceivedFds received) {
        if (received.isTruncated() || count(message) + received.count() > Limits.MAX_FDS) {
            if (!isExcessive(message)) {
                queue.add(new Passed(message, null));
            }
            received.close();
        }
        while (received.count() > 0) {
            queue.add(new Passed(message, received.take()));
        }
    }

    /** Gives descriptors to a message that comes after all others. */
    void attach(long message, List<Fd> fds, boolean excessive) {
        if (excessive) {
            queue.add(new Passed(message, null));
        }
        fds.forEach(fd -> queue.add(new Passed(message, fd)));
    }

    /** Hands on all that belongs to this message and to later ones. */
    void moveFrom(long message, PassedFds to) {
        queue.stream().filter(passed -> passed.message >= message).forEach(to.queue::add);
        queue.removeIf(passed -> passed.message >= message);
    }

    /** Descriptors that a message still has. */
    int count(long message) {
        int count = 0;
        for (Passed passed : queue) {
            if (passed.message == message && passed.fd != null) {
                count++;
            }
        }
        return count;
    }

    /** Whether a message brought more than may be. */
    boolean isExcessive(long message) {
        // Asked of every message, nearly all of which have none: an iterator each would be garbage.
        if (queue.isEmpty()) {
            return false;
        }
        for (Passed passed : queue) {
            if (passed.message == message && passed.fd == null) {
                return true;
            }
        }
        return false;
    }

    /** Takes a message's first descriptor; null if none is left. */
    @Nullable
    Fd take(long message) {
        Iterator<Passed> all = queue.iterator();
        while (all.hasNext()) {
            Passed passed = all.next();
            if (passed.message == message && passed.fd != null) {
                all.remove();
                return passed.fd;
            }
        }
        return null;
    }

    /**
     * Closes what belongs to messages before this one.
     *
     * @return how many were closed
     */
    int dropBefore(long message) {
        int closed = 0;
        while (!queue.isEmpty() && queue.getFirst().message < message) {
            Fd fd = queue.removeFirst().fd;
            if (fd != null) {
                fd.close();
                closed++;
            }
        }
        return closed;
    }
}
