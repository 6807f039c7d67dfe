package dev.nacre.fuzz.concurrency;

import dev.nacre.pci.InterruptSink;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts signals, and those that came when it was closed or that it was closed under. */
final class CountingSink implements InterruptSink {
    private final AtomicInteger signals = new AtomicInteger();
    private final AtomicInteger closes = new AtomicInteger();
    private volatile boolean violated;

    @Override
    public void signal() {
        violated |= closes.get() != 0;
        signals.incrementAndGet();
        violated |= closes.get() != 0;
    }

    @Override
    public void close() {
        closes.incrementAndGet();
    }

    int signals() {
        return signals.get();
    }

    int closes() {
        return closes.get();
    }

    /** Whether a signal met a closed sink. */
    boolean violated() {
        return violated;
    }
}
