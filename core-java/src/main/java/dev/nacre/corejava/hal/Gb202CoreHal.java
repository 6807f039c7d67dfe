package dev.nacre.corejava.hal;

import dev.nacre.corejava.gpu.ChannelModel;
import dev.nacre.hw.chip.Chip;
import dev.nacre.hw.gsp.GspAbi;
import dev.nacre.hw.gsp.GspVersion;
import dev.nacre.hw.mmu.GmmuV3;
import dev.nacre.hw.mmu.PageTableFormat;
import dev.nacre.hw.regs.RegisterPlaces;
import java.util.EnumSet;
import java.util.Set;

/** GB202. */
public record Gb202CoreHal() implements CoreHal {
    @Override
    public Chip chip() {
        return Chip.GB202;
    }

    @Override
    public RegisterPlaces places() {
        return RegisterPlaces.BLACKWELL_GB20X;
    }

    @Override
    public int flushAddressShift() {
        return 0;
    }

    @Override
    public boolean rearmsMessages() {
        return false;
    }

    @Override
    public PageTableFormat pageTables() {
        return GmmuV3.FORMAT;
    }

    @Override
    public ChannelModel channels(GspAbi abi) {
        // HW: nouveau nvkm/subdev/gsp/rm/gb20x.c
        return new ChannelModel(
                /* gpfifoClass= */ 0xca6f,
                /* copyClass= */ 0xcab5,
                /* graphicsClass= */ 0xce97,
                /* computeClass= */ 0xcec0,
                /* userModeClass= */ 0xc761,
                abi.channelAllocBytes());
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
    public long heapBaseBytes() {
        return Heap.HOPPER_AND_LATER_BYTES;
    }

    @Override
    public long nonWprHeapBytes() {
        return Heap.NON_WPR_GB20X_BYTES;
    }

    @Override
    public int pmuReservedBytes() {
        return Heap.PMU_BLACKWELL_BYTES;
    }

    @Override
    public Set<GspVersion> firmwareVersions() {
        return EnumSet.of(GspVersion.R570_144);
    }
}
