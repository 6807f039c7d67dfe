package dev.nacre.board.hal;

import dev.nacre.hw.chip.Chip;
import dev.nacre.hw.disp.DisplayGeneration;
import dev.nacre.hw.mmu.PageTableFormat;
import dev.nacre.hw.regs.RegisterPlaces;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/** What differs between chips, for the whole board: one implementation per chip, chosen in {@link #of}. */
public sealed interface ChipHal permits Ad102Hal, Ga102Hal, Gb202Hal, Gh100Hal {
    /** The HAL of a chip. */
    static ChipHal of(Chip chip) {
        return switch (chip) {
            case AD102 -> new Ad102Hal();
            case GA102 -> new Ga102Hal();
            case GB202 -> new Gb202Hal();
            case GH100 -> new Gh100Hal();
        };
    }

    /** The chip. */
    Chip chip();

    /** Its page tables. */
    PageTableFormat pageTables();

    /** Where it has the registers whose place differs. */
    RegisterPlaces places();

    /** The engines, in the order of RM's tables. The first copy engine shares the graphics engine's runlist. */
    default List<EngineInfo> engines() {
        return CommonEngines.ALL;
    }

    /** How many runlists have copy engines and nothing else. */
    default int copyRunlists() {
        Set<Integer> copy = new HashSet<>();
        engines().forEach(engine -> copy.add(engine.runlist()));
        engines().stream()
                .filter(engine -> engine.kind() != EngineInfo.Kind.COPY)
                .forEach(engine -> copy.remove(engine.runlist()));
        return copy.size();
    }

    /** RM classes that can be allocated on this chip besides those that every chip has. */
    ClassSet classes();

    /** How much power its board takes. */
    PowerProfile power();

    /** How its display channels look. */
    DisplayGeneration displayGeneration();

    /** Display heads at the most; 0 = no display engine. */
    default int maxHeads() {
        // HW: as many as the display engines of these chips have.
        return classes().display().isPresent() ? 4 : 0;
    }

    /** Vector of the GSP's message interrupt. */
    default int gspStallVector() {
        // HW: free choice of the firmware, told to the driver by control 20800a5c.
        return 155;
    }

    /** Vector of the display engine's interrupt. */
    default int displayStallVector() {
        // HW: as above.
        return 154;
    }

    /** Vector of the display's timing events, where they have one of their own. */
    default OptionalInt displayLowLatencyVector() {
        return OptionalInt.empty();
    }
}
