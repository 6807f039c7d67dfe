package dev.nacre.corejava.intr;

import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;
import dev.nacre.linux.EventFd;
import dev.nacre.linux.PollSet;
import dev.nacre.pci.InterruptKind;
import dev.nacre.pci.bus.FunctionAccess;
import java.util.List;

/** The thread that waits for the GPU's message interrupt. */
public final class InterruptThread implements AutoCloseable {
    private static final int MESSAGE = 0;
    private static final int WAKE = 1;

    // TIMEOUT: how long it may take until it shows that a GPU has gone which nobody uses.
    private static final int LOOK_MS = 500;

    // TIMEOUT: a pass ends by itself; one that waits for a GPU that does not answer takes some seconds.
    private static final long END_MS = 30_000;

    /** What the thread does. */
    public interface Handler {
        /** There was an interrupt, or {@link InterruptThread#wake}. */
        void interrupt();

        /** There was none for some time. */
        void idle();
    }

    private final FunctionAccess function;
    private final InterruptKind kind;
    private final EventFd message = EventFd.create();
    private final EventFd wake = EventFd.create();
    private final PollSet poll = new PollSet(2);
    private final Thread thread;
    private volatile boolean ended;

    /**
     * Binds the interrupt and begins to wait.
     *
     * @param function whose interrupt; stays the caller's
     * @throws CoreException with {@link CoreError#NOT_SUPPORTED} if it has no message interrupt
     */
    public InterruptThread(FunctionAccess function, Handler handler) {
        this.function = function;
        this.kind = kind(function);
        poll.set(MESSAGE, message.fd());
        poll.set(WAKE, wake.fd());
        function.bindInterrupts(kind, 0, List.of(message));
        this.thread = Thread.ofPlatform().name("nacre-core-interrupts").daemon().start(() -> run(handler));
    }

    private static InterruptKind kind(FunctionAccess function) {
        for (InterruptKind kind : List.of(InterruptKind.MSI, InterruptKind.MSIX)) {
            if (function.interruptCount(kind) > 0) {
                return kind;
            }
        }
        throw new CoreException(CoreError.NOT_SUPPORTED, "The GPU has no message interrupts");
    }

    /** Has the thread look as after an interrupt. Any thread. */
    public void wake() {
        wake.signal();
    }

    private void run(Handler handler) {
        while (!ended) {
            try {
                if (poll.await(LOOK_MS) == 0) {
                    handler.idle();
                } else {
                    message.drain();
                    wake.drain();
                    handler.interrupt();
                }
            } catch (RuntimeException e) {
                // A GPU that goes, or lies, ends calls but not this thread: close() does.
                System.getLogger(InterruptThread.class.getName())
                        .log(System.Logger.Level.DEBUG, "Interrupt could not be served", e);
            }
        }
    }

    /** Ends the thread; when this returns, its handler is not called any more. Idempotent; not by the thread itself. */
    @Override
    public void close() {
        if (ended) {
            return;
        }
        ended = true;
        wake();
        boolean interrupted = false;
        long end = System.nanoTime() + END_MS * 1_000_000;
        while (thread.isAlive() && end - System.nanoTime() > 0) {
            try {
                thread.join(END_MS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        function.unbindInterrupts(kind);
        poll.close();
        message.close();
        wake.close();
    }
}
