package dev.nacre.vfio.placement;

/** How a kind of board numbers its places. */
// HW: NVIDIA open-gpu-kernel-modules 595, placement ids of vGPU types: one way before Blackwell, another from it on
public enum PlacementRule {
    /** Alike: one after the other. Mixed: the board is halved, and halved again, up to four times. */
    HALVING,
    /** Alike and mixed: the board's memory divided evenly by the number of instances. */
    EVEN
}
