package dev.nacre.board.hal;

import dev.nacre.board.hal.PowerProfile.Clocks;
import dev.nacre.hw.chip.Chip;
import dev.nacre.hw.disp.DisplayGeneration;
import dev.nacre.hw.mmu.GmmuV3;
import dev.nacre.hw.mmu.PageTableFormat;
import dev.nacre.hw.regs.RegisterPlaces;
import java.util.Optional;
import java.util.OptionalInt;

/** GB202. */
public record Gb202Hal() implements ChipHal {
    // HW: free choice of the firmware. Without it nouveau's display engine does not start.
    private static final int DISPLAY_LOW_LATENCY_VECTOR = 153;

    @Override
    public Chip chip() {
        return Chip.GB202;
    }

    @Override
    public PageTableFormat pageTables() {
        return GmmuV3.FORMAT;
    }

    @Override
    public RegisterPlaces places() {
        return RegisterPlaces.BLACKWELL_GB20X;
    }

    @Override
    public ClassSet classes() {
        // HW: nouveau nvkm/subdev/gsp/rm/gb20x.c, nvif/class.h
        return new ClassSet(
                0xce97,
                0xcec0,
                0xcd40,
                0xcab5,
                0xca6f,
                Optional.of(new DisplayClasses(0xca70, 0xca7d, 0xca7e, 0xca7b, 0xca7a)));
    }

    @Override
    public DisplayGeneration displayGeneration() {
        return DisplayGeneration.CA7X;
    }

    @Override
    public OptionalInt displayLowLatencyVector() {
        return OptionalInt.of(DISPLAY_LOW_LATENCY_VECTOR);
    }

    @Override
    public PowerProfile power() {
        // HW: RTX PRO 6000 Blackwell Workstation Edition data sheet: 600 W, boost 2617 MHz, GDDR7 at 28 Gbit/s
        return new PowerProfile(30_000, 600_000, new Clocks(180, 405, 600), new Clocks(2617, 14001, 2100), 8);
    }
}
