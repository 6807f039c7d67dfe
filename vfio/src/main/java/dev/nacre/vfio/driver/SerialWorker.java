package dev.nacre.vfio.driver;

import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Runs tasks one after the other, on a thread that there is only while there are any. Any thread may add. */
final class SerialWorker implements Executor {
    private static final System.Logger LOG = System.getLogger(SerialWorker.class.getName());

    private final String name;

    /** Guarded by this. */
    private final Queue<Runnable> tasks = new ArrayDeque<>();

    /** Guarded by this. */
    private boolean running;

    SerialWorker(String name) {
        this.name = name;
    }

    @Override
    public synchronized void execute(Runnable task) {
        tasks.add(task);
        if (!running) {
            running = true;
            Thread.ofPlatform().name(name).daemon().start(this::run);
        }
    }

    private void run() {
        for (Runnable task = next(); task != null; task = next()) {
            try {
                task.run();
            } catch (RuntimeException e) {
                LOG.log(Level.ERROR, "A task failed: worker=" + name, e);
            }
        }
    }

    private synchronized @Nullable Runnable next() {
        Runnable task = tasks.poll();
        running = task != null;
        return task;
    }
}
