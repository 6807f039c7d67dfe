package dev.nacre.core;

/** What engines do. */
public enum EngineType {
    /** Graphics and compute. */
    GRAPHICS(1, "gr"),
    /** Copies. */
    COPY(2, "ce"),
    /** Decodes video. */
    VIDEO_DECODE(3, "nvdec"),
    /** Encodes video. */
    VIDEO_ENCODE(4, "nvenc"),
    /** Decodes and encodes pictures. */
    JPEG(5, "nvjpeg"),
    /** Finds motion. */
    OPTICAL_FLOW(6, "ofa"),
    /** Security processor. */
    SEC2(7, "sec"),
    /** Methods that software handles. */
    SOFTWARE(8, "sw"),
    /** Anything else. */
    OTHER(9, "engine");

    private final int number;
    private final String prefix;

    EngineType(int number, String prefix) {
        this.number = number;
        this.prefix = prefix;
    }

    /** Its number in {@code nacre_core.h}. */
    public int number() {
        return number;
    }

    /** What its engines' names begin with. */
    public String prefix() {
        return prefix;
    }
}
