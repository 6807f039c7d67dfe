package dev.nacre.drm.kms;

import dev.nacre.core.DisplayConnector;

/** What turns a head's picture into a connector's signal: one for each connector. */
final class Encoder extends ModeObject {
    // HW: DRM_MODE_ENCODER_* of drm_mode.h
    private static final int DAC = 1;
    private static final int TMDS = 2;

    private final DisplayConnector of;

    Encoder(DisplayConnector of) {
        super(ObjectType.ENCODER);
        this.of = of;
    }

    int kind() {
        return of.type() == DisplayConnector.Type.VGA ? DAC : TMDS;
    }

    /** Heads, a bit each. */
    int possibleCrtcs() {
        return of.heads();
    }
}
