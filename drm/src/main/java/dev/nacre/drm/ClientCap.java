package dev.nacre.drm;

import java.util.Optional;

/** What a file's client says it understands. HW: DRM_CLIENT_CAP_* of {@code drm.h}. */
public enum ClientCap {
    /** Stereo modes. */
    STEREO_3D(1),
    /** Planes of every type. */
    UNIVERSAL_PLANES(2),
    /** Atomic commits. */
    ATOMIC(3),
    /** Aspect ratios in modes. */
    ASPECT_RATIO(4),
    /** Connectors that write to memory. */
    WRITEBACK_CONNECTORS(5),
    /** Cursor planes with a hot spot. */
    CURSOR_PLANE_HOTSPOT(6),
    /** Colour pipelines of planes. */
    PLANE_COLOR_PIPELINE(7);

    private final long number;

    ClientCap(long number) {
        this.number = number;
    }

    /** The one with a number. */
    public static Optional<ClientCap> of(long number) {
        for (ClientCap cap : values()) {
            if (cap.number == number) {
                return Optional.of(cap);
            }
        }
        return Optional.empty();
    }
}
