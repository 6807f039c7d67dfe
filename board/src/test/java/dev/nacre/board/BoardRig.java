package dev.nacre.board;

import dev.nacre.hw.chip.Chip;
import dev.nacre.pci.InterruptKind;
import dev.nacre.pci.InterruptSink;
import dev.nacre.pci.PciFunction;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.atomic.AtomicInteger;

/** A board, driven through its PCI function as a transport does, with a clock that stands still. */
final class BoardRig implements AutoCloseable {
    static final long FB_BYTES = 2048L << 20;

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;

    final Board board;
    final AtomicInteger messages = new AtomicInteger();
    private final MemorySegment buffer = MemorySegment.ofArray(new byte[8]);

    BoardRig() {
        this(new BoardConfig(Chip.AD102, FB_BYTES, 1));
    }

    BoardRig(BoardConfig config) {
        board = new Board(config, () -> 0);
        board.interrupts().bind(InterruptKind.MSI, 0, new InterruptSink() {
            @Override
            public void signal() {
                messages.incrementAndGet();
            }

            @Override
            public void close() {}
        });
        enable();
    }

    /** Enables memory and bus mastering. */
    void enable() {
        configWrite(4, 6);
    }

    /** Maps zeroed memory of the guest's. */
    MemorySegment map(long iova, long bytes) {
        MemorySegment memory = Arena.global().allocate(bytes, 4096);
        board.memory().map(iova, memory, true, true);
        return memory;
    }

    int config(int offset) {
        board.read(PciFunction.CONFIG_REGION, offset, buffer, 0, 4);
        return buffer.get(INT, 0);
    }

    void configWrite(int offset, int value16) {
        buffer.set(SHORT, 0, (short) value16);
        board.write(PciFunction.CONFIG_REGION, offset, buffer, 0, 2);
    }

    int read(int bar, long offset) {
        board.read(bar, offset, buffer, 0, 4);
        return buffer.get(INT, 0);
    }

    int read(long address) {
        return read(0, address);
    }

    void write(int bar, long offset, int value) {
        buffer.set(INT, 0, value);
        board.write(bar, offset, buffer, 0, 4);
    }

    void write(long address, int value) {
        write(0, address, value);
    }

    @Override
    public void close() {
        board.close();
    }
}
