package dev.nacre.daemon.host;

import java.util.Locale;

/** The DRM drivers by which programs of this host can use a board. */
public enum DrmDriverName {
    /** What Mesa and other programs know. */
    NOUVEAU,
    /** The new one, as far as it goes. */
    NOVA;

    /** As the configuration and the API name it. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
