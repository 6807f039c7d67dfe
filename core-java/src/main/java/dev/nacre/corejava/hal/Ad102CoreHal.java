package dev.nacre.corejava.hal;

import dev.nacre.corejava.gpu.ChannelModel;
import dev.nacre.corejava.gpu.DisplayModel;
import dev.nacre.hw.chip.Chip;
import dev.nacre.hw.disp.DisplayGeneration;
import dev.nacre.hw.gsp.GspAbi;
import java.util.Optional;

/** AD102. */
public record Ad102CoreHal() implements TuringToAdaCoreHal {
    @Override
    public Chip chip() {
        return Chip.AD102;
    }

    @Override
    public ChannelModel channels(GspAbi abi) {
        // HW: nouveau nvkm/subdev/gsp/rm/ad10x.c
        return new ChannelModel(
                /* gpfifoClass= */ 0xc56f,
                /* copyClass= */ 0xc7b5,
                /* graphicsClass= */ 0xc997,
                /* computeClass= */ 0xc9c0,
                /* inlineClass= */ 0xa140,
                /* userModeClass= */ 0xc561,
                abi.channelAllocBytes());
    }

    @Override
    public Optional<DisplayModel> display() {
        // HW: nouveau nvkm/subdev/gsp/rm/ad10x.c
        return Optional.of(new DisplayModel(0xc770, 0xc77d, 0xc67e, 0xc67b, 0xc67a, DisplayGeneration.C67X));
    }

    @Override
    public boolean supportsVgpu() {
        // HW: nova-core vgpu/hal (GB20x); the first vGPU series for nouveau (AD102)
        return true;
    }

    @Override
    public String signatureSection() {
        return ".fwsignature_ad10x";
    }
}
