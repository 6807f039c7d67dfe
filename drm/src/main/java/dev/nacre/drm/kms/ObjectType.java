package dev.nacre.drm.kms;

/** Kinds of mode objects. HW: DRM_MODE_OBJECT_* of {@code drm_mode.h}. */
enum ObjectType {
    CRTC(0xcccccccc),
    CONNECTOR(0xc0c0c0c0),
    ENCODER(0xe0e0e0e0),
    PROPERTY(0xb0b0b0b0),
    FRAME_BUFFER(0xfbfbfbfb),
    BLOB(0xbbbbbbbb),
    PLANE(0xeeeeeeee);

    /** Number of no kind in particular. */
    static final int ANY = 0;

    private final int number;

    ObjectType(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }
}
