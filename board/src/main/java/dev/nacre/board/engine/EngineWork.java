package dev.nacre.board.engine;

/** What an engine does that may share its thread with others. */
@FunctionalInterface
public interface EngineWork {
    /**
     * Does a piece of work; exceeds the budget by the least that it can do at once only.
     *
     * @param pass how much; says afterwards how much was done
     * @return as {@link EngineThread.Pass#run}
     */
    long run(WorkBudget pass);
}
