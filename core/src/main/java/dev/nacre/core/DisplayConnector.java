package dev.nacre.core;

/**
 * A connector of a GPU.
 *
 * @param index from 0
 * @param type what fits in
 * @param heads which heads it can show, a bit each
 */
public record DisplayConnector(int index, Type type, int heads) {
    /** Kinds of connectors. */
    public enum Type {
        /** Analog. */
        VGA,
        /** DVI with analog signals. */
        DVI_I,
        /** DVI without. */
        DVI_D,
        /** HDMI. */
        HDMI_A,
        /** DisplayPort. */
        DISPLAY_PORT,
        /** A panel that is built in. */
        EMBEDDED_DISPLAY_PORT,
        /** Anything else. */
        OTHER
    }
}
