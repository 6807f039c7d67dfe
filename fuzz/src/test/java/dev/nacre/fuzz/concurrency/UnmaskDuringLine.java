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

/** A line that is asserted while the host ends the interrupt before is heard, and masked by that. */
@JCStressTest
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "Heard.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Not heard, or heard again without being unmasked.")
@State
public class UnmaskDuringLine {
    private final Interrupts interrupts = new Interrupts(1, 1, 2, 0, 0);
    private final CountingSink sink = new CountingSink();

    /** The state before. */
    public UnmaskDuringLine() {
        interrupts.bind(InterruptKind.INTX, 0, sink);
        interrupts.mask(InterruptKind.INTX, 0, true);
    }

    /** The device. */
    @Actor
    public void device() {
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
