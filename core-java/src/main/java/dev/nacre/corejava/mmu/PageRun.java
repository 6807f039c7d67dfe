package dev.nacre.corejava.mmu;

import dev.nacre.corejava.memory.VideoMemory;
import dev.nacre.hw.mmu.Target;

/**
 * Contiguous memory that is to be mapped.
 *
 * @param target {@link Target#VIDEO_MEMORY} or {@link Target#SYSTEM_MEMORY}; {@link Target#INVALID} for none: sparse
 * @param address of its first byte, a multiple of 4096
 * @param bytes its size, a multiple of 4096
 * @param readOnly whether the GPU cannot write it
 * @param kind NV_MMU_PTE_KIND
 * @param hugePages whether pages of 2 MiB may be used
 */
public record PageRun(Target target, long address, long bytes, boolean readOnly, int kind, boolean hugePages) {
    private static final long BIG_BYTES = 64 << 10;
    private static final long HUGE_BYTES = 2 << 20;

    /** Memory of the GPU, plain. */
    public static PageRun video(long address, long bytes) {
        return new PageRun(Target.VIDEO_MEMORY, address, bytes, false, 0, true);
    }

    /** Memory of the host, plain. */
    public static PageRun system(long address, long bytes, boolean readOnly) {
        return new PageRun(Target.SYSTEM_MEMORY, address, bytes, readOnly, 0, true);
    }

    /** No memory: reads give zeros, writes are lost. */
    public static PageRun sparse(long virtualAddress, long bytes) {
        return new PageRun(Target.INVALID, virtualAddress, bytes, false, 0, true);
    }

    /** What its virtual address has to be a multiple of for the largest pages that it allows. */
    public long alignment() {
        if (hugePages && bytes >= HUGE_BYTES && address % HUGE_BYTES == 0) {
            return HUGE_BYTES;
        }
        return bytes >= BIG_BYTES && address % BIG_BYTES == 0 ? BIG_BYTES : VideoMemory.PAGE_BYTES;
    }
}
