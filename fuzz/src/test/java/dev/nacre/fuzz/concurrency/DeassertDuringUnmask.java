package dev.nacre.fuzz.concurrency;

import dev.nacre.pci.InterruptKind;
import dev.nacre.pci.Interrupts;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** A level that has gone is heard at most once more, and one that is there again is always heard. */
@JCStressTest
@Outcome(id = "2", expect = Expect.ACCEPTABLE, desc = "Heard before, and after the unmasking.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Not heard again, or heard more often than unmasked.")
@State
public class DeassertDuringUnmask {
    private final Interrupts interrupts = new Interrupts(1, 1, 2, 0, 0);
    private final CountingSink sink = new CountingSink();

    /** The state before. */
    public DeassertDuringUnmask() {
        interrupts.bind(InterruptKind.INTX, 0, sink);
        interrupts.line(true);
    }

    /** The device. */
    @Actor
    public void device() {
        interrupts.line(false);
        interrupts.line(true);
    }

    /** The host. */
    @Actor
    public void host() {
        interrupts.mask(InterruptKind.INTX, 0, false);
    }

    /** The end. */
    @Arbiter
    public void look(I_Result result) {
        result.r1 = sink.signals();
    }
}
