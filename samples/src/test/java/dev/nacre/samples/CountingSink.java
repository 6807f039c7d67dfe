package dev.nacre.samples;

import dev.nacre.pci.InterruptSink;

/** Counts what it is sent. */
final class CountingSink implements InterruptSink {
    int signals;

    @Override
    public void signal() {
        signals++;
    }

    @Override
    public void close() {}
}
