package dev.nacre.pci;

/**
 * The MSI capability with 64-bit addresses. Its enable bit, vector count and mask bits act on {@link Interrupts}; the
 * address and the data are kept for the host and used by nobody, for whoever binds a vector knows where it goes.
 */
public final class Msi extends Capability {
    // HW: PCI Local Bus Specification 3.0, 6.8.1; PCI_MSI_* of Linux include/uapi/linux/pci_regs.h.
    private static final int FLAGS = 0x02;
    private static final int FLAGS_ENABLE = 0x0001;
    private static final int FLAGS_CAPABLE_SHIFT = 1;
    private static final int FLAGS_ENABLED_SHIFT = 4;
    private static final int FLAGS_ENABLED = 0x0070;
    private static final int FLAGS_64BIT = 0x0080;
    private static final int FLAGS_MASKABLE = 0x0100;
    private static final int ADDRESS_LO = 0x04;
    private static final int ADDRESS_LO_WRITABLE = 0xffff_fffc;
    private static final int ADDRESS_HI = 0x08;
    private static final int DATA = 0x0c;
    private static final int MASK = 0x10;
    private static final int PENDING = 0x14;
    private static final int LENGTH = 0x0e;
    private static final int LENGTH_MASKABLE = 0x18;

    private final int vectors;
    private final boolean maskable;

    /**
     * Makes the capability.
     *
     * @param vectors 1, 2, 4, 8, 16 or 32, as many as {@link Interrupts} has
     * @param maskable whether each vector has a mask bit and a pending bit
     */
    public Msi(int vectors, boolean maskable) {
        super("MSI", 0x05, maskable ? LENGTH_MASKABLE : LENGTH);
        if (vectors < 1 || vectors > 32 || Integer.bitCount(vectors) != 1) {
            throw new IllegalArgumentException("MSI vector count is not a power of two up to 32: " + vectors);
        }
        this.vectors = vectors;
        this.maskable = maskable;
    }

    int vectors() {
        return vectors;
    }

    @Override
    void define(ConfigRegisters registers, int at) {
        int capable = Integer.numberOfTrailingZeros(vectors) << FLAGS_CAPABLE_SHIFT;
        registers.define(
                at + FLAGS, 2, capable | FLAGS_64BIT | (maskable ? FLAGS_MASKABLE : 0), FLAGS_ENABLE | FLAGS_ENABLED);
        registers.define(at + ADDRESS_LO, 4, 0, ADDRESS_LO_WRITABLE);
        registers.define(at + ADDRESS_HI, 4, 0, -1);
        registers.define(at + DATA, 2, 0, 0xffff);
        if (maskable) {
            registers.define(at + MASK, 4, 0, allVectors());
            registers.owned(at + PENDING, 4, allVectors());
        }
    }

    @Override
    void apply(ConfigSpace config, int at) {
        Interrupts interrupts = config.interrupts();
        int masks = maskable ? config.registers().value(at + MASK, 4) : 0;
        for (int vector = 0; vector < vectors; vector++) {
            interrupts.maskByRegisters(InterruptKind.MSI, vector, (masks >>> vector & 1) != 0);
        }
        int flags = config.registers().value(at + FLAGS, 2);
        int enabled = Math.min(1 << ((flags & FLAGS_ENABLED) >> FLAGS_ENABLED_SHIFT), vectors);
        interrupts.enable(InterruptKind.MSI, (flags & FLAGS_ENABLE) != 0 ? enabled : 0, false);
    }

    @Override
    void restored(ConfigSpace config, int at) {
        int pending = maskable ? config.registers().value(at + PENDING, 4) : 0;
        for (int vector = 0; vector < vectors; vector++) {
            config.interrupts().restorePending(InterruptKind.MSI, vector, (pending >>> vector & 1) != 0);
        }
        apply(config, at);
    }

    @Override
    void refresh(ConfigSpace config, int at) {
        if (!maskable) {
            return;
        }
        int pending = 0;
        for (int vector = 0; vector < vectors; vector++) {
            pending |= config.interrupts().pending(InterruptKind.MSI, vector) ? 1 << vector : 0;
        }
        config.registers().set(at + PENDING, 4, pending);
    }

    private int allVectors() {
        return -1 >>> (32 - vectors);
    }
}
