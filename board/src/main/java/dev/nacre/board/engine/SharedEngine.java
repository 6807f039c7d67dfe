package dev.nacre.board.engine;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The thread of one runlist, on which several owners' work takes turns as {@link TimeSharing} says. Between passes it
 * waits, for a ring or for the time when somebody may run again.
 */
final class SharedEngine implements MeteredEngine, AutoCloseable {
    private static final long IDLE = EngineThread.Pass.IDLE;

    private final ReentrantLock lock = new ReentrantLock();

    /** Waited for by the thread: there may be something to do. */
    private final Condition work = lock.newCondition();

    /** Waited for by others: a pass has ended. */
    private final Condition stood = lock.newCondition();

    private final TimeSharing<SharedWorker> sharing;

    /** Time of all owners, those that have gone included. */
    private final BusyTime busy = new BusyTime();

    private final Thread thread;
    private @Nullable SharedWorker running;
    private boolean closed;

    /** Starts the thread, idle. */
    SharedEngine(String name, SharingPolicy policy, long sliceNs) {
        sharing = new TimeSharing<>(policy, sliceNs, System.nanoTime());
        thread = Thread.ofPlatform().daemon().name("nacre-" + name).unstarted(this::loop);
        thread.start();
    }

    SharedWorker add(int owner, int maxInstances, EngineWork does) {
        SharedWorker worker = new SharedWorker(this, owner, maxInstances, does);
        lock.lock();
        try {
            sharing.add(worker, System.nanoTime());
            return worker;
        } finally {
            lock.unlock();
        }
    }

    void rule(SharingPolicy policy, long sliceNs) {
        lock.lock();
        try {
            sharing.rule(policy, sliceNs, System.nanoTime());
            work.signal();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public BusyTimes busy(int owner) {
        lock.lock();
        try {
            long nowNs = System.nanoTime();
            if (owner == ALL) {
                return new BusyTimes(busy.lastWindowNs(nowNs), busy.totalNs());
            }
            BusyTimes sum = BusyTimes.NONE;
            for (SharedWorker worker : sharing.shares()) {
                if (worker.owner == owner) {
                    sum = sum.plus(worker.busy.lastWindowNs(nowNs), worker.busy.totalNs());
                }
            }
            return sum;
        } finally {
            lock.unlock();
        }
    }

    /** What the log calls it. */
    String name() {
        return thread.getName();
    }

    /** The part of the time that an owner may have; 1 if nothing limits it. */
    double part(int owner) {
        lock.lock();
        try {
            return sharing.shares().stream()
                    .filter(worker -> worker.owner == owner)
                    .mapToDouble(worker -> worker.part)
                    .sum();
        } finally {
            lock.unlock();
        }
    }

    // What workers are asked for.

    void ring(SharedWorker worker) {
        lock.lock();
        try {
            if (!worker.rung && !worker.closed) {
                worker.rung = true;
                work.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    void hold(SharedWorker worker) {
        lock.lock();
        try {
            worker.holds++;
            while (running == worker) {
                stood.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    void resume(SharedWorker worker) {
        lock.lock();
        try {
            worker.holds--;
            work.signal();
        } finally {
            lock.unlock();
        }
    }

    boolean drain(SharedWorker worker, long timeoutNs) {
        lock.lock();
        try {
            long left = timeoutNs;
            while (worker.rung || running == worker) {
                if (left <= 0) {
                    return false;
                }
                left = stood.awaitNanos(left);
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    void remove(SharedWorker worker) {
        lock.lock();
        try {
            if (worker.closed) {
                return;
            }
            worker.closed = true;
            worker.rung = false;
            // TIMEOUT: a pass lasts about a slice; after 5 s it is stuck, and nothing that uses the engine goes on.
            long left = Duration.ofSeconds(5).toNanos();
            while (running == worker && left > 0) {
                left = stood.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            sharing.remove(worker, System.nanoTime());
            stood.signalAll();
            lock.unlock();
        }
    }

    /** Ends the thread after the running pass. Idempotent. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            work.signal();
        } finally {
            lock.unlock();
        }
        try {
            // TIMEOUT: as in remove; being a daemon thread, a stuck one is left behind.
            thread.join(Duration.ofSeconds(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    // The thread.

    private void loop() {
        for (SharedWorker worker = await(); worker != null; worker = await()) {
            long startNs = System.nanoTime();
            long delayNs = run(worker);
            finish(worker, startNs, System.nanoTime(), delayNs);
        }
    }

    private @Nullable SharedWorker await() {
        lock.lock();
        try {
            while (!closed) {
                long nowNs = System.nanoTime();
                long wakeNs = look(nowNs);
                SharedWorker next = sharing.next(nowNs);
                if (next != null) {
                    next.rung = false;
                    next.budget.grant(next.cost.workFor(sharing.passNs()));
                    running = next;
                    return next;
                }
                long waitNs = Math.min(wakeNs, sharing.waitNs());
                if (waitNs == IDLE) {
                    work.await();
                } else {
                    work.awaitNanos(waitNs);
                }
            }
            return null;
        } catch (InterruptedException e) {
            return null;
        } finally {
            lock.unlock();
        }
    }

    /** Finds out who is ready; gives the time until the next of the others is. */
    private long look(long nowNs) {
        long soonest = IDLE;
        for (SharedWorker worker : sharing.shares()) {
            long left = worker.wakeAtNs == IDLE ? IDLE : worker.wakeAtNs - nowNs;
            boolean may = worker.holds == 0 && !worker.closed;
            worker.ready = may && (worker.rung || left <= 0);
            if (may && !worker.ready) {
                soonest = Math.min(soonest, left);
            }
        }
        return soonest;
    }

    private long run(SharedWorker worker) {
        try {
            return worker.work.run(worker.budget);
        } catch (RuntimeException | Error e) {
            worker.defects.add(e);
            return IDLE;
        }
    }

    private void finish(SharedWorker worker, long startNs, long endNs, long delayNs) {
        lock.lock();
        try {
            running = null;
            worker.busy.add(startNs, endNs);
            busy.add(startNs, endNs);
            worker.cost.ran(worker.budget.spent(), endNs - startNs);
            sharing.charge(worker, startNs, endNs);
            worker.wakeAtNs = delayNs == IDLE ? IDLE : endNs + delayNs;
            worker.rung |= delayNs == 0 && !worker.closed;
            stood.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
