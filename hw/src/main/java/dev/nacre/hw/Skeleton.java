package dev.nacre.hw;

/** Skeleton. */
final class Skeleton {
    private Skeleton() {}
}
