package dev.nacre.board.disp;

import dev.nacre.board.fb.Vram;
import dev.nacre.board.state.StateReader;
import dev.nacre.board.state.StateWriter;
import dev.nacre.hw.disp.InstanceMemory;
import dev.nacre.pci.DmaFault;
import dev.nacre.pci.GuestMemory;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * Memory as the display engine reaches it: physical addresses in VRAM or the guest, and handles of context DMAs. All
 * addresses come from the guest. Any thread.
 */
final class DisplayMemory {
    /**
     * What a context DMA opens.
     *
     * @param address physical address in VRAM, or bus address
     * @param sizeBytes bytes from there on
     * @param system whether it is system memory
     * @param writable whether it may be written
     * @param blockLinear whether surfaces in it are block-linear
     */
    record ContextDma(long address, long sizeBytes, boolean system, boolean writable, boolean blockLinear) {
        /** Whether a range lies inside. */
        boolean contains(long offset, long count) {
            return offset >= 0 && count >= 0 && count <= sizeBytes && offset <= sizeBytes - count;
        }
    }

    private record Instance(long address, long sizeBytes, boolean system) {}

    private static final Instance NO_INSTANCE = new Instance(0, 0, false);

    private final Vram vram;
    private final GuestMemory guest;
    private volatile Instance instance = NO_INSTANCE;

    DisplayMemory(Vram vram, GuestMemory guest) {
        this.vram = vram;
        this.guest = guest;
    }

    /** Sets where the instance memory lies. */
    void instance(long address, long sizeBytes, boolean system) {
        instance = new Instance(address, sizeBytes, system);
    }

    /**
     * Reads 32 bits.
     *
     * @throws DmaFault if they cannot be reached
     */
    int fetch(boolean system, long address) {
        if (system) {
            return guest.readInt(address);
        }
        if (!vram.contains(address, 4)) {
            throw new DmaFault(address, 4, false);
        }
        return vram.readInt(address);
    }

    /** Reads 32 bits of what a context DMA opens; empty if they cannot be reached. */
    Optional<Integer> read(ContextDma from, long offset) {
        try {
            return from.contains(offset, 4)
                    ? Optional.of(fetch(from.system(), from.address() + offset))
                    : Optional.empty();
        } catch (DmaFault e) {
            return Optional.empty();
        }
    }

    /** Writes 32 bits of what a context DMA opens. What cannot be written is lost: the driver times out on it. */
    void write(ContextDma to, long offset, int value) {
        if (!to.writable() || !to.contains(offset, 4)) {
            return;
        }
        try {
            if (to.system()) {
                guest.writeInt(to.address() + offset, value);
            } else {
                vram.writeInt(to.address() + offset, value);
            }
        } catch (DmaFault e) {
            // GUEST: as above.
        }
    }

    /** Copies bytes of what a context DMA opens; false if a part of them cannot be reached. */
    boolean read(ContextDma from, long offset, MemorySegment dst, long dstOffset, long count) {
        if (!from.contains(offset, count)) {
            return false;
        }
        long address = from.address() + offset;
        try {
            if (from.system()) {
                guest.read(address, dst, dstOffset, count);
            } else if (vram.contains(address, count)) {
                MemorySegment.copy(vram.segment(), address, dst, dstOffset, count);
            } else {
                return false;
            }
            return true;
        } catch (DmaFault e) {
            return false;
        }
    }

    /** The context DMA that a channel knows by a handle; empty if there is none or it is not to be used. */
    Optional<ContextDma> contextDma(int handle, int channelId) {
        Instance in = instance;
        long table = Math.min(InstanceMemory.RAMHT_BYTES, in.sizeBytes());
        if (handle == 0) {
            return Optional.empty();
        }
        try {
            // The driver hashes; a scan finds the same, and a thousand words are read a few times a frame.
            for (long at = 0; at + InstanceMemory.RAMHT_ENTRY_BYTES <= table; at += InstanceMemory.RAMHT_ENTRY_BYTES) {
                if (word(in, at) == handle) {
                    int context = word(in, at + 4);
                    if (InstanceMemory.channelOf(context) == channelId) {
                        return object(in, InstanceMemory.offsetOf(context));
                    }
                }
            }
        } catch (DmaFault e) {
            // GUEST: instance memory that is not there holds no context DMA.
        }
        return Optional.empty();
    }

    private Optional<ContextDma> object(Instance in, long offset) {
        if (offset + InstanceMemory.CONTEXT_DMA_BYTES > in.sizeBytes()) {
            return Optional.empty();
        }
        int flags = word(in, offset);
        long base = InstanceMemory.address(word(in, offset + 4), word(in, offset + 8));
        long limit = InstanceMemory.address(word(in, offset + 12), word(in, offset + 16)) | 0xff;
        boolean usable = limit > base && (InstanceMemory.isVideo(flags) || InstanceMemory.isSystem(flags));
        return usable
                ? Optional.of(new ContextDma(
                        base,
                        limit - base + 1,
                        InstanceMemory.isSystem(flags),
                        InstanceMemory.isWritable(flags),
                        InstanceMemory.isBlockLinear(flags)))
                : Optional.empty();
    }

    private int word(Instance in, long offset) {
        return fetch(in.system(), in.address() + offset);
    }

    void reset() {
        instance = NO_INSTANCE;
    }

    void save(StateWriter out) {
        Instance in = instance;
        out.put("instance.address", in.address());
        out.put("instance.bytes", in.sizeBytes());
        out.put("instance.system", in.system());
    }

    void restore(StateReader in) {
        instance(in.longValue("instance.address"), in.longValue("instance.bytes"), in.booleanValue("instance.system"));
    }
}
