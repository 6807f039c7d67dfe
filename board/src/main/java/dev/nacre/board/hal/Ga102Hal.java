package dev.nacre.board.hal;

import dev.nacre.board.hal.PowerProfile.Clocks;
import dev.nacre.hw.chip.Chip;
import dev.nacre.hw.disp.DisplayGeneration;
import dev.nacre.hw.mmu.GmmuV2;
import dev.nacre.hw.mmu.PageTableFormat;
import dev.nacre.hw.regs.RegisterPlaces;
import java.util.Optional;

/** GA102. */
public record Ga102Hal() implements ChipHal {
    @Override
    public Chip chip() {
        return Chip.GA102;
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
                0xc797,
                0xc7c0,
                0xa140,
                0xc7b5,
                0xc56f,
                Optional.of(new DisplayClasses(0xc670, 0xc67d, 0xc67e, 0xc67b, 0xc67a)));
    }

    @Override
    public DisplayGeneration displayGeneration() {
        return DisplayGeneration.C67X;
    }

    @Override
    public PowerProfile power() {
        // HW: GeForce RTX 3090 specification: 350 W, boost 1695 MHz, GDDR6X at 19.5 Gbit/s
        return new PowerProfile(25_000, 350_000, new Clocks(210, 405, 555), new Clocks(1695, 9751, 1515), 8);
    }
}
