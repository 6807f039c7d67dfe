package dev.nacre.corejava.disp;

import dev.nacre.core.FbRequest;
import dev.nacre.corejava.gpu.WatchedGpu;
import dev.nacre.corejava.memory.VideoMemory;
import dev.nacre.hw.disp.InstanceMemory;
import java.util.HashSet;
import java.util.Set;

/**
 * The display's instance memory: context DMAs over all memory, one for each placement and layout, and one over the
 * notifiers. Every channel knows them by the same handles. What surfaces may name is checked before they are.
 */
final class InstanceTable implements AutoCloseable {
    /** Bytes of it all. */
    static final int BYTES = 0x10000;

    private static final int FIRST_HANDLE = 0xf000_0000;
    private static final int KINDS = 4;
    private static final int OBJECTS = KINDS + 1;

    /** The handle of the context DMA over the notifiers. */
    static final int NOTIFIERS = FIRST_HANDLE | KINDS;

    private static final int OBJECT_STRIDE = 32;

    // HW: base and limit have 47 bits
    private static final long END = 1L << 47;

    private final WatchedGpu live;
    private final VideoMemory memory;
    private final long address;
    private final Set<Integer> taken = new HashSet<>();

    InstanceTable(WatchedGpu live, VideoMemory memory, Notifiers notifiers) {
        this.live = live;
        this.memory = memory;
        this.address = memory.allocate(FbRequest.aligned(BYTES, BYTES));
        live.vram().fill(address, BYTES, (byte) 0);
        long fbBytes = live.gpu().description().fbBytes();
        for (int kind = 0; kind < KINDS; kind++) {
            boolean system = (kind & 1) != 0;
            object(kind, InstanceMemory.flags(system, (kind & 2) != 0), 0, system ? END : fbBytes);
        }
        long base = notifiers.address(0);
        object(KINDS, InstanceMemory.flags(true, false), base, base + Notifiers.BYTES);
    }

    private void object(int number, int flags, long start, long end) {
        long base = start >>> 8;
        long limit = (end - 1) >>> 8;
        long at = address + offset(number);
        live.vram().writeLong(at, base << Integer.SIZE | Integer.toUnsignedLong(flags));
        live.vram().writeLong(at + 8, limit << Integer.SIZE | base >>> Integer.SIZE);
        live.vram().writeLong(at + 16, limit >>> Integer.SIZE);
    }

    private static int offset(int object) {
        return InstanceMemory.RAMHT_BYTES + object * OBJECT_STRIDE;
    }

    private static int kind(boolean system, boolean blockLinear) {
        return (system ? 1 : 0) | (blockLinear ? 2 : 0);
    }

    /** Where it lies in the GPU's memory. */
    long address() {
        return address;
    }

    /** The handle of the context DMA over a placement. */
    static int handle(boolean system, boolean blockLinear) {
        return FIRST_HANDLE | kind(system, blockLinear);
    }

    /** Has a channel know all handles. */
    void enter(int channel, int client) {
        for (int object = 0; object < OBJECTS; object++) {
            int handle = FIRST_HANDLE | object;
            int slot = InstanceMemory.hash(channel, handle);
            int slots = InstanceMemory.RAMHT_BYTES / InstanceMemory.RAMHT_ENTRY_BYTES;
            while (!taken.add(slot)) {
                slot = (slot + 1) % slots;
            }
            long context = Integer.toUnsignedLong(InstanceMemory.context(channel, offset(object), client));
            live.vram()
                    .writeLong(
                            address + (long) slot * InstanceMemory.RAMHT_ENTRY_BYTES,
                            context << Integer.SIZE | Integer.toUnsignedLong(handle));
        }
    }

    @Override
    public void close() {
        memory.free(address);
    }
}
