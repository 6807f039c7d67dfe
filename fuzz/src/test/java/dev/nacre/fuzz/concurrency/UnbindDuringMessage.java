package dev.nacre.fuzz.concurrency;

import dev.nacre.pci.InterruptKind;
import dev.nacre.pci.Interrupts;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IZ_Result;

/** A sink is closed once, and neither during a signal nor before one. */
@JCStressTest
@Outcome(id = "1, false", expect = Expect.ACCEPTABLE, desc = "Closed once and for all.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Not closed, closed twice, or signalled when closed.")
@State
public class UnbindDuringMessage {
    private final Interrupts interrupts = new Interrupts(1, 1, 2, 0, 0);
    private final CountingSink sink = new CountingSink();

    /** The state before. */
    public UnbindDuringMessage() {
        interrupts.bind(InterruptKind.MSI, 0, sink);
    }

    /** The device. */
    @Actor
    public void device() {
        interrupts.message(0);
    }

    /** The host. */
    @Actor
    public void host() {
        interrupts.bind(InterruptKind.MSI, 0, null);
    }

    /** The end. */
    @Arbiter
    public void look(IZ_Result result) {
        result.r1 = sink.closes();
        result.r2 = sink.violated();
    }
}
