package dev.nacre.corejava.hal;

import dev.nacre.corejava.gpu.ChannelModel;
import dev.nacre.hw.chip.Chip;
import dev.nacre.hw.gsp.GspAbi;
import dev.nacre.hw.gsp.GspVersion;
import dev.nacre.hw.mmu.GmmuV2;
import dev.nacre.hw.mmu.PageTableFormat;
import dev.nacre.hw.regs.RegisterPlaces;
import java.util.EnumSet;
import java.util.Set;

/** AD102. */
public record Ad102CoreHal() implements CoreHal {
    @Override
    public Chip chip() {
        return Chip.AD102;
    }

    @Override
    public RegisterPlaces places() {
        return RegisterPlaces.TURING_TO_ADA;
    }

    @Override
    public int flushAddressShift() {
        return 8;
    }

    @Override
    public boolean rearmsMessages() {
        return true;
    }

    @Override
    public PageTableFormat pageTables() {
        return GmmuV2.FORMAT;
    }

    @Override
    public ChannelModel channels(GspAbi abi) {
        // HW: nouveau nvkm/subdev/gsp/rm/ad10x.c
        return new ChannelModel(
                /* gpfifoClass= */ 0xc56f,
                /* copyClass= */ 0xc7b5,
                /* graphicsClass= */ 0xc997,
                /* computeClass= */ 0xc9c0,
                /* userModeClass= */ 0xc561,
                abi.channelAllocBytes());
    }

    @Override
    public boolean supportsVgpu() {
        // HW: nova-core vgpu/hal (GB20x); the first vGPU series for nouveau (AD102)
        return true;
    }

    @Override
    public int doorbellFlags() {
        return 0;
    }

    @Override
    public String signatureSection() {
        return ".fwsignature_ad10x";
    }

    @Override
    public long heapBaseBytes() {
        return Heap.TURING_TO_ADA_BYTES;
    }

    @Override
    public long nonWprHeapBytes() {
        return Heap.NON_WPR_TURING_TO_ADA_BYTES;
    }

    @Override
    public int pmuReservedBytes() {
        return 0;
    }

    @Override
    public Set<GspVersion> firmwareVersions() {
        return EnumSet.allOf(GspVersion.class);
    }
}
