package dev.nacre.drm;

/** What a driver can do. HW: enum drm_driver_feature of {@code drm_drv.h}. */
public enum DriverFeature {
    /** Objects of graphics memory. */
    GEM,
    /** Modes, connectors, planes. */
    MODESET,
    /** A render node. */
    RENDER,
    /** Atomic commits. */
    ATOMIC,
    /** Binary syncobjs. */
    SYNCOBJ,
    /** Syncobjs that are timelines. */
    SYNCOBJ_TIMELINE,
    /** Clients choose GPU virtual addresses. */
    GPUVA
}
