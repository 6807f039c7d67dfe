package dev.nacre.daemon.api;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/** Answers without an end: there are not too many at a time, and the server ends them when it stops. */
final class Streams implements AutoCloseable {
    private final int most;
    private final Semaphore room;
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /** @param most at a time */
    Streams(int most) {
        this.most = most;
        this.room = new Semaphore(most);
    }

    /**
     * Takes a place. Whoever has it gives it back by {@link #leave}.
     *
     * @throws ProblemException if there is none
     */
    void enter() {
        if (!room.tryAcquire()) {
            throw ProblemException.of(
                    ProblemCode.TOO_MANY, "There are " + most + " of these already", "Retry-After", "10");
        }
    }

    /** Gives a place back. */
    void leave() {
        room.release();
    }

    /** The calling thread writes from now on; it is interrupted when the server stops. */
    void begin() throws InterruptedException {
        threads.add(Thread.currentThread());
        if (closed) {
            throw new InterruptedException("The server stops");
        }
    }

    /** The calling thread writes no more. */
    void end() {
        threads.remove(Thread.currentThread());
    }

    @Override
    public void close() {
        closed = true;
        threads.forEach(Thread::interrupt);
    }
}
