package dev.nacre.board;

import dev.nacre.pci.InterruptKind;
import dev.nacre.pci.InterruptSink;
import dev.nacre.pci.PciFunction;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.atomic.AtomicInteger;

/** A PCI function, driven as a transport does. */
class FunctionRig {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;

    final PciFunction function;
    final AtomicInteger messages = new AtomicInteger();
    private final MemorySegment buffer = MemorySegment.ofArray(new byte[8]);

    FunctionRig(PciFunction function) {
        this.function = function;
        function.interrupts().bind(InterruptKind.MSI, 0, new InterruptSink() {
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
    final void enable() {
        configWrite(4, 6);
    }

    /** Maps zeroed memory of the guest's. */
    MemorySegment map(long iova, long bytes) {
        MemorySegment memory = Arena.global().allocate(bytes, 4096);
        function.memory().map(iova, memory, true, true);
        return memory;
    }

    int config(int offset) {
        function.read(PciFunction.CONFIG_REGION, offset, buffer, 0, 4);
        return buffer.get(INT, 0);
    }

    final void configWrite(int offset, int value16) {
        buffer.set(SHORT, 0, (short) value16);
        function.write(PciFunction.CONFIG_REGION, offset, buffer, 0, 2);
    }

    int read(int bar, long offset) {
        function.read(bar, offset, buffer, 0, 4);
        return buffer.get(INT, 0);
    }

    int read(long address) {
        return read(0, address);
    }

    void write(int bar, long offset, int value) {
        buffer.set(INT, 0, value);
        function.write(bar, offset, buffer, 0, 4);
    }

    void write(long address, int value) {
        write(0, address, value);
    }
}
