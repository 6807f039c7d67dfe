package dev.nacre.corejava.gsp;

import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;
import dev.nacre.hw.gsp.GspAbi;
import dev.nacre.hw.vgpu.VgpuParams;

/**
 * How a driver divides the GPU's memory before it starts the GSP: from the top down. Addresses in the GPU's memory.
 *
 * @param fbBytes all of the memory
 * @param vgaWorkspace what VGA keeps, to the end
 * @param frts region for the firmware's run-time security
 * @param bootloader the GSP's boot loader
 * @param image the GSP's image
 * @param heap the GSP's protected heap
 * @param heapBytes its size
 * @param wprStart start of the protected region
 * @param wprEnd its end
 * @param nonWprHeap the GSP's heap outside
 * @param nonWprHeapBytes its size
 * @param vfPartitions virtual functions that have a part of the heap
 */
public record FbLayout(
        long fbBytes,
        long vgaWorkspace,
        long frts,
        long bootloader,
        long image,
        long heap,
        long heapBytes,
        long wprStart,
        long wprEnd,
        long nonWprHeap,
        long nonWprHeapBytes,
        int vfPartitions) {
    private static final long MIB = 1 << 20;
    private static final long GIB = 1 << 30;

    // HW: nouveau nvkm/subdev/gsp/tu102.c (tu102_gsp_oneinit, tu102_gsp_wpr_heap_size); nova-core fb.rs, gsp/fw.rs
    /** Bytes of FRTS. */
    public static final long FRTS_BYTES = MIB;

    private static final long WPR_END_ALIGN = 128 << 10;
    private static final long BOOTLOADER_ALIGN = 4096;
    private static final long IMAGE_ALIGN = 64 << 10;
    private static final long HEAP_PER_GIB_BYTES = 96 << 10;
    private static final long HEAP_CLIENTS_BYTES = 96 * MIB;
    private static final long WPR_META_BYTES = 256;

    // HW: the first vGPU series for nouveau: 256 MiB do for two virtual GPUs; open-gpu-kernel-modules gsp_fw_heap.h:
    // 581 MiB for 32, which is as many as the controls of both firmware versions can name. Real boards clear no more
    // than 256 MiB of it when power comes, and want their
    // scrubber's firmware to be run for the rest before the GSP starts; this core has no such firmware, and relies on
    // memory that was cleared, as that of a software GPU is.
    private static final long VGPU_HEAP_OF_2_BYTES = 256 * MIB;
    private static final long VGPU_HEAP_OF_32_BYTES = 581 * MIB;
    private static final int FEW_VFS = 2;

    /** What must be left of the memory for it to be of use. */
    private static final long LEAST_USABLE_BYTES = 64 * MIB;

    /**
     * What the layout depends on.
     *
     * @param fbBytes all of the memory
     * @param vgaWorkspace where VGA's memory begins
     * @param bootloaderBytes size of the GSP's boot loader
     * @param imageBytes size of its image
     * @param heapBaseBytes what RM takes on the chip before there are clients
     * @param nonWprHeapBytes size of the GSP's heap outside the protected region
     */
    public record Sizes(
            long fbBytes,
            long vgaWorkspace,
            long bootloaderBytes,
            long imageBytes,
            long heapBaseBytes,
            long nonWprHeapBytes) {}

    /**
     * Bytes of the GSP's protected heap.
     *
     * @param virtualFunctions how many may get a part of it; 0 if the GPU is not to be shared
     */
    public static long heapBytes(Sizes sizes, GspAbi abi, int virtualFunctions) {
        GspAbi.HeapLayout heap = abi.heap();
        long wanted = heap.osBytes()
                + sizes.heapBaseBytes()
                + alignUp(HEAP_PER_GIB_BYTES * Math.ceilDiv(sizes.fbBytes(), GIB), MIB)
                + HEAP_CLIENTS_BYTES;
        long clamped = Math.clamp(wanted, heap.minBytes(), heap.maxBytes());
        return Math.max(clamped, sharedHeapBytes(vfPartitions(virtualFunctions)));
    }

    private static long sharedHeapBytes(int partitions) {
        if (partitions == 0) {
            return 0;
        }
        return partitions <= FEW_VFS ? VGPU_HEAP_OF_2_BYTES : VGPU_HEAP_OF_32_BYTES;
    }

    /**
     * Lays out a GPU's memory.
     *
     * @param virtualFunctions how many may get a part of the heap; 0 if the GPU is not to be shared
     * @throws CoreException with {@link CoreError#IO} if there is too little memory
     */
    public static FbLayout of(Sizes sizes, GspAbi abi, int virtualFunctions) {
        long wprEnd = alignDown(sizes.vgaWorkspace(), WPR_END_ALIGN);
        long frts = wprEnd - FRTS_BYTES;
        long bootloader = alignDown(frts - sizes.bootloaderBytes(), BOOTLOADER_ALIGN);
        long image = alignDown(bootloader - sizes.imageBytes(), IMAGE_ALIGN);
        long heap = alignDown(image - heapBytes(sizes, abi, virtualFunctions), MIB);
        long wprStart = alignDown(heap - WPR_META_BYTES, MIB);
        long nonWprHeap = wprStart - sizes.nonWprHeapBytes();
        if (nonWprHeap < LEAST_USABLE_BYTES) {
            throw new CoreException(
                    CoreError.IO, "The GPU has too little memory for its firmware: bytes=" + sizes.fbBytes());
        }
        return new FbLayout(
                sizes.fbBytes(),
                sizes.vgaWorkspace(),
                frts,
                bootloader,
                image,
                heap,
                alignDown(image - heap, MIB),
                wprStart,
                wprEnd,
                nonWprHeap,
                sizes.nonWprHeapBytes(),
                vfPartitions(virtualFunctions));
    }

    /** How many of so many virtual functions have a part of the heap. */
    public static int vfPartitions(int virtualFunctions) {
        return Math.min(virtualFunctions, VgpuParams.MAX_VGPUS);
    }

    private static long alignDown(long value, long to) {
        return value & -to;
    }

    private static long alignUp(long value, long to) {
        return (value + to - 1) & -to;
    }
}
