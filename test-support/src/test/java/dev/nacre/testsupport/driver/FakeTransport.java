package dev.nacre.testsupport.driver;

import dev.nacre.linux.EventFd;
import dev.nacre.linux.Fd;
import dev.nacre.pci.GuestMemory;
import java.lang.foreign.MemorySegment;

/** A device that is nothing but a view of the driver's memory. */
final class FakeTransport implements GpuTransport {
    final GuestMemory memory = new GuestMemory();

    FakeTransport() {
        memory.busMaster(true);
    }

    @Override
    public String name() {
        return "fake";
    }

    @Override
    public long regionSizeBytes(int region) {
        return 0;
    }

    @Override
    public void read(int region, long offset, MemorySegment dst, long dstOffset, int count) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void write(int region, long offset, MemorySegment src, long srcOffset, int count) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void mapMemory(long iova, Fd file, long fileOffset, MemorySegment mapped) {
        memory.map(iova, mapped, true, true);
    }

    @Override
    public void unmapMemory(long iova, long sizeBytes) {
        memory.unmap(iova, sizeBytes);
    }

    @Override
    public void bindMessages(EventFd event) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void unbindMessages() {}

    @Override
    public void reset() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
}
