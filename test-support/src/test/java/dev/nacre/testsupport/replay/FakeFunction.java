package dev.nacre.testsupport.replay;

import dev.nacre.pci.GuestMemory;
import dev.nacre.pci.Interrupts;
import dev.nacre.pci.PciFunction;
import dev.nacre.pci.Region;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A function with 64 KiB of registers that keep what is written, but for a clock and a doorbell: the doorbell has it add
 * up host memory at the address in a register, write the sum behind it 32 times, and interrupt.
 */
final class FakeFunction implements PciFunction {
    static final int CLOCK = 0x9400;
    static final int ADDRESS = 0x100;
    static final int LENGTH = 0x108;
    static final int DOORBELL = 0x110;
    static final int SUM = 0x114;
    static final int SIZE = 0x10000;

    private final GuestMemory memory = new GuestMemory();
    private final Interrupts interrupts = new Interrupts(0, 1, 0, 0, 0);
    private final MemorySegment registers = Arena.global().allocate(SIZE, 8);
    private final int defect;
    private int clock;

    /** A function whose sums are wrong by {@code defect}. */
    FakeFunction(int defect, int clock) {
        this.defect = defect;
        this.clock = clock;
        memory.busMaster(true);
    }

    @Override
    public Region region(int index) {
        return index == 0 ? Region.readWrite(SIZE) : Region.ABSENT;
    }

    @Override
    public void read(int region, long offset, MemorySegment dst, long dstOffset, int count) {
        registers.set(ValueLayout.JAVA_INT, CLOCK, clock++);
        MemorySegment.copy(registers, offset, dst, dstOffset, count);
    }

    @Override
    public void write(int region, long offset, MemorySegment src, long srcOffset, int count) {
        MemorySegment.copy(src, srcOffset, registers, offset, count);
        if (offset == DOORBELL) {
            work();
        }
    }

    private void work() {
        long iova = registers.get(ValueLayout.JAVA_LONG, ADDRESS);
        int length = registers.get(ValueLayout.JAVA_INT, LENGTH);
        int sum = defect;
        for (int at = 0; at < length; at += 4) {
            sum += memory.readInt(iova + at);
        }
        registers.set(ValueLayout.JAVA_INT, SUM, sum);
        MemorySegment result = MemorySegment.ofArray(new int[32]);
        result.setAtIndex(ValueLayout.JAVA_INT, 0, sum);
        memory.write(iova + length, result, 0, result.byteSize());
        interrupts.message(0);
    }

    @Override
    public Interrupts interrupts() {
        return interrupts;
    }

    @Override
    public GuestMemory memory() {
        return memory;
    }

    @Override
    public void reset() {
        registers.fill((byte) 0);
    }

    @Override
    public void disconnected() {}

    /** All state but the clock, for another one to take over. */
    void takeOver(FakeFunction other) {
        registers.copyFrom(other.registers);
    }
}
