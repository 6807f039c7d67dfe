package dev.nacre.corejava.hal;

import dev.nacre.corejava.gpu.ChannelModel;
import dev.nacre.corejava.gpu.DisplayModel;
import dev.nacre.hw.chip.Chip;
import dev.nacre.hw.gsp.GspAbi;
import dev.nacre.hw.regs.RegisterPlaces;
import java.util.Optional;

/** GH100. */
public record Gh100CoreHal() implements HopperAndLaterCoreHal {
    @Override
    public Chip chip() {
        return Chip.GH100;
    }

    @Override
    public RegisterPlaces places() {
        return RegisterPlaces.HOPPER;
    }

    @Override
    public ChannelModel channels(GspAbi abi) {
        // HW: nouveau nvkm/subdev/gsp/rm/gh100.c
        return new ChannelModel(
                /* gpfifoClass= */ 0xc86f,
                /* copyClass= */ 0xc8b5,
                /* graphicsClass= */ 0xcb97,
                /* computeClass= */ 0xcbc0,
                /* inlineClass= */ 0xa140,
                /* userModeClass= */ 0xc661,
                abi.channelAllocBytes());
    }

    @Override
    public Optional<DisplayModel> display() {
        return Optional.empty();
    }

    @Override
    public String signatureSection() {
        return ".fwsignature_gh100";
    }

    @Override
    public long nonWprHeapBytes() {
        return Heap.NON_WPR_HOPPER_BYTES;
    }
}
