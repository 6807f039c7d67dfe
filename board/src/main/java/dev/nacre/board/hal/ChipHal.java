package dev.nacre.board.hal;

import dev.nacre.hw.chip.Chip;
import java.util.List;

/** What differs between chips, for the whole board: one implementation per chip, chosen in {@link #of}. */
public sealed interface ChipHal permits Ad102Hal, Ga102Hal {
    /** The HAL of a chip. */
    static ChipHal of(Chip chip) {
        return switch (chip) {
            case AD102 -> new Ad102Hal();
            case GA102 -> new Ga102Hal();
        };
    }

    /** The chip. */
    Chip chip();

    /** The engines, in the order of RM's tables. The first copy engine shares the graphics engine's runlist. */
    List<EngineInfo> engines();

    /** RM classes that can be allocated on this chip besides those that every chip has. */
    ClassSet classes();

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
}
