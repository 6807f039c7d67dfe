package dev.nacre.hw.regs;

import dev.nacre.hw.reg.Reg;
import dev.nacre.hw.reg.RegArray;
import java.util.Optional;

/**
 * The registers that do the same on all chips but lie at different places, as one family of chips has them.
 *
 * @param flushAddress page of system memory that a flush reads, low part
 * @param flushAddressHigh the same, high part
 * @param bar0Window where PRAMIN looks, in units of 64 KiB
 * @param configMirror BAR0 address of the mirror of config space, {@link Xve#MIRROR_BYTES} bytes
 * @param fspBootComplete low byte {@link Therm#FSP_BOOT_COMPLETE} once the FSP runs; empty without FSP
 * @param grceMask which copy engines share graphics' runlist, a bit each; empty where no register tells
 * @param headInterruptEnable which timing events of a head interrupt
 * @param headInterruptRetrigger written when they were taken; empty where reporting again needs no register
 */
public record RegisterPlaces(
        Reg flushAddress,
        Reg flushAddressHigh,
        Reg bar0Window,
        int configMirror,
        Optional<Reg> fspBootComplete,
        Optional<Reg> grceMask,
        RegArray headInterruptEnable,
        Optional<Reg> headInterruptRetrigger) {
    /** Turing, Ampere and Ada. */
    public static final RegisterPlaces TURING_TO_ADA = new RegisterPlaces(
            Pfb.NISO_FLUSH_SYSMEM_ADDR,
            Pfb.NISO_FLUSH_SYSMEM_ADDR_HI,
            Pbus.BAR0_WINDOW,
            Xve.MIRROR_BASE,
            Optional.empty(),
            Optional.empty(),
            PdispHead.INTERRUPT_ENABLE,
            Optional.empty());

    /** Hopper. */
    public static final RegisterPlaces HOPPER = new RegisterPlaces(
            Pfb.FBHUB_PCIE_FLUSH_SYSMEM_ADDR_LO,
            Pfb.FBHUB_PCIE_FLUSH_SYSMEM_ADDR_HI,
            XalEp.BAR0_WINDOW,
            Xve.MIRROR_BASE_EP,
            Optional.of(Therm.I2CS_SCRATCH),
            Optional.empty(),
            PdispHead.INTERRUPT_ENABLE,
            Optional.empty());

    /** GB20x, the Blackwell chips with display. */
    public static final RegisterPlaces BLACKWELL_GB20X = new RegisterPlaces(
            Pfb.FBHUB0_PCIE_FLUSH_SYSMEM_ADDR_LO,
            Pfb.FBHUB0_PCIE_FLUSH_SYSMEM_ADDR_HI,
            XalEp.BAR0_WINDOW,
            Xve.MIRROR_BASE_EP,
            Optional.of(Therm.I2CS_SCRATCH_GB20X),
            Optional.of(Pce.GRCE_MASK),
            PdispHead.INTERRUPT_ENABLE_LOW_LATENCY,
            Optional.of(PdispHead.INTERRUPT_RETRIGGER_LOW_LATENCY));
}
