package dev.nacre.drm.kms;

/** A head as clients know it. */
final class Crtc extends ModeObject {
    /** Entries of its gamma table. */
    static final int GAMMA_ENTRIES = 256;

    private final int index;

    /** That of a head. */
    Crtc(int index) {
        super(ObjectType.CRTC);
        this.index = index;
    }

    /** The head's number. */
    int index() {
        return index;
    }
}
