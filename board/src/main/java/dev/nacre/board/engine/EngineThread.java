package dev.nacre.board.engine;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The thread of one engine (GSP, a runlist, the display). A doorbell rings it; it then makes passes until nothing is
 * left to do. Ringing never blocks and allocates nothing.
 */
public final class EngineThread implements EngineWorker {
    /** What an engine does when it is rung. */
    @FunctionalInterface
    public interface Pass {
        /** Nothing to do until the next ring. */
        long IDLE = Long.MAX_VALUE;

        /**
         * Does a bounded piece of work (some milliseconds): others wait for its end to reset or save the board.
         *
         * @return nanoseconds after which to make another pass without a ring; 0 for at once; {@link #IDLE}
         */
        long run();
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Pass pass;
    private final Thread thread;
    private boolean rung;
    private boolean running;
    private int holds;
    private boolean closed;
    private final Defects defects;

    /** Starts the thread, idle. */
    public EngineThread(String name, Pass pass) {
        this.pass = pass;
        this.thread = Thread.ofPlatform().daemon().name("nacre-" + name).unstarted(this::loop);
        this.defects = new Defects(thread.getName());
        thread.start();
    }

    @Override
    public void ring() {
        lock.lock();
        try {
            if (!rung) {
                rung = true;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void hold() {
        lock.lock();
        try {
            holds++;
            while (running) {
                changed.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void resume() {
        lock.lock();
        try {
            holds--;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean drain(long timeoutNs) {
        lock.lock();
        try {
            long left = timeoutNs;
            while (rung || running) {
                if (left <= 0) {
                    return false;
                }
                left = changed.awaitNanos(left);
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public long defects() {
        return defects.count();
    }

    /**
     * Counts a pass as one that failed. For a pass that shows its failure to others, before it does: who sees the failure
     * then finds it counted. Such a pass returns; a pass that throws is counted when it has.
     */
    public void failed(Throwable cause) {
        defects.add(cause);
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        try {
            // TIMEOUT: a pass lasts milliseconds; after 5 s it is stuck and, being a daemon thread, left behind.
            thread.join(java.time.Duration.ofSeconds(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void loop() {
        long wakeAt = Pass.IDLE;
        while (awaitWork(wakeAt)) {
            long delayNs = runPass();
            wakeAt = delayNs == Pass.IDLE ? Pass.IDLE : System.nanoTime() + delayNs;
            finishPass(delayNs);
        }
    }

    private boolean awaitWork(long wakeAt) {
        lock.lock();
        try {
            while (true) {
                if (closed) {
                    return false;
                }
                long left = wakeAt == Pass.IDLE ? Pass.IDLE : wakeAt - System.nanoTime();
                if (holds == 0 && (rung || left <= 0)) {
                    rung = false;
                    running = true;
                    return true;
                }
                if (holds > 0 || left == Pass.IDLE) {
                    changed.await();
                } else {
                    changed.awaitNanos(left);
                }
            }
        } catch (InterruptedException e) {
            return false;
        } finally {
            lock.unlock();
        }
    }

    private long runPass() {
        try {
            return pass.run();
        } catch (RuntimeException | Error e) {
            failed(e);
            return Pass.IDLE;
        }
    }

    private void finishPass(long delayNs) {
        lock.lock();
        try {
            running = false;
            if (delayNs == 0) {
                rung = true;
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
