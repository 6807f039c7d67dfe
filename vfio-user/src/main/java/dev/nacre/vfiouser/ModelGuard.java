package dev.nacre.vfiouser;

import java.lang.System.Logger.Level;
import java.util.EnumSet;
import java.util.Set;

/**
 * Keeps a defect of the device model from harming the connection: its exceptions are counted, and the first one of each
 * kind of call is logged.
 */
final class ModelGuard {
    /** The calls that a model answers. */
    enum Call {
        READ,
        WRITE,
        RESET,
        DISCONNECTED,
        MIGRATION,
        OTHER
    }

    private static final System.Logger LOG = System.getLogger(ModelGuard.class.getName());

    private final String name;
    private final Counters counters;
    private final Set<Call> logged = EnumSet.noneOf(Call.class);

    ModelGuard(String name, Counters counters) {
        this.name = name;
        this.counters = counters;
    }

    /** Takes note of what a call threw. */
    void failed(Call call, Throwable cause) {
        counters.modelFailures++;
        if (logged.add(call)) {
            log(call, cause);
        }
    }

    /** Logs, as far as a process in the state that the cause tells of still can. */
    private void log(Call call, Throwable cause) {
        try {
            LOG.log(
                    Level.ERROR,
                    "device=" + name + " call=" + call
                            + ": the device model failed; further failures are only counted.",
                    cause);
        } catch (Throwable t) {
            // It is counted, which needs nothing.
        }
    }

    /** Makes a call that answers nothing. */
    void run(Call call, Runnable action) {
        try {
            action.run();
        } catch (Throwable t) {
            failed(call, t);
        }
    }
}
