package dev.nacre.cli;

import java.io.Console;
import java.io.PrintWriter;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Says on a terminal, after a moment, that something takes its time, and takes that back when it is closed. */
final class Progress implements AutoCloseable {
    private static final String CLEAR_LINE = "\r\033[K";

    private final CountDownLatch end = new CountDownLatch(1);
    private final Thread teller;

    private Progress(PrintWriter err, String what) {
        this.teller = Thread.ofVirtual().name("nacre-progress").start(() -> tell(err, what));
    }

    /** Begins; says nothing if there is no terminal. Close it when the work is done. */
    static @Nullable Progress of(PrintWriter err, String what) {
        return isTerminal() ? new Progress(err, what) : null;
    }

    /** Whether a person reads what this process prints. */
    @SuppressWarnings("SystemConsoleNull") // since JDK 25 it is null again where there is no terminal
    static boolean isTerminal() {
        Console console = System.console();
        return console != null && console.isTerminal();
    }

    private void tell(PrintWriter err, String what) {
        try {
            for (int seconds = 1; !end.await(1, TimeUnit.SECONDS); seconds++) {
                err.print(CLEAR_LINE + what + " ... " + seconds + " s");
                err.flush();
            }
            err.print(CLEAR_LINE);
            err.flush();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        end.countDown();
        boolean interrupted = false;
        while (teller.isAlive()) {
            try {
                teller.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
