package dev.nacre.board.engine;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.atomic.AtomicLong;

/** Counts passes of an engine that ended by an exception, and logs the first. Any thread. */
final class Defects {
    private static final Logger LOG = System.getLogger(Defects.class.getName());

    private final String engine;
    private final AtomicLong count = new AtomicLong();

    /** @param engine what the log calls it */
    Defects(String engine) {
        this.engine = engine;
    }

    /** Notes one. */
    void add(Throwable cause) {
        if (count.incrementAndGet() == 1) {
            LOG.log(Level.ERROR, "Engine pass failed; engine=" + engine, cause);
        }
    }

    /** How many there were. */
    long count() {
        return count.get();
    }
}
