package dev.nacre.fuzz.concurrency;

import dev.nacre.pci.DmaFault;
import dev.nacre.pci.GuestMemory;
import java.lang.foreign.MemorySegment;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** A transfer to a range that stays succeeds, whatever comes and goes beside it. */
@JCStressTest
@Outcome(id = "7", expect = Expect.ACCEPTABLE, desc = "The transfer was made.")
@Outcome(expect = Expect.FORBIDDEN, desc = "The transfer faulted, or read something else.")
@State
public class UnmapDuringOtherTransfer {
    private final GuestMemory memory = new GuestMemory();

    /** Maps both ranges. */
    public UnmapDuringOtherTransfer() {
        memory.busMaster(true);
        memory.map(0x1000, MemorySegment.ofArray(new byte[64]), true, true);
        memory.map(0x2000, MemorySegment.ofArray(new byte[64]), true, true);
        memory.writeInt(0x1000, 7);
    }

    /** The device. */
    @Actor
    public void transfer(I_Result result) {
        try {
            result.r1 = memory.readInt(0x1000);
        } catch (DmaFault e) {
            result.r1 = -1;
        }
    }

    /** The host. */
    @Actor
    public void change() {
        memory.unmap(0x2000, 64);
        memory.map(0x0, MemorySegment.ofArray(new byte[64]), true, true);
    }
}
