package dev.nacre.corejava;

import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;
import dev.nacre.core.FbRequest;
import dev.nacre.core.MemoryObject;
import dev.nacre.core.Placement;
import dev.nacre.core.spi.DmaMemory;
import dev.nacre.corejava.disp.DisplayEngine;
import dev.nacre.corejava.mmu.PageRun;
import dev.nacre.hw.mmu.Target;
import dev.nacre.linux.Fd;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Memory of the GPU's or of the host's that can be bound in address spaces. */
final class MemoryHandle extends Handle implements MemoryObject {
    private static final long HUGE_BYTES = 2 << 20;

    private final long bytes;
    private final long address;
    private final DmaMemory.@Nullable Buffer buffer;

    /** In how many places it is bound; guarded by the gate. */
    private int bindings;

    /** Where it is in BAR 1, once the host has looked; guarded by this. */
    private OptionalLong inBar1 = OptionalLong.empty();

    private MemoryHandle(JavaAttachment attachment, long bytes, long address, DmaMemory.@Nullable Buffer buffer) {
        super(attachment);
        this.bytes = bytes;
        this.address = address;
        this.buffer = buffer;
    }

    static MemoryHandle create(JavaAttachment attachment, long bytes, Placement placement) {
        if (bytes < FbRequest.PAGE_BYTES || bytes % FbRequest.PAGE_BYTES != 0) {
            throw new CoreException(
                    CoreError.INVALID_ARGUMENT,
                    "Size of memory is impossible: bytes=" + bytes + " allowed=multiples of 4096 from 4096");
        }
        GpuParts parts = attachment.core().parts();
        return switch (placement) {
            case VRAM -> {
                long align = bytes >= HUGE_BYTES ? HUGE_BYTES : FbRequest.PAGE_BYTES;
                long at = parts.memory().allocate(FbRequest.aligned(bytes, align));
                yield new MemoryHandle(attachment, bytes, at, null);
            }
            case SYSTEM -> {
                DmaMemory.Buffer made = parts.live().gpu().dma().allocate(bytes);
                yield new MemoryHandle(attachment, bytes, made.iova(), made);
            }
        };
    }

    /** Fills it with zeros, if it may hold anything else; frees it if that fails. Waits for the GPU. */
    void clear() {
        if (buffer != null) {
            return;
        }
        try {
            core().parts().scrubber().clear(address, bytes);
        } catch (CoreException e) {
            core().gate().run(this::free);
            throw e;
        }
    }

    @Override
    public long bytes() {
        return bytes;
    }

    @Override
    public Placement placement() {
        return buffer == null ? Placement.VRAM : Placement.SYSTEM;
    }

    @Override
    public Optional<Fd> file() {
        return Optional.ofNullable(buffer).map(DmaMemory.Buffer::file);
    }

    @Override
    public synchronized void read(long offset, MemorySegment dst, long dstOffset, int count) {
        Bar1Handle.requireInside(bytes, offset, count, dst, dstOffset);
        requireLive();
        if (buffer != null) {
            MemorySegment.copy(buffer.segment(), offset, dst, dstOffset, count);
        } else {
            core().parts().bar1().read(bar1() + offset, dst, dstOffset, count);
        }
    }

    @Override
    public synchronized void write(long offset, MemorySegment src, long srcOffset, int count) {
        Bar1Handle.requireInside(bytes, offset, count, src, srcOffset);
        requireLive();
        if (buffer != null) {
            MemorySegment.copy(src, srcOffset, buffer.segment(), offset, count);
        } else {
            core().parts().bar1().write(bar1() + offset, src, srcOffset, count);
        }
    }

    private long bar1() {
        if (inBar1.isEmpty()) {
            inBar1 = OptionalLong.of(core().parts().bar1().map(PageRun.video(address, bytes)));
        }
        return inBar1.getAsLong();
    }

    /** A part of it, as page tables have it. */
    PageRun run(long offset, long size, boolean writable, int kind) {
        Target target = buffer == null ? Target.VIDEO_MEMORY : Target.SYSTEM_MEMORY;
        return new PageRun(target, address + offset, size, !writable, kind, true);
    }

    /** Where a byte of it lies, as the display reaches it. */
    DisplayEngine.Place place(long offset) {
        return new DisplayEngine.Place(address + offset, buffer != null);
    }

    /** It is bound in more places, or less. With the gate's lock. */
    void bound(int change) {
        bindings += change;
    }

    @Override
    String describe() {
        return "memory object bytes=" + bytes + " placement=" + placement();
    }

    @Override
    void requireUnused() {
        if (bindings > 0) {
            throw new CoreException(CoreError.BUSY, "Memory is bound: " + describe() + " places=" + bindings);
        }
    }

    @Override
    synchronized void release() {
        inBar1.ifPresent(at -> core().parts().bar1().unmap(at, bytes));
        if (buffer != null) {
            buffer.close();
        } else {
            core().parts().memory().free(address);
        }
    }
}
