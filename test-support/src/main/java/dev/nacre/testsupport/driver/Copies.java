package dev.nacre.testsupport.driver;

import dev.nacre.hw.copy.Nvc7b5;

/** Pieces of work for a copy engine. */
final class Copies {
    // HW: open-gpu-doc classes/dma-copy/clc7b5.h
    private static final int TRANSFER_NON_PIPELINED = 2;
    private static final int REMAP_CONST_A = 4;
    private static final int REMAP_NO_WRITE = 6;

    /** One word without, four words with a time stamp. */
    static final int SEMAPHORE_ONE_WORD = 1;

    static final int SEMAPHORE_FOUR_WORDS = 2;

    private Copies() {}

    /** Flags of a copy of lines, pitch to pitch, as nouveau launches it. */
    static int pitchLaunch() {
        int launch = Nvc7b5.LAUNCH_DMA_DATA_TRANSFER_TYPE.set(0, TRANSFER_NON_PIPELINED);
        launch = Nvc7b5.LAUNCH_DMA_FLUSH_ENABLE.set(launch, true);
        launch = Nvc7b5.LAUNCH_DMA_SRC_MEMORY_LAYOUT_PITCH.set(launch, true);
        launch = Nvc7b5.LAUNCH_DMA_DST_MEMORY_LAYOUT_PITCH.set(launch, true);
        return Nvc7b5.LAUNCH_DMA_MULTI_LINE_ENABLE.set(launch, true);
    }

    /** Copies bytes that follow each other. */
    static PushBuffer linear(long from, long to, int bytes) {
        return lines(from, to, bytes, bytes, bytes, 1);
    }

    /** Copies lines. */
    static PushBuffer lines(long from, long to, int pitchIn, int pitchOut, int bytes, int count) {
        return transfer(new PushBuffer(), from, to, pitchLaunch(), pitchIn, pitchOut, bytes, count);
    }

    /**
     * Copies between physical addresses.
     *
     * @param fromTarget 0 for the board's memory, 1 for system memory
     * @param toTarget likewise
     */
    static PushBuffer physical(long from, int fromTarget, long to, int toTarget, int bytes) {
        int launch = Nvc7b5.LAUNCH_DMA_SRC_TYPE_PHYSICAL.set(pitchLaunch(), true);
        launch = Nvc7b5.LAUNCH_DMA_DST_TYPE_PHYSICAL.set(launch, true);
        PushBuffer targets = new PushBuffer().methods(CopyChannel.COPY, Nvc7b5.SET_SRC_PHYS_MODE, fromTarget, toTarget);
        return transfer(targets, from, to, launch, bytes, bytes, bytes, 1);
    }

    /** Fills 32-bit words with a constant, by remapping components. */
    static PushBuffer fill(long to, int words, int value) {
        int components = 0;
        int noWrite = Nvc7b5.SET_REMAP_COMPONENTS_DST_X.lo() + 4;
        components = Nvc7b5.SET_REMAP_COMPONENTS_DST_X.set(components, REMAP_CONST_A);
        components |=
                (REMAP_NO_WRITE << noWrite) | (REMAP_NO_WRITE << (noWrite + 4)) | (REMAP_NO_WRITE << (noWrite + 8));
        components = Nvc7b5.SET_REMAP_COMPONENTS_COMPONENT_SIZE.set(components, Integer.BYTES - 1);
        int launch = Nvc7b5.LAUNCH_DMA_REMAP_ENABLE.set(pitchLaunch(), true);
        return new PushBuffer()
                .methods(CopyChannel.COPY, Nvc7b5.SET_REMAP_CONST_A, value, 0, components)
                .methods(CopyChannel.COPY, Nvc7b5.OFFSET_OUT_UPPER, (int) (to >>> 32), (int) to)
                .methods(CopyChannel.COPY, Nvc7b5.PITCH_OUT, 4 * words, words, 1)
                .methods(CopyChannel.COPY, Nvc7b5.LAUNCH_DMA, launch);
    }

    /** Copies and writes the copy engine's own semaphore. */
    static PushBuffer withSemaphore(long from, long to, int bytes, long semaphore, int payload, int type) {
        PushBuffer release = new PushBuffer()
                .methods(CopyChannel.COPY, Nvc7b5.SET_SEMAPHORE_A, (int) (semaphore >>> 32), (int) semaphore, payload);
        int launch = Nvc7b5.LAUNCH_DMA_SEMAPHORE_TYPE.set(pitchLaunch(), type);
        return transfer(release, from, to, launch, bytes, bytes, bytes, 1);
    }

    /** @param shape the registers from PITCH_IN on: pitch in, pitch out, bytes of a line, lines */
    private static PushBuffer transfer(PushBuffer buffer, long from, long to, int launch, int... shape) {
        return buffer.methods(
                        CopyChannel.COPY,
                        Nvc7b5.OFFSET_IN_UPPER,
                        (int) (from >>> 32),
                        (int) from,
                        (int) (to >>> 32),
                        (int) to)
                .methods(CopyChannel.COPY, Nvc7b5.PITCH_IN, shape)
                .methods(CopyChannel.COPY, Nvc7b5.LAUNCH_DMA, launch);
    }
}
