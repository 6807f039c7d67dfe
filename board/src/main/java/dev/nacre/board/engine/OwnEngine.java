package dev.nacre.board.engine;

/** Work of the host's on a thread that nobody shares, whose time is counted. */
final class OwnEngine implements EngineWork, MeteredEngine {
    private final EngineWork work;
    private final BusyTime busy = new BusyTime();

    OwnEngine(EngineWork work) {
        this.work = work;
    }

    @Override
    public long run(WorkBudget pass) {
        long startNs = System.nanoTime();
        try {
            return work.run(pass);
        } finally {
            count(startNs, System.nanoTime());
        }
    }

    private synchronized void count(long startNs, long endNs) {
        busy.add(startNs, endNs);
    }

    @Override
    public synchronized BusyTimes busy(int owner) {
        return owner == ALL || owner == Share.HOST
                ? new BusyTimes(busy.lastWindowNs(System.nanoTime()), busy.totalNs())
                : BusyTimes.NONE;
    }
}
