package dev.nacre.drm.thread;

/** Waiting for the end of threads that are told to end, and do. */
public final class Joining {
    private Joining() {}

    /** Waits for a thread's end, however often the caller is interrupted; its interrupt status is kept. */
    public static void join(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
