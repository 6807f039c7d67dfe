package dev.nacre.corejava.vbios;

import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;
import dev.nacre.corejava.io.HostileBytes;
import dev.nacre.corejava.io.Registers;
import dev.nacre.hw.regs.Xve;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;

/** Reads the VBIOS through the window that shows the ROM. */
public final class Prom {
    // HW: open-gpu-kernel-modules published/turing/tu102/dev_bus.h (NV_PROM)
    private static final int BASE = 0x300000;
    private static final int MAX_BYTES = 1 << 20;
    private static final int CHUNK_BYTES = 1024;
    private static final int ROM_SHADOW = 1;

    private final Registers registers;

    /** The ROM behind registers. */
    public Prom(Registers registers) {
        this.registers = registers;
    }

    /**
     * Reads all images.
     *
     * @throws CoreException with {@link CoreError#IO} if there is no chain of images that ends
     */
    public HostileBytes read() {
        // HW: while the ROM is shadowed, PROM does not show it.
        int before = registers.read(Xve.ROM_CTRL);
        registers.write(Xve.ROM_CTRL, before & ~ROM_SHADOW);
        try {
            return readImages();
        } finally {
            registers.write(Xve.ROM_CTRL, before);
        }
    }

    private HostileBytes readImages() {
        ByteArrayOutputStream rom = new ByteArrayOutputStream();
        long end = CHUNK_BYTES;
        RomImages.Walk walk = new RomImages.Walk();
        while (!walk.isDone()) {
            end = Math.max(end, walk.needed());
            if (end > MAX_BYTES) {
                throw new CoreException(CoreError.IO, "VBIOS has no end: bytes=" + end);
            }
            append(rom, end);
            walk.look(new HostileBytes("VBIOS", rom.toByteArray()));
        }
        registers.requirePresent();
        return new HostileBytes("VBIOS", rom.toByteArray());
    }

    private void append(ByteArrayOutputStream rom, long end) {
        byte[] chunk = new byte[CHUNK_BYTES];
        while (rom.size() < end) {
            registers
                    .function()
                    .read(Registers.BAR0, (long) BASE + rom.size(), MemorySegment.ofArray(chunk), 0, CHUNK_BYTES);
            rom.writeBytes(chunk);
        }
    }
}
