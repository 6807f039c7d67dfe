package dev.nacre.corejava;

import dev.nacre.core.Bar1Mapping;
import dev.nacre.core.Capability;
import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;
import dev.nacre.core.FbMemory;
import dev.nacre.core.FbRequest;
import dev.nacre.core.MapRequest;
import dev.nacre.corejava.memory.VideoMemory;
import dev.nacre.corejava.mmu.PageRun;
import dev.nacre.hw.mmu.Target;

/** A part of the GPU's memory. */
final class FbHandle extends Handle implements FbMemory {
    private final long offset;
    private final long bytes;

    /** How often it is mapped; guarded by the gate. */
    private int mappings;

    private boolean inBar1;

    FbHandle(JavaAttachment attachment, FbRequest request) {
        super(attachment);
        this.offset = core().parts().memory().allocate(request);
        this.bytes = VideoMemory.roundUp(request.bytes());
    }

    @Override
    public long offset() {
        return offset;
    }

    @Override
    public long bytes() {
        return bytes;
    }

    @Override
    public Bar1Mapping mapBar1(MapRequest request) {
        return core().gate().use(() -> {
            requireLive();
            attachment().requireCapability(Capability.FB_MEM_BAR1_MAP);
            request.within(bytes);
            if (inBar1) {
                throw new CoreException(CoreError.EXISTS, "Memory is mapped already: " + describe());
            }
            return attachment().own(new Bar1Handle(this, request));
        });
    }

    /** The part that a request means. */
    PageRun run(MapRequest request) {
        return new PageRun(
                Target.VIDEO_MEMORY, offset + request.offset(), request.bytes(), false, 0, request.hugePages());
    }

    /** It is mapped once more, or less. With the gate's lock. */
    void mapped(int change) {
        mappings += change;
    }

    /** It is mapped in BAR 1, or not any more. With the gate's lock. */
    void inBar1(boolean mapped) {
        inBar1 = mapped;
        mapped(mapped ? 1 : -1);
    }

    @Override
    String describe() {
        return "memory offset=" + offset + " bytes=" + bytes;
    }

    @Override
    void requireUnused() {
        if (mappings > 0) {
            throw new CoreException(CoreError.BUSY, "Memory is mapped: " + describe() + " mappings=" + mappings);
        }
    }

    @Override
    void release() {
        core().parts().memory().free(offset);
    }
}
