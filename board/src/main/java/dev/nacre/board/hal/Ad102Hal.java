package dev.nacre.board.hal;

import dev.nacre.board.hal.PowerProfile.Clocks;
import dev.nacre.hw.chip.Chip;
import dev.nacre.hw.disp.DisplayGeneration;
import dev.nacre.hw.mmu.GmmuV2;
import dev.nacre.hw.mmu.PageTableFormat;
import dev.nacre.hw.regs.RegisterPlaces;
import java.util.Optional;

/** AD102. */
public record Ad102Hal() implements ChipHal {
    @Override
    public Chip chip() {
        return Chip.AD102;
    }

    @Override
    public PageTableFormat pageTables() {
        return GmmuV2.FORMAT;
    }

    @Override
    public RegisterPlaces places() {
        return RegisterPlaces.TURING_TO_ADA;
    }

    @Override
    public ClassSet classes() {
        // HW: nouveau nvkm/subdev/gsp/rm/ (gpu class tables), nvif/class.h
        return new ClassSet(
                0xc997,
                0xc9c0,
                0xa140,
                0xc7b5,
                0xc56f,
                Optional.of(new DisplayClasses(0xc770, 0xc77d, 0xc67e, 0xc67b, 0xc67a)));
    }

    @Override
    public DisplayGeneration displayGeneration() {
        return DisplayGeneration.C67X;
    }

    @Override
    public PowerProfile power() {
        // HW: NVIDIA L40 data sheet: 300 W, boost 2490 MHz, GDDR6 at 18 Gbit/s
        return new PowerProfile(36_000, 300_000, new Clocks(210, 405, 555), new Clocks(2490, 9001, 1950), 8);
    }
}
