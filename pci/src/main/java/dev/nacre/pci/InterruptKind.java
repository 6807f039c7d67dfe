package dev.nacre.pci;

import org.jspecify.annotations.Nullable;

/** The kinds of interrupt of a PCI function, in the order of VFIO's interrupt indices. */
public enum InterruptKind {
    // HW: VFIO_IRQ_INFO_* and VFIO_PCI_*_IRQ_INDEX of Linux include/uapi/linux/vfio.h, as
    // drivers/vfio/pci/vfio_pci_core.c answers them.
    /** The interrupt line: level-triggered, masked by its own delivery. */
    INTX(0, Interrupts.EVENTFD | Interrupts.MASKABLE | Interrupts.AUTOMASKED),
    /** Message signalled interrupts. */
    MSI(1, Interrupts.EVENTFD | Interrupts.NORESIZE),
    /** Message signalled interrupts with a table. */
    MSIX(2, Interrupts.EVENTFD | Interrupts.NORESIZE),
    /** An error that the function cannot recover from. */
    ERR(3, Interrupts.EVENTFD),
    /** A request to give the function back. */
    REQ(4, Interrupts.EVENTFD);

    private final int index;
    private final int flags;

    InterruptKind(int index, int flags) {
        this.index = index;
        this.flags = flags;
    }

    /** The kind with one of VFIO's indices, null if there is none. */
    public static @Nullable InterruptKind of(int index) {
        return switch (index) {
            case 0 -> INTX;
            case 1 -> MSI;
            case 2 -> MSIX;
            case 3 -> ERR;
            case 4 -> REQ;
            default -> null;
        };
    }

    /** VFIO's index of this kind. */
    public int index() {
        return index;
    }

    /** How VFIO describes a kind that has vectors. */
    int flags() {
        return flags;
    }
}
