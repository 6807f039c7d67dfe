package dev.nacre.board.engine;

/** One owner's use of a {@link SharedEngine}, by which the fields are guarded. */
final class SharedWorker extends Share implements EngineWorker {
    final EngineWork work;
    final WorkBudget budget = new WorkBudget();
    final PassCost cost = new PassCost();
    final BusyTime busy = new BusyTime();
    final Defects defects;
    private final SharedEngine engine;

    /** There was a ring since the last pass began, or that has more to do. */
    boolean rung;

    /** When to make a pass without a ring; {@link EngineThread.Pass#IDLE} for never. */
    long wakeAtNs = EngineThread.Pass.IDLE;

    int holds;
    boolean closed;

    SharedWorker(SharedEngine engine, int owner, int maxInstances, EngineWork work) {
        super(owner, maxInstances);
        this.engine = engine;
        this.defects = new Defects(engine.name() + " gfid=" + owner);
        this.work = work;
    }

    @Override
    public void ring() {
        engine.ring(this);
    }

    @Override
    public void hold() {
        engine.hold(this);
    }

    @Override
    public void resume() {
        engine.resume(this);
    }

    @Override
    public boolean drain(long timeoutNs) {
        return engine.drain(this, timeoutNs);
    }

    @Override
    public long defects() {
        return defects.count();
    }

    @Override
    public void close() {
        engine.remove(this);
    }
}
