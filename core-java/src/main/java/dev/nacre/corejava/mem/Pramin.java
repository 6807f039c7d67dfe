package dev.nacre.corejava.mem;

import dev.nacre.corejava.gpu.VramAccess;
import dev.nacre.corejava.io.Registers;
import dev.nacre.hw.reg.Reg;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Objects;

/** The GPU's memory through the window in BAR0, which shows 1 MiB at a time. Any thread; accesses go one after another. */
public final class Pramin implements VramAccess {
    // HW: open-gpu-kernel-modules published/turing/tu102/dev_bus.h and dev_ram.h (NV_PRAMIN)
    private static final int WINDOW = 0x700000;
    private static final int WINDOW_BYTES = 1 << 20;
    private static final int BASE_SHIFT = 16;
    private static final long BASE_ALIGN = 1L << BASE_SHIFT;
    private static final int FILL_BYTES = 64 << 10;

    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final Registers registers;
    private final Reg windowBase;
    private final long fbBytes;

    // Guarded by this.
    private final MemorySegment scalar = MemorySegment.ofArray(new byte[Long.BYTES]);
    private long base = -1;

    /**
     * The memory of a GPU.
     *
     * @param windowBase register with the window's place
     * @param fbBytes its size
     */
    public Pramin(Registers registers, Reg windowBase, long fbBytes) {
        this.registers = registers;
        this.windowBase = windowBase;
        this.fbBytes = fbBytes;
    }

    @Override
    public synchronized long readLong(long address) {
        read(address, scalar, 0, Long.BYTES);
        return scalar.get(LONG, 0);
    }

    @Override
    public synchronized void writeLong(long address, long value) {
        scalar.set(LONG, 0, value);
        write(address, scalar, 0, Long.BYTES);
    }

    @Override
    public synchronized void read(long address, MemorySegment dst, long dstOffset, int count) {
        Objects.checkFromIndexSize(address, count, fbBytes);
        int done = 0;
        while (done < count) {
            long at = place(address + done);
            int part = (int) Math.min(count - done, WINDOW_BYTES - at);
            registers.function().read(Registers.BAR0, WINDOW + at, dst, dstOffset + done, part);
            done += part;
        }
    }

    @Override
    public synchronized void write(long address, MemorySegment src, long srcOffset, int count) {
        Objects.checkFromIndexSize(address, count, fbBytes);
        int done = 0;
        while (done < count) {
            long at = place(address + done);
            int part = (int) Math.min(count - done, WINDOW_BYTES - at);
            registers.function().write(Registers.BAR0, WINDOW + at, src, srcOffset + done, part);
            done += part;
        }
    }

    @Override
    public void fill(long address, long bytes, byte value) {
        Objects.checkFromIndexSize(address, bytes, fbBytes);
        MemorySegment pattern = MemorySegment.ofArray(new byte[(int) Math.min(bytes, FILL_BYTES)]);
        pattern.fill(value);
        for (long done = 0; done < bytes; done += FILL_BYTES) {
            write(address + done, pattern, 0, (int) Math.min(FILL_BYTES, bytes - done));
        }
    }

    /** Forgets where the window is: after a suspend. */
    public synchronized void forget() {
        base = -1;
    }

    /** Moves the window if need be. @return offset of an address in it */
    private long place(long address) {
        if (base < 0 || address < base || address >= base + WINDOW_BYTES) {
            base = address & -BASE_ALIGN;
            registers.write(windowBase, (int) (base >>> BASE_SHIFT));
        }
        return address - base;
    }
}
