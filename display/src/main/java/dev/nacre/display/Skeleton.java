package dev.nacre.display;

/** Skeleton. */
final class Skeleton {
    private Skeleton() {}
}
