package dev.nacre.drm.nouveau;

import dev.nacre.core.CoreException;
import dev.nacre.drm.DrmException;
import dev.nacre.drm.Quota;
import dev.nacre.drm.sync.Fence;
import dev.nacre.drm.thread.Joining;
import dev.nacre.linux.Errno;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Work that begins in the order in which it was given, each when the fences that it waits for have ended and the board is
 * awake. What need not wait runs at once, on the thread that gives it. Any thread may call.
 */
final class JobQueue implements AutoCloseable {
    // GUEST: a client can wait for what never ends
    private static final int MOST_JOBS = 4096;

    private static final long FOREVER_NS = Long.MAX_VALUE / 4;

    private final String name;
    private final Quota backlog;
    private final Wakefulness board;

    // Guarded by this.
    private final Deque<Job> jobs = new ArrayDeque<>();
    private boolean running;
    private boolean closed;
    private @Nullable Thread worker;

    /**
     * An empty queue.
     *
     * @param backlog of whose file it is: jobs count to it until they have ended
     * @param board what work waits for
     */
    JobQueue(String name, Quota backlog, Wakefulness board) {
        this.name = name;
        this.backlog = backlog;
        this.board = board;
    }

    /** Something to do. */
    @FunctionalInterface
    interface Work {
        /**
         * Does it.
         *
         * @throws DrmException if it cannot be done; the job's fence fails so. A CoreException ends so too
         */
        void run();
    }

    /**
     * What is to be done.
     *
     * @param waits what has to end first, well or not
     * @param parts of how many parts it is made, for which memory is kept
     * @param work what
     * @param done fails if the work does, or never begins; the work signals it if all is well
     */
    record Job(List<Fence> waits, int parts, Work work, Fence done) {
        int weight() {
            return 1 + waits.size() + parts;
        }

        boolean isReady() {
            return waits.stream().allMatch(Fence::isSignalled);
        }
    }

    /**
     * Adds a job. What work that runs at once throws goes to its fence alone.
     *
     * @param taken runs when it is clear that the job will run, or its fence fail; does not fail itself
     * @throws DrmException with ENOMEM if too many wait; with ENODEV if the queue was closed
     */
    void add(Job job, Runnable taken) {
        int weight = job.weight();
        backlog.take(weight);
        boolean atOnce;
        try {
            atOnce = enter(job);
        } catch (DrmException e) {
            backlog.give(weight);
            throw e;
        }
        Fence.Cancel _ = job.done.whenSignalled(() -> backlog.give(weight));
        try {
            taken.run();
            if (atOnce) {
                run(job);
            }
        } finally {
            if (atOnce) {
                board.begun();
                ran();
            }
        }
    }

    /** Lets a job in; whether it is to run at once. */
    private synchronized boolean enter(Job job) {
        if (closed) {
            throw new DrmException(Errno.ENODEV, "The file is closed");
        }
        if (jobs.size() >= MOST_JOBS) {
            throw new DrmException(Errno.ENOMEM, "Too many jobs wait: most=" + MOST_JOBS);
        }
        boolean atOnce = !running && jobs.isEmpty() && job.isReady() && board.tryBegin();
        if (atOnce) {
            running = true;
        } else {
            jobs.add(job);
            if (!running && worker == null) {
                startWorker();
            }
        }
        return atOnce;
    }

    /** A job has run on the thread that gave it: others may have come since. */
    private synchronized void ran() {
        running = false;
        if (!jobs.isEmpty() && !closed) {
            startWorker();
        }
    }

    private void startWorker() {
        worker = Thread.ofVirtual().name(name).start(this::work);
    }

    private void work() {
        try {
            Job job = next();
            while (job != null) {
                for (Fence wait : job.waits) {
                    boolean _ = wait.await(System.nanoTime() + FOREVER_NS);
                }
                while (!board.tryBegin()) {
                    boolean _ = board.awake().await(System.nanoTime() + FOREVER_NS);
                }
                try {
                    run(job);
                } finally {
                    board.begun();
                }
                job = next();
            }
        } catch (InterruptedException e) {
            // Closed: close() ends what is left.
            Thread.currentThread().interrupt();
        }
    }

    /** The job that the worker runs next, left in its place until it is done; null if it has to end. */
    private synchronized @Nullable Job next() {
        if (running) {
            boolean _ = jobs.remove() != null;
            running = false;
        }
        if (jobs.isEmpty() || closed) {
            worker = null;
            return null;
        }
        running = true;
        return jobs.peek();
    }

    private static void run(Job job) {
        try {
            job.work.run();
        } catch (DrmException e) {
            job.done.fail(e.errno());
        } catch (CoreException e) {
            job.done.fail(DrmException.of(e).errno());
        }
    }

    /** Ends it: what has not begun fails; what runs is waited for, which is never long. Idempotent. */
    @Override
    public void close() {
        Thread waiting;
        synchronized (this) {
            closed = true;
            waiting = worker;
        }
        if (waiting != null) {
            waiting.interrupt();
            Joining.join(waiting);
        }
        List<Job> left;
        synchronized (this) {
            left = List.copyOf(jobs);
            jobs.clear();
        }
        left.forEach(job -> job.done.fail(Errno.ENODEV));
    }
}
