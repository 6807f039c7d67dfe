package dev.nacre.cli;

import java.io.PrintWriter;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Work that goes on until Ctrl-C or SIGTERM, which are a good end of it. */
final class UntilStopped {
    /** Something that is interrupted to end it, and closes everything in order then. */
    interface Work {
        void run() throws Exception;
    }

    private UntilStopped() {}

    /** Does it on this thread; says so when it was stopped. @return the exit code */
    static int run(PrintWriter out, Work work) throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        Thread worker = Thread.currentThread();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(worker, ended), "nacre-stop"));
        try {
            work.run();
        } catch (InterruptedException e) {
            out.println("Stopped.");
            out.flush();
        } finally {
            ended.countDown();
        }
        return ExitCode.OK;
    }

    /** Has the worker close everything, and ends the process when it has. */
    private static void stop(Thread worker, CountDownLatch ended) {
        if (ended.getCount() == 0) {
            return;
        }
        worker.interrupt();
        try {
            // TIMEOUT: closing waits for a client's thread (2 s) and for the engines (5 s at the worst).
            if (ended.await(10, TimeUnit.SECONDS)) {
                Runtime.getRuntime().halt(ExitCode.OK);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
