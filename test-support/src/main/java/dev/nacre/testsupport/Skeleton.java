package dev.nacre.testsupport;

/** Skeleton. */
final class Skeleton {
    private Skeleton() {}
}
