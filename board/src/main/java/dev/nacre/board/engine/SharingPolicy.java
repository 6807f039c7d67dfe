package dev.nacre.board.engine;

/** A rule by which the time of shared engines is divided between guests. */
public enum SharingPolicy {
    /** Guests with work take turns. */
    BEST_EFFORT,
    /** Each guest that exists has the same part of the time; what it does not use is lost. */
    EQUAL_SHARE,
    /** Each guest has the part that its type has on a full board; what it does not use is lost. */
    FIXED_SHARE
}
