package dev.nacre.core;

/** Where memory is. */
public enum Placement {
    /** The GPU's own memory. */
    VRAM(1),
    /** The host's memory. */
    SYSTEM(2);

    private final int number;

    Placement(int number) {
        this.number = number;
    }

    /** Its number in {@code nacre_core.h}. */
    public int number() {
        return number;
    }
}
