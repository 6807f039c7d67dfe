/** What the hardware and its firmware interface look like, as data. */
@org.jspecify.annotations.NullMarked
module dev.nacre.hw {
    requires static org.jspecify;

    exports dev.nacre.hw.chip;
    exports dev.nacre.hw.copy;
    exports dev.nacre.hw.disp;
    exports dev.nacre.hw.firmware;
    exports dev.nacre.hw.fsp;
    exports dev.nacre.hw.gsp;
    exports dev.nacre.hw.host;
    exports dev.nacre.hw.mmu;
    exports dev.nacre.hw.reg;
    exports dev.nacre.hw.regs;
    exports dev.nacre.hw.rm;
    exports dev.nacre.hw.surface;
    exports dev.nacre.hw.vgpu;
}
