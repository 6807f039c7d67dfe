package dev.nacre.corejava.hal;

import dev.nacre.corejava.gpu.ChannelModel;
import dev.nacre.corejava.gpu.DisplayModel;
import dev.nacre.hw.chip.Chip;
import dev.nacre.hw.disp.DisplayGeneration;
import dev.nacre.hw.gsp.GspAbi;
import java.util.Optional;

/** GA102. */
public record Ga102CoreHal() implements TuringToAdaCoreHal {
    @Override
    public Chip chip() {
        return Chip.GA102;
    }

    @Override
    public ChannelModel channels(GspAbi abi) {
        // HW: nouveau nvkm/subdev/gsp/rm/ga10x.c
        return new ChannelModel(
                /* gpfifoClass= */ 0xc56f,
                /* copyClass= */ 0xc7b5,
                /* graphicsClass= */ 0xc797,
                /* computeClass= */ 0xc7c0,
                /* inlineClass= */ 0xa140,
                /* userModeClass= */ 0xc561,
                abi.channelAllocBytes());
    }

    @Override
    public Optional<DisplayModel> display() {
        // HW: nouveau nvkm/subdev/gsp/rm/ga10x.c
        return Optional.of(new DisplayModel(0xc670, 0xc67d, 0xc67e, 0xc67b, 0xc67a, DisplayGeneration.C67X));
    }

    @Override
    public String signatureSection() {
        return ".fwsignature_ga10x";
    }
}
