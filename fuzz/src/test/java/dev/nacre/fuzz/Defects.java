package dev.nacre.fuzz;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What some code says of defects of its own: errors in its log, and threads that die. */
final class Defects extends Handler {
    private final List<String> found = new CopyOnWriteArrayList<>();
    private final Logger logger;

    private Defects(Logger logger) {
        this.logger = logger;
    }

    /** Those of the classes whose names begin so. */
    static Defects of(String prefix) {
        Defects defects = new Defects(Logger.getLogger(prefix));
        defects.logger.setUseParentHandlers(false);
        defects.logger.addHandler(defects);
        // Other targets of this process look at threads that die too.
        Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler((thread, e) -> {
            defects.found.add(thread.getName() + ": " + e);
            if (before != null) {
                before.uncaughtException(thread, e);
            }
        });
        return defects;
    }

    /** What was said. */
    List<String> found() {
        return found;
    }

    @Override
    public void publish(LogRecord entry) {
        if (entry.getLevel().intValue() >= Level.SEVERE.intValue()) {
            found.add(entry.getMessage() + " " + entry.getThrown());
        }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
}
