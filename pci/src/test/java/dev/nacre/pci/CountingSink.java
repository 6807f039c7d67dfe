package dev.nacre.pci;

import java.util.concurrent.atomic.AtomicInteger;

/** Counts what it is told. */
final class CountingSink implements InterruptSink {
    private final AtomicInteger signals = new AtomicInteger();
    private final AtomicInteger closes = new AtomicInteger();

    @Override
    public void signal() {
        signals.incrementAndGet();
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
}
