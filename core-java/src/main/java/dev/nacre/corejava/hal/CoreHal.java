package dev.nacre.corejava.hal;

import dev.nacre.corejava.gpu.ChannelModel;
import dev.nacre.corejava.gpu.DisplayModel;
import dev.nacre.hw.chip.Chip;
import dev.nacre.hw.gsp.GspAbi;
import dev.nacre.hw.gsp.GspVersion;
import dev.nacre.hw.mmu.PageTableFormat;
import dev.nacre.hw.regs.RegisterPlaces;
import java.util.Optional;
import java.util.Set;

/** What differs between chips, for the whole core: one implementation per chip, chosen in {@link #of}. */
public sealed interface CoreHal permits TuringToAdaCoreHal, HopperAndLaterCoreHal {
    /** The HAL of a chip. */
    static CoreHal of(Chip chip) {
        return switch (chip) {
            case AD102 -> new Ad102CoreHal();
            case GA102 -> new Ga102CoreHal();
            case GB202 -> new Gb202CoreHal();
            case GH100 -> new Gh100CoreHal();
        };
    }

    /** The chip. */
    Chip chip();

    /** Where registers lie. */
    RegisterPlaces places();

    /** By how many bits the address of the page that a flush reads is shifted in its registers. */
    int flushAddressShift();

    /** Whether a message interrupt must be armed again after each. */
    boolean rearmsMessages();

    /** Page tables. */
    PageTableFormat pageTables();

    /** Classes of channels and engines. */
    ChannelModel channels(GspAbi abi);

    /** The display engine; empty without. */
    Optional<DisplayModel> display();

    /** Whether the firmware can share the chip among virtual functions. */
    default boolean supportsVgpu() {
        return false;
    }

    /** What a doorbell's token has besides runlist and channel. */
    default int doorbellFlags() {
        return 0;
    }

    /** The section of the GSP's image file that holds the signature for the chip. */
    String signatureSection();

    /** What RM takes of its heap before there are clients, in bytes. */
    long heapBaseBytes();

    /** Bytes of the firmware's heap outside the protected region. */
    long nonWprHeapBytes();

    /** Bytes at the end of the GPU's memory that its power management keeps. */
    default int pmuReservedBytes() {
        return 0;
    }

    /** Versions of the firmware that there are for the chip. */
    Set<GspVersion> firmwareVersions();
}
