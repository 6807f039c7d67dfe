package dev.nacre.board.engine;

import dev.nacre.board.hal.EngineInfo;

/** Gives the engines of a host the threads that they run on: threads of their own, or time on shared ones. */
@FunctionalInterface
public interface EngineSource {
    /** Work of a pass on a thread of its own, in bytes copied: some milliseconds. */
    long PASS_WORK = 16 << 20;

    /**
     * Gives an engine its worker, idle. The worker is the caller's to close.
     *
     * @param runlist the engine's runlist
     * @param kind what its time is counted as
     * @param work what it does
     */
    EngineWorker worker(int runlist, EngineInfo.Kind kind, EngineWork work);

    /** One that makes a thread for each engine. */
    static EngineSource threads() {
        return (runlist, _, work) -> {
            WorkBudget pass = new WorkBudget();
            return new EngineThread("runlist-" + runlist, () -> {
                pass.grant(PASS_WORK);
                return work.run(pass);
            });
        };
    }
}
