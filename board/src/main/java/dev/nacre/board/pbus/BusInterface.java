package dev.nacre.board.pbus;

import dev.nacre.board.bus.Aperture;
import dev.nacre.board.bus.RegisterBank;
import dev.nacre.board.fb.Vram;
import dev.nacre.hw.regs.Pbus;

/** PBUS. Owns PRAMIN, whose base is one of its registers. */
public final class BusInterface {
    /** Address of its registers. */
    public static final int BASE = 0x001000;

    /** Bytes of its registers. */
    public static final int SIZE_BYTES = 0x1000;

    /** Address of PRAMIN. */
    // HW: open-gpu-kernel-modules published/maxwell/gm107/dev_ram.h NV_PRAMIN; nouveau subdev/instmem
    public static final int PRAMIN_BASE = 0x700000;

    /** Bytes of PRAMIN. */
    public static final int PRAMIN_BYTES = 0x100000;

    private final RegisterBank registers = RegisterBank.builder("pbus", BASE, SIZE_BYTES)
            .store(Pbus.SW_SCRATCH)
            .store(Pbus.BAR0_WINDOW, Pbus.BAR1_BLOCK, Pbus.BAR2_BLOCK)
            .constant(Pbus.BIND_STATUS, 0)
            .build();
    private final Pramin pramin;

    /** Makes it for a board's memory. */
    public BusInterface(Vram vram) {
        pramin = new Pramin(vram, () -> registers.value(Pbus.BAR0_WINDOW));
    }

    /** Its registers. */
    public RegisterBank registers() {
        return registers;
    }

    /** The window to memory in BAR0. */
    public Aperture pramin() {
        return pramin;
    }
}
