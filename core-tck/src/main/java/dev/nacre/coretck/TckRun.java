package dev.nacre.coretck;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** A run of groups of tests over one implementation, transport and chip. The groups are nested classes. */
@TestInstance(Lifecycle.PER_CLASS)
public abstract class TckRun {
    private @Nullable Bench bench;

    TckRun() {}

    /** What is tested: the same until {@link #closeBench}. */
    protected abstract CoreUnderTest underTest();

    /** What the run's tests share. */
    final Bench bench() {
        if (bench == null) {
            bench = new Bench(underTest());
        }
        return bench;
    }

    /** Ends what the tests shared; for a run with several cores under test, between two of them too. */
    @AfterAll
    protected final void closeBench() {
        if (bench != null) {
            bench.close();
            bench = null;
        }
    }
}
