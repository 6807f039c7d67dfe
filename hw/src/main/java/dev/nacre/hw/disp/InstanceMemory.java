package dev.nacre.hw.disp;

/**
 * What lies in the display's instance memory: a hash table (RAMHT) of handles, and the context DMA objects that they
 * stand for.
 */
// HW: open-gpu-kernel-modules swref/published/disp/v04_01/dev_disp.h (NV_UDISP_HASH, NV_DMA); nouveau
// nvkm/core/ramht.c, nvkm/engine/dma/usergv100.c
public final class InstanceMemory {
    /** Size of the table at the start. */
    public static final int RAMHT_BYTES = 0x2000;

    /** Size of an entry: handle, then context. */
    public static final int RAMHT_ENTRY_BYTES = 8;

    /**
     * Size of a context DMA object: flags, base low and high, limit low and high; base and limit in 256 bytes,
     * the limit inclusive.
     */
    public static final int CONTEXT_DMA_BYTES = 20;

    private InstanceMemory() {}

    /** The channel that an entry's context belongs to. */
    public static int channelOf(int context) {
        return context >>> 25;
    }

    /** Offset of the object that an entry's context names: units of 32 bytes (24:14). */
    public static int offsetOf(int context) {
        return (context >>> 14 & 0x7ff) << 5;
    }

    /** Where an entry is looked for first. What is there already, is passed over. */
    // HW: nouveau nvkm/core/ramht.c (nvkm_ramht_hash): ten bits of the handle at a time, and the channel
    public static int hash(int channel, int handle) {
        int bits = Integer.numberOfTrailingZeros(RAMHT_BYTES / RAMHT_ENTRY_BYTES);
        int mask = (1 << bits) - 1;
        int hash = channel << (bits - 4);
        for (int rest = handle; rest != 0; rest >>>= bits) {
            hash ^= rest & mask;
        }
        return hash & mask;
    }

    /**
     * An entry's context.
     *
     * @param offset of the object, a multiple of 32 bytes
     * @param client handle of RM's client that the channel belongs to
     */
    public static int context(int channel, int offset, int client) {
        return channel << 25 | offset << 9 | (client & 0x3fff);
    }

    /** Flags of an object that may be read and written. */
    public static int flags(boolean system, boolean blockLinear) {
        return (system ? 2 : 1) | (1 << 2) | (blockLinear ? 1 << 20 : 0);
    }

    /** Whether an object's flags name video memory: NV_DMA_TARGET_NODE_PHYSICAL_NVM. */
    public static boolean isVideo(int flags) {
        return (flags & 3) == 1;
    }

    /** Whether an object's flags name system memory: PHYSICAL_PCI and PHYSICAL_PCI_COHERENT. */
    public static boolean isSystem(int flags) {
        return (flags & 3) >= 2;
    }

    /** Whether an object's flags allow writing: NV_DMA_ACCESS. */
    public static boolean isWritable(int flags) {
        return (flags & (1 << 2)) != 0;
    }

    /** Whether surfaces in the object are block-linear and not in pitch layout: NV_DMA_KIND. */
    public static boolean isBlockLinear(int flags) {
        return (flags & (1 << 20)) != 0;
    }

    /**
     * The byte address of a base or limit.
     *
     * @param low its low word, in units of 256 bytes
     * @param high its high word, of which bits 6:0 count
     */
    public static long address(int low, int high) {
        return ((high & 0x7fL) << 32 | (low & 0xffffffffL)) << 8;
    }
}
