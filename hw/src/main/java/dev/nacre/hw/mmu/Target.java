package dev.nacre.hw.mmu;

/** Where an entry points to. */
public enum Target {
    /** Nowhere. */
    INVALID,
    /** The board's own memory. */
    VIDEO_MEMORY,
    /** Another board's memory. */
    PEER_MEMORY,
    /** The host's memory, whether or not the access is coherent with its caches. */
    SYSTEM_MEMORY
}
