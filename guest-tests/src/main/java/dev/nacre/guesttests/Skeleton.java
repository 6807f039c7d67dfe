package dev.nacre.guesttests;

/** Skeleton. */
final class Skeleton {
    private Skeleton() {}
}
