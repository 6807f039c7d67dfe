package dev.nacre.linux;

/** Skeleton. */
final class Skeleton {
    private Skeleton() {}
}
