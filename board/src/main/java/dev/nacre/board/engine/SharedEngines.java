package dev.nacre.board.engine;

import dev.nacre.board.EngineTime;
import dev.nacre.board.hal.EngineInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The engines of a board that several GPUs share: one thread for each runlist, however many GPUs there are. Time is
 * divided on each by itself. Any thread.
 */
public final class SharedEngines implements AutoCloseable {
    private static final long MILLISECOND_NS = 1_000_000;
    private static final int DEFAULT_SLICE_MS = 2;
    private static final int WHOLE = 10_000;

    private record Meter(MeteredEngine engine, EngineInfo.Kind kind) {}

    /** By runlist. Guarded by this, as all but the policy is. */
    private final Map<Integer, SharedEngine> engines = new TreeMap<>();

    private final List<Meter> meters = new ArrayList<>();

    private volatile SharingPolicy policy = SharingPolicy.BEST_EFFORT;
    private int sliceMs = DEFAULT_SLICE_MS;
    private boolean closed;

    /** Makes them, with best effort; an engine's thread begins when somebody uses it first. */
    public SharedEngines() {}

    /**
     * The engines as one owner uses them.
     *
     * @param gfid 0 for the board itself, which is served first; above for a guest
     * @param maxInstances how many guests of its kind fill a board: its fixed share is one of so many parts; 1 at least
     */
    public EngineSource source(int gfid, int maxInstances) {
        if (gfid < 0 || maxInstances < 1) {
            throw new IllegalArgumentException("No such owner: gfid=" + gfid + " maxInstances=" + maxInstances);
        }
        return (runlist, kind, work) -> add(runlist, kind, gfid, maxInstances, work);
    }

    /**
     * Says how time is divided from now on, whoever is there.
     *
     * @param slices length of a slice in milliseconds; 0 for 2
     */
    public synchronized void scheduling(SharingPolicy rule, int slices) {
        if (slices < 0) {
            throw new IllegalArgumentException("Negative slice: ms=" + slices);
        }
        policy = rule;
        sliceMs = slices == 0 ? DEFAULT_SLICE_MS : slices;
        engines.values().forEach(engine -> engine.rule(policy, sliceMs * MILLISECOND_NS));
    }

    /** How time is divided. */
    public SharingPolicy policy() {
        return policy;
    }

    /** Length of a slice in milliseconds. */
    public synchronized int sliceMs() {
        return sliceMs;
    }

    /**
     * The frames a second to which a guest is held now: only while nothing else holds it, that is with best effort.
     *
     * @param limit its type's limit, 0 for none
     * @return the limit in effect, 0 for none
     */
    public int frameRateLimit(int limit) {
        return policy == SharingPolicy.BEST_EFFORT ? limit : 0;
    }

    /**
     * The engines of a board that is not shared: each has a thread of its own, and passes that are longer. Their time counts
     * as the board's.
     */
    public EngineSource ownThreads() {
        return (runlist, kind, work) -> {
            OwnEngine metered = new OwnEngine(work);
            synchronized (this) {
                meters.add(new Meter(metered, kind));
            }
            return EngineSource.threads().worker(runlist, kind, metered);
        };
    }

    /** How much all together have used in the last whole second. */
    public EngineUsage usage() {
        return usage(MeteredEngine.ALL);
    }

    /** How much an owner has used in the last whole second; nothing if there is no such owner. */
    public synchronized EngineUsage usage(int gfid) {
        return new EngineUsage(usage(gfid, EngineInfo.Kind.GRAPHICS), usage(gfid, EngineInfo.Kind.COPY));
    }

    /** How much time all together have used, those that have gone included. */
    public EngineTime time() {
        return time(MeteredEngine.ALL);
    }

    /** How much time an owner has used since it is there; nothing if there is no such owner. */
    public synchronized EngineTime time(int gfid) {
        long graphicsNs = 0;
        long copyNs = 0;
        int copyEngines = 0;
        for (Meter meter : meters) {
            long totalNs = meter.engine.busy(gfid).totalNs();
            switch (meter.kind) {
                case GRAPHICS -> graphicsNs += totalNs;
                case COPY -> {
                    copyNs += totalNs;
                    copyEngines++;
                }
            }
        }
        return new EngineTime(graphicsNs, copyNs, copyEngines);
    }

    /** The part of each engine's time that an owner may have, 0 to 1; 1 if nothing limits it. */
    public synchronized double part(int gfid) {
        return engines.values().stream()
                .mapToDouble(engine -> engine.part(gfid))
                .max()
                .orElse(1);
    }

    /** Ends the threads. After the workers. Idempotent. */
    @Override
    public synchronized void close() {
        closed = true;
        engines.values().forEach(engine -> engine.close());
    }

    private synchronized EngineWorker add(
            int runlist, EngineInfo.Kind kind, int gfid, int maxInstances, EngineWork work) {
        if (closed) {
            throw new IllegalStateException("Engines are closed: gfid=" + gfid + " runlist=" + runlist);
        }
        SharedEngine engine = engines.get(runlist);
        if (engine == null) {
            engine = new SharedEngine("runlist-" + runlist, policy, sliceMs * MILLISECOND_NS);
            engines.put(runlist, engine);
            meters.add(new Meter(engine, kind));
        }
        return engine.add(gfid, maxInstances, work);
    }

    private int usage(int gfid, EngineInfo.Kind kind) {
        long busyNs = 0;
        long count = 0;
        for (Meter meter : meters) {
            if (meter.kind == kind) {
                busyNs += meter.engine.busy(gfid).lastWindowNs();
                count++;
            }
        }
        return count == 0 ? 0 : Math.clamp(busyNs * WHOLE / (count * BusyTime.WINDOW_NS), 0, WHOLE);
    }
}
