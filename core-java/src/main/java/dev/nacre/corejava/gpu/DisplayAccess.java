package dev.nacre.corejava.gpu;

/** What of a GPU only its display needs. Any thread. */
public interface DisplayAccess {
    /** How the chip's display looks. */
    DisplayModel model();

    /** Number of the control for all displays that there can be, in this version of the firmware. */
    int supportedDisplaysControl();

    /** Bytes of the parameters that give a channel its push buffer, in this version of the firmware. */
    int pushBufferParametersBytes();

    /** Sends a control to the firmware's own subdevice; the parameters are changed to what comes back. */
    void control(int command, byte[] parameters);

    /** Reads a register of the display by its address in BAR0. */
    int read(int address);

    /** Writes a register of the display by its address in BAR0. */
    void write(int address, int value);

    /** Says whether a head's vertical blanks interrupt. */
    void vblankEvents(int head, boolean wanted);
}
