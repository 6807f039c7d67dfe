package dev.nacre.fuzz.concurrency;

import dev.nacre.pci.DmaFault;
import dev.nacre.pci.GuestMemory;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Once unmap has returned, the memory changes no more: what is there then is there at the end. */
@JCStressTest
@Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "The transfer came too late and faulted.")
@Outcome(id = "7, 7", expect = Expect.ACCEPTABLE, desc = "The transfer was done when unmap returned.")
@Outcome(expect = Expect.FORBIDDEN, desc = "The transfer touched memory after unmap had returned.")
@State
public class UnmapDuringTransfer {
    private final MemorySegment page = MemorySegment.ofArray(new byte[64]);
    private final GuestMemory memory = new GuestMemory();

    /** Maps the memory. */
    public UnmapDuringTransfer() {
        memory.busMaster(true);
        memory.map(0x1000, page, true, true);
    }

    /** The device. */
    @Actor
    public void transfer() {
        try {
            memory.writeInt(0x1000, 7);
        } catch (DmaFault e) {
            // The range was gone.
        }
    }

    /** The host. */
    @Actor
    public void unmap(II_Result result) {
        memory.unmap(0x1000, 64);
        result.r1 = page.get(ValueLayout.JAVA_INT_UNALIGNED, 0);
    }

    /** The end. */
    @Arbiter
    public void look(II_Result result) {
        result.r2 = page.get(ValueLayout.JAVA_INT_UNALIGNED, 0);
    }
}
