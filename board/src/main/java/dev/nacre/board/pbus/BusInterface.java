package dev.nacre.board.pbus;

import dev.nacre.board.bus.Aperture;
import dev.nacre.board.bus.RegisterBank;
import dev.nacre.board.fb.Vram;
import dev.nacre.hw.reg.Reg;
import dev.nacre.hw.regs.Pbus;
import dev.nacre.hw.regs.RegisterPlaces;
import dev.nacre.hw.regs.XalEp;

/** PBUS, with the part of XAL that took over from it on later chips. Owns PRAMIN, whose base is one of the registers. */
public final class BusInterface {
    /** Address of PBUS. */
    public static final int BASE = 0x001000;

    /** Address of XAL. */
    public static final int XAL_BASE = 0x10f000;

    /** Bytes of the registers of each. */
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
    private final RegisterBank xal = RegisterBank.builder("xal", XAL_BASE, SIZE_BYTES)
            .onWrite(XalEp.BAR0_WINDOW, (index, old, value) -> XalEp.BAR0_WINDOW_BASE.get(value))
            .build();
    private final Pramin pramin;

    /**
     * Makes it for a board's memory.
     *
     * @param places where the chip has PRAMIN's base
     */
    public BusInterface(Vram vram, RegisterPlaces places) {
        Reg window = places.bar0Window();
        RegisterBank bank = window.offset() >= XAL_BASE ? xal : registers;
        pramin = new Pramin(vram, () -> bank.value(window));
    }

    /** PBUS. */
    public RegisterBank registers() {
        return registers;
    }

    /** XAL; only on chips that have PRAMIN's base there. */
    public RegisterBank xal() {
        return xal;
    }

    /** The window to memory in BAR0. */
    public Aperture pramin() {
        return pramin;
    }
}
