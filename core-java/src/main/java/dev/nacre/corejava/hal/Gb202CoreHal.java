package dev.nacre.corejava.hal;

import dev.nacre.corejava.gpu.ChannelModel;
import dev.nacre.corejava.gpu.DisplayModel;
import dev.nacre.hw.chip.Chip;
import dev.nacre.hw.disp.DisplayGeneration;
import dev.nacre.hw.gsp.GspAbi;
import dev.nacre.hw.regs.RegisterPlaces;
import java.util.Optional;

/** GB202. */
public record Gb202CoreHal() implements HopperAndLaterCoreHal {
    @Override
    public Chip chip() {
        return Chip.GB202;
    }

    @Override
    public RegisterPlaces places() {
        return RegisterPlaces.BLACKWELL_GB20X;
    }

    @Override
    public ChannelModel channels(GspAbi abi) {
        // HW: nouveau nvkm/subdev/gsp/rm/gb20x.c
        return new ChannelModel(
                /* gpfifoClass= */ 0xca6f,
                /* copyClass= */ 0xcab5,
                /* graphicsClass= */ 0xce97,
                /* computeClass= */ 0xcec0,
                /* inlineClass= */ 0xcd40,
                /* userModeClass= */ 0xc761,
                abi.channelAllocBytes());
    }

    @Override
    public Optional<DisplayModel> display() {
        // HW: nouveau nvkm/subdev/gsp/rm/gb20x.c
        return Optional.of(new DisplayModel(0xca70, 0xca7d, 0xca7e, 0xca7b, 0xca7a, DisplayGeneration.CA7X));
    }

    @Override
    public boolean supportsVgpu() {
        // HW: nova-core vgpu/hal (GB20x); the first vGPU series for nouveau (AD102)
        return true;
    }

    @Override
    public int doorbellFlags() {
        // HW: nouveau nvkm/engine/fifo/gb202.c (gb202_chan_doorbell_handle)
        return 1 << 30;
    }

    @Override
    public String signatureSection() {
        return ".fwsignature_gb20x";
    }

    @Override
    public long nonWprHeapBytes() {
        return Heap.NON_WPR_GB20X_BYTES;
    }

    @Override
    public int pmuReservedBytes() {
        return Heap.PMU_BLACKWELL_BYTES;
    }
}
