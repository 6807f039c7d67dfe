package dev.nacre.core;

/** What a client uses a GPU for. */
public enum ClientKind {
    /** Virtual GPUs for virtual machines. */
    VFIO(1),
    /** Graphics clients of this host. */
    DRM(2),
    /** Looks and tests. */
    TOOL(3);

    private final int number;

    ClientKind(int number) {
        this.number = number;
    }

    /** Its number in {@code nacre_core.h}. */
    public int number() {
        return number;
    }
}
