package dev.nacre.pci;

/**
 * What a device is told by its configuration space, on the thread that accesses it. {@link GuestMemory} and
 * {@link Interrupts} need no telling: they are driven directly.
 */
public interface ConfigListener {
    /**
     * The function begins or ends to decode addresses: by the command register, or by a change of power state.
     *
     * @param memory whether accesses to memory BARs and the ROM are answered
     * @param io whether accesses to I/O BARs are answered
     */
    void decodeChanged(boolean memory, boolean io);

    /** The host initiated a function level reset. The device resets itself, with {@link ConfigSpace#reset}. */
    void functionLevelReset();

    /**
     * The host changed how many virtual functions there are, or whether their memory is decoded: by the {@link Sriov}
     * capability.
     *
     * @param count how many there are from now on
     * @param memory whether accesses to their BARs are answered
     */
    default void virtualFunctionsChanged(int count, boolean memory) {}
}
