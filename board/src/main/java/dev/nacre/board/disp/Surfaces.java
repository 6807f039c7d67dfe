package dev.nacre.board.disp;

import dev.nacre.board.disp.DisplayMemory.ContextDma;
import dev.nacre.hw.disp.DisplayGeneration;
import java.util.Optional;

/** Finds the memory that channels' methods name, in the way of a generation of display engines. */
sealed interface Surfaces permits HandleSurfaces, AddressSurfaces {
    /** The way of a generation. */
    static Surfaces of(DisplayGeneration generation, DisplayMemory memory) {
        return generation.surfacesByAddress()
                ? new AddressSurfaces(generation)
                : new HandleSurfaces(generation, memory);
    }

    /**
     * Memory, and where in it something begins.
     *
     * @param memory what may be reached
     * @param offset bytes
     */
    record Place(ContextDma memory, long offset) {}

    /** Whether a window is on. */
    boolean isOn(ChannelState window);

    /** A window's picture. */
    Optional<Place> picture(MethodState window);

    /** A window's input LUT. */
    Optional<Place> inputLut(MethodState window);

    /** The picture of a head's cursor. */
    Optional<Place> cursor(MethodState core, int head);

    /** The core's notifier, armed. */
    Optional<Place> coreNotifier(ChannelState core);

    /** A window's notifier, armed. */
    Optional<Place> windowNotifier(ChannelState window);

    /** A window's semaphore, of the state being built. */
    Optional<Place> semaphore(ChannelState window);
}
