package dev.nacre.drm.kms;

import org.jspecify.annotations.Nullable;

/**
 * How a head is to scan.
 *
 * @param active whether it shows anything
 * @param mode how it scans; null if it is disabled
 * @param modeBlob the same as a blob; null if it is disabled
 * @param gamma its gamma table; null for none
 */
record CrtcState(
        boolean active,
        @Nullable ModeInfo mode,
        @Nullable Blob modeBlob,
        @Nullable Blob gamma) {
    static final CrtcState OFF = new CrtcState(false, null, null, null);

    CrtcState withActive(boolean next) {
        return new CrtcState(next, mode, modeBlob, gamma);
    }

    CrtcState withMode(@Nullable ModeInfo next, @Nullable Blob blob) {
        return new CrtcState(active, next, blob, gamma);
    }

    CrtcState withGamma(@Nullable Blob next) {
        return new CrtcState(active, mode, modeBlob, next);
    }
}
