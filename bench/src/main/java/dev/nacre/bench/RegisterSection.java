package dev.nacre.bench;

import com.sun.management.ThreadMXBean;
import dev.nacre.board.Board;
import dev.nacre.board.BoardConfig;
import dev.nacre.hw.chip.Chip;
import dev.nacre.pci.PciFunction;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.lang.management.ManagementFactory;

/** Register accesses without a transport, beside accesses to memory; and the garbage that they leave. */
final class RegisterSection implements Section {
    private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();
    private static final int ACCESSES = 1_000_000;
    private static final int ROUNDS = 11;

    /** Counts what a thread allocates. */
    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** Does something many times. */
    private interface Work {
        void times(int count);
    }

    /**
     * What it costs each time, the median of rounds.
     *
     * @param ns nanoseconds
     * @param bytes allocated on the heap
     */
    private record Cost(double ns, double bytes) {}

    @Override
    public void measure(Table table) {
        try (Board board = new Board(BoardConfig.of(Chip.AD102));
                Arena arena = Arena.ofConfined()) {
            MemorySegment word = arena.allocate(Integer.BYTES);
            MemorySegment other = arena.allocate(Integer.BYTES);
            word.set(ValueLayout.JAVA_INT, 0, Registers.COMMAND_MEMORY_AND_MASTER);
            board.write(PciFunction.CONFIG_REGION, Registers.COMMAND, word, 0, Integer.BYTES);
            word.set(ValueLayout.JAVA_INT, 0, 0);

            Cost floor = cost(count -> {
                for (int i = 0; i < count; i++) {
                    INT.setVolatile(other, 0L, (int) INT.getVolatile(word, 0L));
                }
            });
            Cost write = cost(count -> {
                for (int i = 0; i < count; i++) {
                    board.write(Registers.BAR0, Registers.WINDOW, word, 0, Integer.BYTES);
                }
            });
            Cost read = cost(count -> {
                for (int i = 0; i < count; i++) {
                    board.read(Registers.BAR0, Registers.BOOT_0, word, 0, Integer.BYTES);
                }
            });
            String baseline = "volatile read and write of memory, 4 B";
            table.add("register read, 4 B", read.ns, "ns", baseline, floor.ns);
            table.add("register write, 4 B", write.ns, "ns", baseline, floor.ns);
            table.add("allocated by a read", read.bytes, "B/access", baseline, floor.bytes);
            table.add("allocated by a write", write.bytes, "B/access", baseline, floor.bytes);
        }
    }

    private Cost cost(Work work) {
        // Twice as much before it counts, so that it is compiled.
        work.times(2 * ACCESSES);
        Samples ns = new Samples(ROUNDS);
        Samples bytes = new Samples(ROUNDS);
        for (int i = 0; i < ROUNDS; i++) {
            long allocatedBefore = threads.getCurrentThreadAllocatedBytes();
            long start = System.nanoTime();
            work.times(ACCESSES);
            ns.add((double) (System.nanoTime() - start) / ACCESSES);
            bytes.add((double) (threads.getCurrentThreadAllocatedBytes() - allocatedBefore) / ACCESSES);
        }
        return new Cost(ns.median(), bytes.median());
    }
}
