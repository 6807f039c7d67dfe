package dev.nacre.pci;

/**
 * A capability of the conventional list: its registers, and what they do. It holds no state; that is in the registers.
 */
public abstract sealed class Capability permits PowerManagement, Msi, Msix, PciExpress {
    private final String name;
    private final int id;
    private final int length;

    Capability(String name, int id, int length) {
        this.name = name;
        this.id = id;
        this.length = length;
    }

    /** The name, for messages. */
    final String name() {
        return name;
    }

    /** The capability's id in its first byte. */
    final int id() {
        return id;
    }

    /** Bytes, with the two of the list's header. */
    final int length() {
        return length;
    }

    /** Defines the registers behind the list's header; {@code at} is the capability's offset, here and below. */
    abstract void define(ConfigRegisters registers, int at);

    /** Acts on what the registers say now. May be called again with nothing changed. */
    abstract void apply(ConfigSpace config, int at);

    /** The host has written to these registers. */
    void written(ConfigSpace config, int at) {
        apply(config, at);
    }

    /** The registers hold a saved state. */
    void restored(ConfigSpace config, int at) {
        apply(config, at);
    }

    /** Brings bits that change by themselves up to date, before an access or a save. */
    void refresh(ConfigSpace config, int at) {}
}
