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
 * Memory as the display engine reaches it: physical addresses in VRAM or the guest, and handles of context DMAs. What
 * cannot be reached reads as zero and is not written.
 */
final class DisplayMemory {
    /**
     * A place that a context DMA names.
     *
     * @param address physical address in VRAM, or bus address
     * @param system whether it is system memory
     * @param blockLinear whether a surface there is block-linear and not pitch
     */
    record Place(long address, boolean system, boolean blockLinear) {
        Place plus(long offset) {
            return new Place(address + offset, system, blockLinear);
        }
    }

    private final Vram vram;
    private final GuestMemory guest;
    private long instanceAddress;
    private long instanceBytes;
    private boolean instanceSystem;

    DisplayMemory(Vram vram, GuestMemory guest) {
        this.vram = vram;
        this.guest = guest;
    }

    /** Sets where the instance memory lies. */
    void instance(long address, long sizeBytes, boolean system) {
        instanceAddress = address;
        instanceBytes = sizeBytes;
        instanceSystem = system;
    }

    /** Reads 32 bits. */
    int readInt(boolean system, long address) {
        try {
            if (system) {
                return guest.readInt(address);
            }
            return vram.contains(address, 4) ? vram.readInt(address) : 0;
        } catch (DmaFault e) {
            return 0;
        }
    }

    /** Writes 32 bits. */
    void writeInt(Place place, int value) {
        try {
            if (place.system()) {
                guest.writeInt(place.address(), value);
            } else {
                vram.writeInt(place.address(), value);
            }
        } catch (DmaFault e) {
            // HW: a notifier that cannot be written is lost; the driver times out on it.
        }
    }

    /** Copies bytes; false if a part of them cannot be reached. */
    boolean read(Place place, long offset, MemorySegment dst, long count) {
        long address = place.address() + offset;
        try {
            if (place.system()) {
                guest.read(address, dst, 0, count);
            } else if (vram.contains(address, count)) {
                MemorySegment.copy(vram.segment(), address, dst, 0, count);
            } else {
                return false;
            }
            return true;
        } catch (DmaFault e) {
            return false;
        }
    }

    /** The base of the context DMA that a channel knows by a handle. */
    Optional<Place> contextDma(int handle, int channelId) {
        long table = Math.min(InstanceMemory.RAMHT_BYTES, instanceBytes);
        for (long at = 0; at + InstanceMemory.RAMHT_ENTRY_BYTES <= table; at += InstanceMemory.RAMHT_ENTRY_BYTES) {
            int context = instanceInt(at + 4);
            if (instanceInt(at) == handle && InstanceMemory.channelOf(context) == channelId) {
                return object(InstanceMemory.offsetOf(context));
            }
        }
        return Optional.empty();
    }

    private Optional<Place> object(long offset) {
        if (offset + InstanceMemory.CONTEXT_DMA_BYTES > instanceBytes) {
            return Optional.empty();
        }
        long base = ((instanceInt(offset + 4) & 0xffffffffL) | ((instanceInt(offset + 8) & 0xffL) << 32)) << 8;
        int flags = instanceInt(offset);
        return Optional.of(new Place(base, InstanceMemory.isSystem(flags), InstanceMemory.isBlockLinear(flags)));
    }

    private int instanceInt(long offset) {
        return readInt(instanceSystem, instanceAddress + offset);
    }

    void reset() {
        instance(0, 0, false);
    }

    void save(StateWriter out) {
        out.put("instance.address", instanceAddress);
        out.put("instance.bytes", instanceBytes);
        out.put("instance.system", instanceSystem);
    }

    void restore(StateReader in) {
        instance(in.longValue("instance.address"), in.longValue("instance.bytes"), in.booleanValue("instance.system"));
    }
}
