package dev.nacre.vfio.placement;

/** Which types of virtual GPU a board takes at a time. */
public enum PlacementMode {
    /** One: the first virtual GPU says which, until all are gone. */
    HOMOGENEOUS,
    /** Any, each at a place that suits its size. */
    HETEROGENEOUS
}
