package dev.nacre.corejava.channel;

import dev.nacre.hw.copy.Nvc7b5;
import dev.nacre.hw.host.HostMethod;
import dev.nacre.hw.host.PushHeader;

/** The commands of the core's own copies. */
final class CopyPush {
    /** WireStruct of {@link #fill}. */
    static final int FILL_DWORDS = 17;

    // HW: subchannel of the copy engine, as nouveau and Mesa use it; class/cla06fsubch.h
    private static final int SUBCHANNEL = 4;

    /** Bytes of an element that is filled. */
    private static final int ELEMENT_BYTES = 4;

    private static final int COMPONENT_CONST_A = 4;
    private static final int TRANSFER_NON_PIPELINED = 2;

    private CopyPush() {}

    /** Fills physical memory of the GPU with zeros. Bytes: a multiple of 4096, less than 2^33. */
    static void fill(CopyRing ring, int copyClass, long address, long bytes) {
        ring.begin(FILL_DWORDS);
        methods(ring, HostMethod.SET_OBJECT.address(), copyClass);
        methods(ring, Nvc7b5.SET_DST_PHYS_MODE.offset(), 0);
        int components = Nvc7b5.SET_REMAP_COMPONENTS_DST_X.set(0, COMPONENT_CONST_A);
        components = Nvc7b5.SET_REMAP_COMPONENTS_COMPONENT_SIZE.set(components, ELEMENT_BYTES - 1);
        methods(ring, Nvc7b5.SET_REMAP_CONST_A.offset(), 0);
        methods(ring, Nvc7b5.SET_REMAP_COMPONENTS.offset(), components);
        methods(ring, Nvc7b5.OFFSET_OUT_UPPER.offset(), (int) (address >>> 32), (int) address);
        methods(ring, Nvc7b5.LINE_LENGTH_IN.offset(), (int) (bytes / ELEMENT_BYTES), 1);
        int launch = Nvc7b5.LAUNCH_DMA_DATA_TRANSFER_TYPE.set(0, TRANSFER_NON_PIPELINED)
                | Nvc7b5.LAUNCH_DMA_FLUSH_ENABLE.mask()
                | Nvc7b5.LAUNCH_DMA_SRC_MEMORY_LAYOUT_PITCH.mask()
                | Nvc7b5.LAUNCH_DMA_DST_MEMORY_LAYOUT_PITCH.mask()
                | Nvc7b5.LAUNCH_DMA_REMAP_ENABLE.mask()
                | Nvc7b5.LAUNCH_DMA_DST_TYPE_PHYSICAL.mask();
        // The last word is a method of one: 17 = 4 * 2 + 3 + 3 + 2 and a word that does nothing.
        methods(ring, Nvc7b5.LAUNCH_DMA.offset(), launch);
        ring.emit(PushHeader.NOP);
    }

    private static void methods(CopyRing ring, int first, int... data) {
        ring.emit(PushHeader.incrementing(SUBCHANNEL, first, data.length));
        for (int word : data) {
            ring.emit(word);
        }
    }
}
