package dev.nacre.bench;

/** Skeleton. */
final class Skeleton {
    private Skeleton() {}
}
