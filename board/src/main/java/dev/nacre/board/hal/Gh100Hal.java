package dev.nacre.board.hal;

import dev.nacre.board.hal.PowerProfile.Clocks;
import dev.nacre.hw.chip.Chip;
import dev.nacre.hw.disp.DisplayGeneration;
import dev.nacre.hw.mmu.GmmuV3;
import dev.nacre.hw.mmu.PageTableFormat;
import dev.nacre.hw.regs.RegisterPlaces;
import java.util.Optional;

/** GH100. */
public record Gh100Hal() implements ChipHal {
    @Override
    public Chip chip() {
        return Chip.GH100;
    }

    @Override
    public PageTableFormat pageTables() {
        return GmmuV3.FORMAT;
    }

    @Override
    public RegisterPlaces places() {
        return RegisterPlaces.HOPPER;
    }

    @Override
    public ClassSet classes() {
        // HW: nouveau nvkm/subdev/gsp/rm/gh100.c, nvif/class.h
        return new ClassSet(0xcb97, 0xcbc0, 0xa140, 0xc8b5, 0xc86f, Optional.empty());
    }

    /** There is no head that it could be the generation of. */
    @Override
    public DisplayGeneration displayGeneration() {
        return DisplayGeneration.C67X;
    }

    @Override
    public PowerProfile power() {
        // HW: NVIDIA H100 PCIe data sheet: 350 W, boost 1755 MHz, HBM2e at 3.2 Gbit/s, whose clock stays
        return new PowerProfile(48_000, 350_000, new Clocks(345, 1593, 765), new Clocks(1755, 1593, 1545), 0);
    }
}
