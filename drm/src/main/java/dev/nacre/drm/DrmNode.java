package dev.nacre.drm;

/** The kinds of device nodes. */
public enum DrmNode {
    /** {@code card0}: modes, master, authentication. */
    PRIMARY(0),
    /** {@code renderD128}: work of clients that need no one's permission. */
    RENDER(128);

    private final int firstMinor;

    DrmNode(int firstMinor) {
        this.firstMinor = firstMinor;
    }

    /** The minor number of the first device's node. HW: enum drm_minor_type of {@code drm_file.h}, 64 minors a type. */
    public int firstMinor() {
        return firstMinor;
    }
}
