package dev.nacre.board.rom;

import dev.nacre.board.bus.Aperture;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** PROM: the window of 1 MiB in BAR0 on the ROM. Beyond the image it reads as an empty flash, all ones. */
public final class Prom implements Aperture {
    /** Address of the window. */
    // HW: open-gpu-kernel-modules published/turing/tu102/dev_ext_devices.h NV_PROM_DATA
    public static final int BASE = 0x300000;

    /** Bytes of the window. */
    public static final int SIZE_BYTES = 0x100000;

    private final byte[] image;

    /** Shows an image. */
    public Prom(byte[] image) {
        this.image = image.clone();
    }

    @Override
    public void read(long offset, MemorySegment dst, long dstOffset, int count) {
        int inside = (int) Math.clamp(image.length - offset, 0, (long) count);
        MemorySegment.copy(image, (int) Math.min(offset, image.length), dst, ValueLayout.JAVA_BYTE, dstOffset, inside);
        if (inside < count) {
            dst.asSlice(dstOffset + inside, count - inside).fill((byte) 0xff);
        }
    }

    /** A ROM: writes are dropped. */
    @Override
    public void write(long offset, MemorySegment src, long srcOffset, int count) {}
}
