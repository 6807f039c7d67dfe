package dev.nacre.vfiouser.transport;

import dev.nacre.linux.EventFd;
import dev.nacre.linux.Fd;
import dev.nacre.linux.PollSet;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Messages on their way from the thread that receives them to the one that serves them, in order and bounded: when it is
 * full, the receiver waits, and so does the client.
 */
public final class MessageQueue implements AutoCloseable {
    // A client can have many posted writes under way, of a few bytes; or a few large ones.
    private static final int MAX_MESSAGES = 1024;
    private static final long MAX_BYTES = 4L << 20;

    /** GUEST: descriptors are the whole process's, so few may lie here. */
    private static final int MAX_FDS = 64;

    private final Deque<QueuedMessage> queue = new ArrayDeque<>();
    private final EventFd ready = EventFd.create();
    private final PollSet set = new PollSet(1);
    private long bytes;
    private int fds;
    private boolean ended;

    /** Makes an empty queue. */
    public MessageQueue() {
        set.set(0, ready.fd());
    }

    /** Becomes readable when there is a message or the end. */
    public Fd readyFd() {
        return ready.fd();
    }

    /**
     * Puts a message at the end, waiting while the queue is full.
     *
     * @return false if the queue has ended; then the message's descriptors are closed
     */
    public synchronized boolean put(QueuedMessage message) {
        boolean interrupted = false;
        while (!ended && (queue.size() >= MAX_MESSAGES || bytes >= MAX_BYTES || fds >= MAX_FDS)) {
            try {
                wait();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (ended) {
            message.fds().forEach(Fd::close);
            return false;
        }
        queue.add(message);
        bytes += message.bytes().length;
        fds += message.fds().size();
        ready.signal();
        return true;
    }

    /**
     * Takes the first message, after waiting for it. What was put before the end is still given out after it.
     *
     * @param beforeWait called before every wait
     * @return null at the end
     */
    public @Nullable QueuedMessage take(MessageReader.BeforeWait beforeWait) {
        while (true) {
            synchronized (this) {
                QueuedMessage message = queue.poll();
                if (message != null) {
                    bytes -= message.bytes().length;
                    fds -= message.fds().size();
                    notifyAll();
                    return message;
                }
                if (ended) {
                    return null;
                }
                ready.drain();
            }
            beforeWait.run();
            set.await(-1);
        }
    }

    /** Takes no more. */
    public synchronized void end() {
        ended = true;
        ready.signal();
        notifyAll();
    }

    /** Closes the descriptors of what nobody took. No other thread may use the queue any more. */
    @Override
    public void close() {
        end();
        queue.forEach(message -> message.fds().forEach(Fd::close));
        queue.clear();
        set.close();
        ready.close();
    }
}
