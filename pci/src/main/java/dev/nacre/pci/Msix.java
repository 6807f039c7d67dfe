package dev.nacre.pci;

/**
 * The MSI-X capability. Its enable bit and function mask act on {@link Interrupts}. The table and the pending bits lie in
 * BARs: the function answers those ranges from its {@link MsixTable}.
 */
public final class Msix extends Capability {
    // HW: PCI Local Bus Specification 3.0, 6.8.2; PCI_MSIX_* of Linux include/uapi/linux/pci_regs.h.
    private static final int FLAGS = 0x02;
    private static final int FLAGS_MASK_ALL = 0x4000;
    private static final int FLAGS_ENABLE = 0x8000;
    private static final int TABLE = 0x04;
    private static final int PBA = 0x08;

    /** Where a structure lies: the BAR's index and the bytes from its start, a multiple of 8. */
    public record Place(int bar, int offset) {}

    private final int vectors;
    private final Place table;
    private final Place pba;

    /**
     * Makes the capability. Some VMMs need table and PBA each in pages of their own.
     *
     * @param vectors 1 to 2048, as many as {@link Interrupts} has
     * @param table where {@link MsixTable#tableSize} bytes of table lie
     * @param pba where {@link MsixTable#pbaSize} bytes of pending bits lie
     */
    public Msix(int vectors, Place table, Place pba) {
        super("MSI-X", 0x11, 0x0c);
        if (vectors < 1 || vectors > 2048) {
            throw new IllegalArgumentException("MSI-X vector count is not 1 to 2048: " + vectors);
        }
        this.vectors = vectors;
        this.table = table;
        this.pba = pba;
    }

    int vectors() {
        return vectors;
    }

    Place table() {
        return table;
    }

    Place pba() {
        return pba;
    }

    @Override
    void define(ConfigRegisters registers, int at) {
        registers.define(at + FLAGS, 2, vectors - 1, FLAGS_MASK_ALL | FLAGS_ENABLE);
        registers.define(at + TABLE, 4, table.offset | table.bar, 0);
        registers.define(at + PBA, 4, pba.offset | pba.bar, 0);
    }

    @Override
    void apply(ConfigSpace config, int at) {
        int flags = config.registers().value(at + FLAGS, 2);
        boolean enabled = (flags & FLAGS_ENABLE) != 0;
        config.interrupts().enable(InterruptKind.MSIX, enabled ? vectors : 0, (flags & FLAGS_MASK_ALL) != 0);
    }
}
