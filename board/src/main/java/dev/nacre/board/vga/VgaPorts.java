package dev.nacre.board.vga;

import dev.nacre.board.bus.RegisterBank;
import dev.nacre.hw.regs.Pdisp;

/** VGA's CRTC ports: drivers lock and unlock them by byte accesses and read back what they wrote. No VGA is behind. */
public final class VgaPorts {
    /** Address of its registers. */
    public static final int BASE = 0x601000;

    /** Bytes of its registers. */
    public static final int SIZE_BYTES = 0x1000;

    private final RegisterBank registers = RegisterBank.builder("vga", BASE, SIZE_BYTES)
            .store(Pdisp.PRMCIO_CRTC)
            .build();

    /** Makes them. */
    public VgaPorts() {}

    /** Its registers. */
    public RegisterBank registers() {
        return registers;
    }
}
