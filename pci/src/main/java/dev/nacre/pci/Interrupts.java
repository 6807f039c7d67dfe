package dev.nacre.pci;

/**
 * The interrupts of a function: INTx, MSI and MSI-X (and VFIO's ERR and REQ), each with its vectors, their bindings and
 * masks. The model raises; the transport binds. Raising never blocks and may come from any thread.
 */
public final class Interrupts {
    /** Makes the interrupts of one function, all unbound. */
    public Interrupts() {}

    /**
     * Raises a message interrupt through whichever of MSI-X and MSI the host has enabled; dropped if neither is.
     *
     * @param vector message number, from 0
     */
    public void message(int vector) {}
}
