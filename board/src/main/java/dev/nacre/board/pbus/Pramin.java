package dev.nacre.board.pbus;

import dev.nacre.board.bus.Aperture;
import dev.nacre.board.fb.Vram;
import dev.nacre.hw.regs.Pbus;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.function.IntSupplier;

/**
 * A window of 1 MiB in BAR0 on the board's memory. Only video memory is behind it: with another target, and beyond the
 * end of memory, it reads as ones and swallows writes.
 */
final class Pramin implements Aperture {
    private final Vram vram;
    private final IntSupplier window;

    Pramin(Vram vram, IntSupplier window) {
        this.vram = vram;
        this.window = window;
    }

    @Override
    public void read(long offset, MemorySegment dst, long dstOffset, int count) {
        int window = this.window.getAsInt();
        long address = address(window, offset);
        int inside = reachable(window, address, count);
        if (inside == 4) {
            dst.set(
                    ValueLayout.JAVA_INT_UNALIGNED,
                    dstOffset,
                    vram.segment().get(ValueLayout.JAVA_INT_UNALIGNED, address));
        } else if (inside > 0) {
            MemorySegment.copy(vram.segment(), address, dst, dstOffset, inside);
        }
        if (inside < count) {
            dst.asSlice(dstOffset + inside, count - inside).fill((byte) 0xff);
        }
    }

    @Override
    public void write(long offset, MemorySegment src, long srcOffset, int count) {
        int window = this.window.getAsInt();
        long address = address(window, offset);
        int inside = reachable(window, address, count);
        if (inside == 4) {
            vram.segment()
                    .set(ValueLayout.JAVA_INT_UNALIGNED, address, src.get(ValueLayout.JAVA_INT_UNALIGNED, srcOffset));
        } else if (inside > 0) {
            MemorySegment.copy(src, srcOffset, vram.segment(), address, inside);
        }
    }

    private static long address(int window, long offset) {
        return ((long) Pbus.BAR0_WINDOW_BASE.get(window) << 16) + offset;
    }

    private int reachable(int window, long address, int count) {
        if (Pbus.BAR0_WINDOW_TARGET.get(window) != 0 || address >= vram.sizeBytes()) {
            return 0;
        }
        return (int) Math.min(count, vram.sizeBytes() - address);
    }
}
