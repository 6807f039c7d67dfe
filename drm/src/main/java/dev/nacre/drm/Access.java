package dev.nacre.drm;

/** Who may call an ioctl. HW: enum drm_ioctl_flags of {@code drm_ioctl.h}. */
public enum Access {
    /** On the primary node, only files that are authenticated. */
    AUTH,
    /** Only the device's current master. */
    MASTER,
    /** Only root. */
    ROOT_ONLY,
    /** Files of render nodes too. */
    RENDER_ALLOW
}
