package dev.nacre.hw.chip;

/** How a driver brings up the GSP of a chip. */
public enum BootPath {
    /**
     * The driver runs signed firmware on two falcons: FWSEC from the VBIOS on the GSP's, then the booter on SEC2's. The
     * driver lays the firmware's memory out.
     */
    BOOTER,
    /**
     * The driver sends one message to the FSP, the chip's root of trust, which starts everything. The firmware lays its
     * memory out and tells the driver afterwards. Such a chip's driver reads no VBIOS.
     */
    FSP
}
