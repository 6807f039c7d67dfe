package dev.nacre.board.mmu;

import dev.nacre.hw.mmu.FaultType;
import dev.nacre.pci.DmaFault;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Memory as one engine addresses it: by virtual or by physical addresses. Little-endian, any alignment. One thread at a
 * time; allocates nothing unless it faults.
 */
public abstract sealed class Space permits VirtualSpace, PhysicalSpace {
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final PhysicalMemory memory;
    private final Extent found = new Extent();
    private final MemorySegment scratch = MemorySegment.ofArray(new byte[Long.BYTES]);

    Space(PhysicalMemory memory) {
        this.memory = memory;
    }

    /**
     * Finds the memory behind an address.
     *
     * @param length bytes wanted, 1 at least; the effort grows with it
     * @param out receives where it lies; if there is none, the type of the fault
     * @return how many of the bytes lie there in one piece, or 0 if the first cannot be reached
     */
    public abstract long locate(long address, long length, Access access, Extent out);

    /** As {@link #locate}. @throws MmuFault if the first byte cannot be reached */
    public final long require(long address, long length, Access access, Extent out) {
        long bytes = locate(address, length, access, out);
        if (bytes == 0) {
            throw new MmuFault(address, out.faultType());
        }
        return bytes;
    }

    /** Reads 32 bits. @throws MmuFault if they cannot be reached */
    public final int readInt(long address) {
        if (require(address, Integer.BYTES, Access.READ, found) < Integer.BYTES) {
            return (int) readDivided(address, Integer.BYTES);
        }
        try {
            return found.isSparse() ? 0 : memory.readInt(found.isSystem(), found.address());
        } catch (DmaFault e) {
            throw unreachable(address);
        }
    }

    /** Reads 64 bits. @throws MmuFault if they cannot be reached */
    public final long readLong(long address) {
        if (require(address, Long.BYTES, Access.READ, found) < Long.BYTES) {
            return readDivided(address, Long.BYTES);
        }
        try {
            return found.isSparse() ? 0 : memory.readLong(found.isSystem(), found.address());
        } catch (DmaFault e) {
            throw unreachable(address);
        }
    }

    /** Writes 32 bits at a multiple of 4. @throws MmuFault if they cannot be reached */
    public final void writeInt(long address, int value) {
        requireAligned(address, Integer.BYTES);
        try {
            if (!found.isSparse()) {
                memory.writeInt(found.isSystem(), found.address(), value);
            }
        } catch (DmaFault e) {
            throw unreachable(address);
        }
    }

    /** Writes 64 bits at a multiple of 8. @throws MmuFault if they cannot be reached */
    public final void writeLong(long address, long value) {
        requireAligned(address, Long.BYTES);
        try {
            if (!found.isSparse()) {
                memory.writeLong(found.isSystem(), found.address(), value);
            }
        } catch (DmaFault e) {
            throw unreachable(address);
        }
    }

    /** Copies out of the space. @throws MmuFault if a byte cannot be reached; those before it are copied */
    public final void read(long address, MemorySegment dst, long dstOffset, long count) {
        for (long done = 0; done < count; ) {
            long bytes = require(address + done, count - done, Access.READ, found);
            if (found.isSparse()) {
                dst.asSlice(dstOffset + done, bytes).fill((byte) 0);
            } else {
                try {
                    memory.read(found.isSystem(), found.address(), dst, dstOffset + done, bytes);
                } catch (DmaFault e) {
                    throw unreachable(address + done);
                }
            }
            done += bytes;
        }
    }

    /** Copies into the space. @throws MmuFault if a byte cannot be reached; those before it are copied */
    public final void write(long address, MemorySegment src, long srcOffset, long count) {
        for (long done = 0; done < count; ) {
            long bytes = require(address + done, count - done, Access.WRITE, found);
            if (!found.isSparse()) {
                try {
                    memory.write(found.isSystem(), found.address(), src, srcOffset + done, bytes);
                } catch (DmaFault e) {
                    throw unreachable(address + done);
                }
            }
            done += bytes;
        }
    }

    /** The memory behind all spaces. */
    public final PhysicalMemory memory() {
        return memory;
    }

    private void requireAligned(long address, int bytes) {
        if ((address & (bytes - 1)) != 0) {
            throw new IllegalArgumentException("Not aligned: address=0x" + Long.toHexString(address));
        }
        require(address, bytes, Access.WRITE, found);
    }

    /** Reads what lies in more than one piece. */
    private long readDivided(long address, int bytes) {
        scratch.set(ValueLayout.JAVA_LONG_UNALIGNED, 0, 0);
        read(address, scratch, 0, bytes);
        return scratch.get(LONG, 0);
    }

    private static MmuFault unreachable(long address) {
        return new MmuFault(address, FaultType.UNSUPPORTED_APERTURE);
    }
}
