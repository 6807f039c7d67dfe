package dev.nacre.vfiouser;

/**
 * What becomes of the function's state when its client has gone and another one comes. Whatever the policy, all that
 * belonged to the client itself ends with its connection: its DMA ranges are unmapped, its eventfds are closed, masks
 * that it set are lifted and messages that waited for it are forgotten.
 */
public enum ReconnectPolicy {
    /** A new client finds the function reset, as after power-on. */
    RESET,

    /**
     * A new client finds registers, configuration space and memory of the function as they were left, so that a VMM that
     * was started again can go on. It must map its memory and bind its interrupts again; a message that the function
     * raises meanwhile waits for its vector if MSI-X is enabled in configuration space. QEMU resets the function itself
     * when its machine starts.
     */
    KEEP
}
