package dev.nacre.testsupport.driver;

import dev.nacre.linux.EventFd;
import dev.nacre.linux.Fd;
import dev.nacre.pci.InterruptKind;
import dev.nacre.pci.InterruptSink;
import dev.nacre.pci.PciFunction;
import java.lang.foreign.MemorySegment;

/** Calls a function of this process directly, as its transport does. */
public final class InProcessTransport implements GpuTransport {
    private final PciFunction function;
    private boolean closed;

    /** Takes the function's transport side; nobody else may drive it until {@link #close}. */
    public InProcessTransport(PciFunction function) {
        this.function = function;
    }

    @Override
    public String name() {
        return "in process";
    }

    @Override
    public long regionSizeBytes(int region) {
        return function.region(region).size();
    }

    @Override
    public void read(int region, long offset, MemorySegment dst, long dstOffset, int count) {
        function.read(region, offset, dst, dstOffset, count);
    }

    @Override
    public void write(int region, long offset, MemorySegment src, long srcOffset, int count) {
        function.write(region, offset, src, srcOffset, count);
    }

    @Override
    public void mapMemory(long iova, Fd file, long fileOffset, MemorySegment memory) {
        function.memory().map(iova, memory, true, true);
    }

    @Override
    public void unmapMemory(long iova, long sizeBytes) {
        if (!closed && !function.memory().unmap(iova, sizeBytes)) {
            throw new IllegalStateException("No such mapping: iova=0x" + Long.toHexString(iova));
        }
    }

    @Override
    public void bindMessages(EventFd event) {
        function.interrupts().bind(InterruptKind.MSI, 0, new Sink(event));
    }

    @Override
    public void unbindMessages() {
        if (!closed) {
            function.interrupts().disable(InterruptKind.MSI);
        }
    }

    @Override
    public void reset() {
        function.reset();
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            function.interrupts().clear();
            function.memory().clear();
            function.disconnected();
        }
    }

    /** Signals an eventfd that belongs to somebody else. */
    private record Sink(EventFd event) implements InterruptSink {
        @Override
        public void signal() {
            event.signal();
        }

        @Override
        public void close() {}
    }
}
