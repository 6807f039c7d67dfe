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

/** A message that meets an unmasking is delivered, once. */
@JCStressTest
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "Delivered.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Lost, or delivered twice.")
@State
public class UnmaskDuringMessage {
    private final Interrupts interrupts = new Interrupts(1, 1, 2, 0, 0);
    private final CountingSink sink = new CountingSink();

    /** The state before. */
    public UnmaskDuringMessage() {
        interrupts.bind(InterruptKind.MSI, 0, sink);
        interrupts.mask(InterruptKind.MSI, 0, true);
    }

    /** The device. */
    @Actor
    public void device() {
        interrupts.message(0);
    }

    /** The host. */
    @Actor
    public void host() {
        interrupts.mask(InterruptKind.MSI, 0, false);
    }

    /** The end. */
    @Arbiter
    public void look(I_Result result) {
        result.r1 = sink.signals();
    }
}
