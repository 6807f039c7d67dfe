package dev.nacre.corejava.channel;

import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;
import dev.nacre.core.spi.DmaMemory;
import dev.nacre.corejava.gpu.RmSession;
import dev.nacre.corejava.gpu.WatchedGpu;
import dev.nacre.corejava.io.WireStruct;
import dev.nacre.corejava.memory.RangeAllocator;
import dev.nacre.corejava.memory.VideoMemory;
import dev.nacre.corejava.mmu.PageRun;
import dev.nacre.corejava.mmu.PageTables;
import dev.nacre.hw.host.GpEntry;
import dev.nacre.hw.rm.ParamLayout.VaSpaceAlloc;
import dev.nacre.hw.rm.RmClass;
import java.util.OptionalLong;

/**
 * The virtual addresses of some channels, and the firmware's client that all of them belong to. Addresses have
 * {@link #ADDRESS_BITS}, since a GPFIFO cannot name others; the top {@link #CORE_BYTES} are the core's.
 */
public final class ChannelSpace implements AutoCloseable {
    /** Bits of an address. */
    public static final int ADDRESS_BITS = Long.numberOfTrailingZeros(GpEntry.ADDRESS_END);

    /** Bytes at the top that are the core's. */
    public static final long CORE_BYTES = 1L << 32;

    /** First address that is the core's. */
    public static final long CORE_START = GpEntry.ADDRESS_END - CORE_BYTES;

    private static final long PAGE_BYTES = VideoMemory.PAGE_BYTES;

    private final RmSession session;
    private final int vaSpace;
    private final PageTables tables;
    private final WatchedGpu live;

    // HW: no segment may reach ADDRESS_END, so the last page stays free.
    private final RangeAllocator coreAddresses = RangeAllocator.of(CORE_START, CORE_BYTES - PAGE_BYTES);

    /**
     * Makes one.
     *
     * @throws CoreException if there is no memory for page tables, or the firmware refuses
     */
    public ChannelSpace(WatchedGpu live, VideoMemory memory) {
        this.live = live;
        PageTables made = new PageTables(live, memory, OptionalLong.empty());
        RmSession begun = null;
        try {
            begun = live.gpu().createSession();
            byte[] parameters = new WireStruct(VaSpaceAlloc.BYTES)
                    .put32(VaSpaceAlloc.FLAGS, VaSpaceAlloc.FLAG_IS_EXTERNALLY_OWNED)
                    .bytes();
            vaSpace = begun.allocate(begun.device(), RmClass.FERMI_VASPACE_A.number(), parameters);
            begun.setPageDirectory(vaSpace, made.root(), made.rootEntries());
        } catch (CoreException e) {
            if (begun != null) {
                live.release(begun::close);
            }
            made.close();
            throw e;
        }
        session = begun;
        tables = made;
    }

    /** The firmware's client. */
    public RmSession session() {
        return session;
    }

    /** The address space's handle there. */
    public int vaSpace() {
        return vaSpace;
    }

    /** Its page tables. */
    public PageTables tables() {
        return tables;
    }

    /**
     * Maps a part of the host's memory among the core's addresses.
     *
     * @return its address
     */
    long mapForCore(DmaMemory.Buffer buffer, long offset, long bytes, boolean readOnly) {
        long address = coreAddresses
                .allocate(bytes, PAGE_BYTES)
                .orElseThrow(() ->
                        new CoreException(CoreError.NO_SPACE, "No addresses for channels are left: bytes=" + bytes));
        try {
            tables.map(address, PageRun.system(buffer.iova() + offset, bytes, readOnly));
        } catch (CoreException e) {
            coreAddresses.free(address);
            throw e;
        }
        return address;
    }

    void unmapForCore(long address, long bytes) {
        tables.unmap(address, bytes);
        coreAddresses.free(address);
    }

    /** Frees it, after its channels. Idempotent. */
    @Override
    public void close() {
        live.release(session::close);
        tables.close();
    }
}
