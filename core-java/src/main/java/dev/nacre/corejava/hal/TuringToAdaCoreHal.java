package dev.nacre.corejava.hal;

import dev.nacre.hw.gsp.GspVersion;
import dev.nacre.hw.mmu.GmmuV2;
import dev.nacre.hw.mmu.PageTableFormat;
import dev.nacre.hw.regs.RegisterPlaces;
import java.util.EnumSet;
import java.util.Set;

/** What the chips from Turing to Ada have in common. */
sealed interface TuringToAdaCoreHal extends CoreHal permits Ad102CoreHal, Ga102CoreHal {
    @Override
    default RegisterPlaces places() {
        return RegisterPlaces.TURING_TO_ADA;
    }

    @Override
    default int flushAddressShift() {
        return 8;
    }

    @Override
    default boolean rearmsMessages() {
        return true;
    }

    @Override
    default PageTableFormat pageTables() {
        return GmmuV2.FORMAT;
    }

    @Override
    default long heapBaseBytes() {
        return Heap.TURING_TO_ADA_BYTES;
    }

    @Override
    default long nonWprHeapBytes() {
        return Heap.NON_WPR_TURING_TO_ADA_BYTES;
    }

    @Override
    default Set<GspVersion> firmwareVersions() {
        return EnumSet.allOf(GspVersion.class);
    }
}
