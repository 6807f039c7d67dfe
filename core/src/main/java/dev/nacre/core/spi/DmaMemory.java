package dev.nacre.core.spi;

import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;
import dev.nacre.linux.Fd;
import dev.nacre.linux.Mapping;
import dev.nacre.linux.Memfd;
import dev.nacre.linux.NativeException;
import dev.nacre.pci.bus.FunctionAccess;
import java.lang.foreign.MemorySegment;
import java.util.TreeMap;

/** Memory of this host that a function reaches by DMA. Any thread may call. */
public final class DmaMemory implements AutoCloseable {
    private static final long PAGE_BYTES = 4096;

    // Nothing lies at bus address 0, so that a pointer that was never set reaches nothing.
    private static final long FIRST_IOVA = 1L << 32;

    // HW: GPUs drive 47 bits of bus address at least: nouveau nvkm/engine/device/pci.c, dma_bits of pci_device_func
    private static final long END_IOVA = 1L << 47;

    private final FunctionAccess function;

    /** Guarded by this; by bus address. */
    private final TreeMap<Long, Buffer> buffers = new TreeMap<>();

    private boolean closed;

    /** Memory for a function, which stays the caller's. */
    public DmaMemory(FunctionAccess function) {
        this.function = function;
    }

    /**
     * Allocates memory that is filled with zeros.
     *
     * @param bytes from 1; rounded up to pages of 4096
     * @throws CoreException with {@link CoreError#NO_MEMORY} if the host has none
     */
    public synchronized Buffer allocate(long bytes) {
        if (closed) {
            throw new CoreException(CoreError.GONE, "The GPU's memory was closed");
        }
        long size = Math.ceilDiv(bytes, PAGE_BYTES) * PAGE_BYTES;
        long iova = findFree(size);
        Fd file = null;
        Mapping mapping = null;
        try {
            file = Memfd.ofFixedSize("nacre-dma", size);
            mapping = Mapping.map(file, 0, size, Mapping.Access.READ_WRITE);
            function.mapDma(iova, file, 0, size, true);
        } catch (NativeException | IllegalArgumentException e) {
            if (mapping != null) {
                mapping.close();
            }
            if (file != null) {
                file.close();
            }
            throw new CoreException(CoreError.NO_MEMORY, "No memory for DMA: bytes=" + size, e);
        }
        Buffer buffer = new Buffer(iova, file, mapping);
        buffers.put(iova, buffer);
        return buffer;
    }

    /** How many buffers there are. */
    public synchronized int count() {
        return buffers.size();
    }

    /** Frees all. The function must not use any more. Idempotent. */
    @Override
    public synchronized void close() {
        closed = true;
        while (!buffers.isEmpty()) {
            buffers.firstEntry().getValue().close();
        }
    }

    private long findFree(long size) {
        long at = FIRST_IOVA;
        for (Buffer buffer : buffers.values()) {
            if (buffer.iova - at >= size) {
                return at;
            }
            at = buffer.iova + buffer.bytes();
        }
        if (END_IOVA - at < size) {
            throw new CoreException(CoreError.NO_MEMORY, "No bus addresses for DMA are left: bytes=" + size);
        }
        return at;
    }

    private synchronized void free(Buffer buffer) {
        if (buffers.remove(buffer.iova, buffer)) {
            try {
                function.unmapDma(buffer.iova, buffer.bytes());
            } finally {
                buffer.mapping.close();
                buffer.file.close();
            }
        }
    }

    /** A piece of it. */
    public final class Buffer implements AutoCloseable {
        private final long iova;
        private final Fd file;
        private final Mapping mapping;

        private Buffer(long iova, Fd file, Mapping mapping) {
            this.iova = iova;
            this.file = file;
            this.mapping = mapping;
        }

        /** Where the function finds it: a multiple of 4096. */
        public long iova() {
            return iova;
        }

        /** Its size: a multiple of 4096. */
        public long bytes() {
            return mapping.segment().byteSize();
        }

        /** Where this process finds it, until it is closed. */
        public MemorySegment segment() {
            return mapping.segment();
        }

        /** The file that it is; stays the buffer's. */
        public Fd file() {
            return file;
        }

        /** Frees it; when this returns, the function no longer reaches it. Idempotent. */
        @Override
        public void close() {
            free(this);
        }
    }
}
