package dev.nacre.board;

/** Skeleton. */
final class Skeleton {
    private Skeleton() {}
}
