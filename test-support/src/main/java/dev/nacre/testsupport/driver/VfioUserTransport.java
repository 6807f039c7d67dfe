package dev.nacre.testsupport.driver;

import dev.nacre.linux.EventFd;
import dev.nacre.linux.Fd;
import dev.nacre.pci.InterruptKind;
import dev.nacre.pci.PciFunction;
import dev.nacre.vfiouser.VfioUserClient;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;

/** Reaches a function behind a vfio-user socket, as a VMM does: 4-byte writes to memory BARs are posted. */
public final class VfioUserTransport implements GpuTransport {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final VfioUserClient client;
    private final String name;
    private final long[] regionSizes = new long[PciFunction.REGIONS];
    private boolean closed;

    /**
     * Connects to a server.
     *
     * @param socket where it listens
     */
    public VfioUserTransport(Path socket) {
        client = VfioUserClient.connect(socket);
        name = "vfio-user socket " + socket;
        for (int i = 0; i < regionSizes.length; i++) {
            regionSizes[i] = client.region(i).size();
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public long regionSizeBytes(int region) {
        return regionSizes[region];
    }

    @Override
    public void read(int region, long offset, MemorySegment dst, long dstOffset, int count) {
        client.read(region, offset, dst, dstOffset, count);
    }

    @Override
    public void write(int region, long offset, MemorySegment src, long srcOffset, int count) {
        if (count == Integer.BYTES && region < PciFunction.ROM_REGION) {
            client.postInt(region, offset, src.get(INT, srcOffset));
        } else {
            client.write(region, offset, src, srcOffset, count);
        }
    }

    @Override
    public void mapMemory(long iova, Fd file, long fileOffset, MemorySegment memory) {
        client.map(iova, file, fileOffset, memory.byteSize(), true);
    }

    @Override
    public void unmapMemory(long iova, long sizeBytes) {
        if (!closed) {
            client.unmap(iova, sizeBytes);
        }
    }

    @Override
    public void bindMessages(EventFd event) {
        client.bindInterrupts(InterruptKind.MSI, 0, List.of(event));
    }

    @Override
    public void unbindMessages() {
        if (!closed) {
            client.disableInterrupts(InterruptKind.MSI);
        }
    }

    @Override
    public void reset() {
        client.reset();
    }

    @Override
    public void close() {
        closed = true;
        client.close();
    }
}
