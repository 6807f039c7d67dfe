package dev.nacre.daemon.log;

import org.slf4j.MDC;

/** Says what the lines are about that the current thread logs until it is closed. One thread. */
public final class LogContext implements AutoCloseable {
    /** Key of a virtual GPU's name. */
    public static final String VGPU = "vgpu";

    private final MDC.MDCCloseable entry;

    private LogContext(MDC.MDCCloseable entry) {
        this.entry = entry;
    }

    /** A virtual GPU, by its name. */
    public static LogContext ofVgpu(String name) {
        return new LogContext(MDC.putCloseable(VGPU, name));
    }

    /** From now on, for as long as the thread lives: it belongs to a virtual GPU. */
    public static void threadOfVgpu(String name) {
        MDC.put(VGPU, name);
    }

    @Override
    public void close() {
        entry.close();
    }
}
