package dev.nacre.vfiouser;

/** Skeleton. */
final class Skeleton {
    private Skeleton() {}
}
