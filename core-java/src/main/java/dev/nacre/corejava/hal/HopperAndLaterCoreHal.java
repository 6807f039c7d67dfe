package dev.nacre.corejava.hal;

import dev.nacre.hw.gsp.GspVersion;
import dev.nacre.hw.mmu.GmmuV3;
import dev.nacre.hw.mmu.PageTableFormat;
import java.util.EnumSet;
import java.util.Set;

/** What Hopper and the chips after it have in common. */
sealed interface HopperAndLaterCoreHal extends CoreHal permits Gb202CoreHal, Gh100CoreHal {
    @Override
    default int flushAddressShift() {
        return 0;
    }

    @Override
    default boolean rearmsMessages() {
        return false;
    }

    @Override
    default PageTableFormat pageTables() {
        return GmmuV3.FORMAT;
    }

    @Override
    default long heapBaseBytes() {
        return Heap.HOPPER_AND_LATER_BYTES;
    }

    @Override
    default Set<GspVersion> firmwareVersions() {
        return EnumSet.of(GspVersion.R570_144);
    }
}
