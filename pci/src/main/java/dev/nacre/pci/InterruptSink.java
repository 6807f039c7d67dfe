package dev.nacre.pci;

/**
 * Where the interrupts of one vector go, such as an eventfd. {@link Interrupts} never calls {@link #close} while
 * {@link #signal} runs, nor {@link #signal} after it, and closes each sink once.
 */
public interface InterruptSink extends AutoCloseable {
    /**
     * Delivers one interrupt. May be called by several threads at once; must not block and must not throw for anything
     * that the other side does.
     */
    void signal();

    /** Releases what the sink holds. May be called by any thread that raises or binds interrupts. */
    @Override
    void close();
}
