package dev.nacre.drm.nouveau;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** Commands for a channel. */
// HW: open-gpu-doc classes/dma-copy/clc7b5.h, classes/host/clc56f.h
final class CopyPush {
    private static final int COPY = 4;
    private static final int HOST = 0;
    private static final int SET_OBJECT = 0;
    private static final int SEM_ADDR_LO = 0x5c;
    private static final int LAUNCH_DMA = 0x300;
    private static final int OFFSET_IN_UPPER = 0x400;

    /** Pipelined, with a flush, between pitch-linear surfaces. */
    private static final int LAUNCH_COPY = 0x185;

    private static final int ACQUIRE = 0;
    private static final int RELEASE = 1;

    private final List<Integer> words = new ArrayList<>();

    /** For channels on the copy engine of a class. */
    static CopyPush of(int copyClass) {
        return new CopyPush().method(COPY, SET_OBJECT, copyClass);
    }

    /** For any channel. */
    static CopyPush host() {
        return new CopyPush();
    }

    CopyPush copy(long from, long to, int bytes) {
        int[] data = {(int) (from >>> 32), (int) from, (int) (to >>> 32), (int) to, bytes, bytes, bytes, 1};
        return method(COPY, OFFSET_IN_UPPER, data).method(COPY, LAUNCH_DMA, LAUNCH_COPY);
    }

    CopyPush release(long address, int value) {
        return method(HOST, SEM_ADDR_LO, (int) address, (int) (address >>> 32), value, 0, RELEASE);
    }

    CopyPush acquire(long address, int value) {
        return method(HOST, SEM_ADDR_LO, (int) address, (int) (address >>> 32), value, 0, ACQUIRE);
    }

    private CopyPush method(int subchannel, int method, int... data) {
        words.add(1 << 29 | data.length << 16 | subchannel << 13 | method >> 2);
        for (int datum : data) {
            words.add(datum);
        }
        return this;
    }

    MemorySegment words() {
        return MemorySegment.ofArray(words.stream().mapToInt(Integer::intValue).toArray());
    }

    int bytes() {
        return 4 * words.size();
    }
}
