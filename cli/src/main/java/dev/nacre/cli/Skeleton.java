package dev.nacre.cli;

/** Skeleton. */
final class Skeleton {
    private Skeleton() {}
}
