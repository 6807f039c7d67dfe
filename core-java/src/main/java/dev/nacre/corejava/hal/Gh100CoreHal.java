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

/** GH100. */
public record Gh100CoreHal() implements CoreHal {
    @Override
    public Chip chip() {
        return Chip.GH100;
    }

    @Override
    public RegisterPlaces places() {
        return RegisterPlaces.HOPPER;
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
        // HW: nouveau nvkm/subdev/gsp/rm/gh100.c
        return new ChannelModel(
                /* gpfifoClass= */ 0xc86f,
                /* copyClass= */ 0xc8b5,
                /* graphicsClass= */ 0xcb97,
                /* computeClass= */ 0xcbc0,
                /* userModeClass= */ 0xc661,
                abi.channelAllocBytes());
    }

    @Override
    public boolean supportsVgpu() {
        return false;
    }

    @Override
    public int doorbellFlags() {
        return 0;
    }

    @Override
    public String signatureSection() {
        return ".fwsignature_gh100";
    }

    @Override
    public long heapBaseBytes() {
        return Heap.HOPPER_AND_LATER_BYTES;
    }

    @Override
    public long nonWprHeapBytes() {
        return Heap.NON_WPR_HOPPER_BYTES;
    }

    @Override
    public int pmuReservedBytes() {
        return 0;
    }

    @Override
    public Set<GspVersion> firmwareVersions() {
        return EnumSet.of(GspVersion.R570_144);
    }
}
