package dev.nacre.hw.disp;

/**
 * What differs between the display channels of chip generations, besides their class numbers. Methods that all have are
 * in {@link Nvc67d} and {@link Nvc67e}.
 *
 * @param headStrideBytes distance from one head's methods of the core channel to the next one's
 * @param coreBytes method space of the core channel
 * @param methodMask bits of a push buffer's header that name the method
 * @param surfacesByAddress whether surfaces, notifiers and semaphores are named by physical addresses ({@link Nvca7d},
 *     {@link Nvca7e}); otherwise by handles of context DMAs ({@link InstanceMemory}) and offsets
 */
public record DisplayGeneration(int headStrideBytes, int coreBytes, int methodMask, boolean surfacesByAddress) {
    /** Ampere and Ada: classes C67D, C77D, C67E. */
    // HW: NVIDIA open-gpu-doc, clc67d.h
    public static final DisplayGeneration C67X = new DisplayGeneration(0x400, 0x4000, 0x3ffc, false);

    /** GB20x: classes CA7D, CA7E. */
    // HW: open-gpu-kernel-modules class/clca7d.h, clc97b.h (DMA_METHOD_OFFSET)
    public static final DisplayGeneration CA7X = new DisplayGeneration(0x800, 0x8000, 0xfffc, true);
}
