package dev.nacre.board.hal;

/**
 * An engine that the host schedules, as the device info table of RM (20801112) and the interrupt table (20800a5c) tell
 * of it.
 *
 * @param name as RM names it: {@code GR0}, {@code CE0}
 * @param kind what it does
 * @param instance number among its kind, from 0
 * @param engineDescriptor RM's ENG_DESC
 * @param rmEngineType NV2080_ENGINE_TYPE: GR0 1, COPY0 9, COPY1 10
 * @param interruptIndex MC_ENGINE_IDX: CE0 15; GR0 differs by firmware version and is given by its interface
 * @param runlist runlist id
 * @param runlistPriBase BAR0 address of the runlist's registers
 * @param stallVector vector of its stalling interrupt
 * @param nonStallVector vector of its non-stall interrupt
 */
public record EngineInfo(
        String name,
        Kind kind,
        int instance,
        int engineDescriptor,
        int rmEngineType,
        int interruptIndex,
        int runlist,
        int runlistPriBase,
        int stallVector,
        int nonStallVector) {
    /** What an engine does. */
    public enum Kind {
        /** Graphics and compute: bookkeeping only, no shader runs. */
        GRAPHICS,
        /** Copies memory. */
        COPY
    }
}
