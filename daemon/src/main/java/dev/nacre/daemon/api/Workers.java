package dev.nacre.daemon.api;

import dev.nacre.daemon.host.ServiceException;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Platform threads for what the service does: a core may wait in native code, under which a virtual thread would hold the
 * thread that carries all the others. Changes and questions have threads of their own, so that questions are answered
 * while changes take seconds.
 */
final class Workers implements AutoCloseable {
    static final int CHANGE_THREADS = 4;
    private static final int QUESTION_THREADS = 4;

    /** More than there are connections, so that only streams of requests without readers of answers find it full. */
    private static final int QUEUE = 1024;

    // TIMEOUT: a change takes up to some seconds, and as many as there are threads happen at a time.
    private static final Duration CHANGE_BOUND = Duration.ofSeconds(60);

    // TIMEOUT: the firmware answers a question within 5 s, or never.
    private static final Duration QUESTION_BOUND = Duration.ofSeconds(15);

    // TIMEOUT: a change that has begun is let finish when the server stops.
    private static final int STOP_SECONDS = 10;

    private final ThreadPoolExecutor changes;
    private final ThreadPoolExecutor questions;
    private final Duration changeBound;
    private final Duration questionBound;

    /** With the bounds of the API. */
    Workers() {
        this(QUEUE, CHANGE_BOUND, QUESTION_BOUND);
    }

    /**
     * With bounds of one's own.
     *
     * @param queue how many changes, and how many questions, may wait
     */
    Workers(int queue, Duration changeBound, Duration questionBound) {
        this.changes = pool("nacre-api-change-", CHANGE_THREADS, queue);
        this.questions = pool("nacre-api-question-", QUESTION_THREADS, queue);
        this.changeBound = changeBound;
        this.questionBound = questionBound;
    }

    private static ThreadPoolExecutor pool(String name, int threads, int queue) {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                threads,
                threads,
                30,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(queue),
                Thread.ofPlatform().name(name, 1).daemon().factory());
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    /**
     * Changes something, and waits until it is done.
     *
     * @throws ProblemException if the service refuses, too many wait already, or it takes too long; then it does not happen
     *     if it has not begun
     */
    <T> T change(Callable<T> work) throws InterruptedException {
        return run(changes, work, changeBound);
    }

    /**
     * Asks something.
     *
     * @throws ProblemException as {@link #change} does
     */
    <T> T ask(Callable<T> work) throws InterruptedException {
        return run(questions, work, questionBound);
    }

    private static <T> T run(ThreadPoolExecutor pool, Callable<T> work, Duration bound) throws InterruptedException {
        Future<T> future;
        try {
            future = pool.submit(work);
        } catch (RejectedExecutionException e) {
            throw pool.isShutdown()
                    ? ProblemException.of(ProblemCode.UNAVAILABLE, "The daemon stops")
                    : ProblemException.of(ProblemCode.TOO_MANY, "Too many requests wait", "Retry-After", "1");
        }
        try {
            return future.get(bound.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            future.cancel(false);
            throw ProblemException.of(
                    ProblemCode.TIMED_OUT, "It was not done within " + bound.toSeconds() + " s; it may still happen");
        } catch (InterruptedException e) {
            future.cancel(false);
            throw e;
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case ServiceException refused -> throw ProblemException.of(refused);
                case RuntimeException bug -> throw bug;
                case Error bug -> throw bug;
                case null, default -> throw new IllegalStateException(e);
            }
        }
    }

    /** Ends what waits, and waits for what has begun. */
    @Override
    public void close() {
        questions.shutdownNow();
        changes.getQueue().clear();
        changes.shutdown();
        try {
            if (!changes.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
                changes.shutdownNow();
            }
        } catch (InterruptedException e) {
            changes.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
