package dev.nacre.hw.disp;

/**
 * What lies in the display's instance memory: a hash table (RAMHT) of handles, and the context DMA objects that they
 * stand for.
 */
// HW: nouveau nvkm/core/ramht.c, nvkm/engine/disp/nv50.c (instance memory), nvkm/engine/dma/usergv100.c
public final class InstanceMemory {
    /** Size of the table at the start. */
    public static final int RAMHT_BYTES = 0x2000;

    /** Size of an entry: handle, then context. */
    public static final int RAMHT_ENTRY_BYTES = 8;

    /** Size of a context DMA object: flags, base low and high, limit low and high; base and limit in 256 bytes. */
    public static final int CONTEXT_DMA_BYTES = 20;

    private InstanceMemory() {}

    /** The channel that an entry's context belongs to. */
    public static int channelOf(int context) {
        return context >>> 25;
    }

    /** Offset of the object that an entry's context names. */
    public static int offsetOf(int context) {
        return (context & 0x1ffffff) >>> 9;
    }

    /** Whether an object's flags name system memory (targets 2 and 3) and not video memory (1). */
    public static boolean isSystem(int flags) {
        return (flags & 3) >= 2;
    }

    /** Whether an object's flags say that its pages are of a block-linear kind. */
    public static boolean isBlockLinear(int flags) {
        return (flags & 1 << 20) != 0;
    }
}
