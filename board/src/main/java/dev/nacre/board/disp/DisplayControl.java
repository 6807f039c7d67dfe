package dev.nacre.board.disp;

/** What RM asks of and tells the display engine. GSP's engine thread. Display ids are bit masks with one bit set. */
public interface DisplayControl {
    /** Number of heads; 0 for a board without display. */
    int heads();

    /** Window channels: two a head. */
    int windows();

    /** Mask of all display ids. */
    int supportedDisplays();

    /** Mask of the display ids that have a monitor. */
    int connectedDisplays();

    /**
     * The output resource of a display.
     *
     * @param displayId one bit of {@link #supportedDisplays}
     */
    Output output(int displayId);

    /** The monitor's EDID; empty if there is none. */
    byte[] edid(int displayId);

    /** Gives a display a SOR (00731152): the index of the SOR, or -1 if the display is none. */
    int assignSor(int displayId);

    /** The display a head shows, 0 for none. */
    int activeDisplay(int head);

    /** Where the display's instance memory (RAMHT, context DMAs) lies (20800a49). */
    void instanceMemory(long address, long sizeBytes, boolean system);

    /** Gives a channel its push buffer (20800a58); {@code valid} false takes it away. */
    void pushBuffer(Channel channel, PushBuffer pushBuffer);

    /**
     * Makes a channel. All its state, GET and PUT start anew.
     *
     * @param offsetBytes initial PUT and GET
     * @return false if there is no such channel
     */
    boolean allocate(Channel channel, int offsetBytes);

    /** Ends a channel; a window's picture goes off. */
    void free(Channel channel);

    /** Kinds of display channels. */
    enum ChannelKind {
        /** Heads and output resources; one. */
        CORE,
        /** A plane's picture. */
        WINDOW,
        /** A plane's position. */
        WINDOW_IMMEDIATE,
        /** A head's cursor. */
        CURSOR
    }

    /**
     * A display channel.
     *
     * @param kind its kind
     * @param instance number among its kind
     */
    record Channel(ChannelKind kind, int instance) {}

    /**
     * A push buffer.
     *
     * @param address physical address in VRAM, or bus address
     * @param system whether it is system memory
     * @param sizeBytes its size
     * @param valid whether there is one
     */
    record PushBuffer(long address, boolean system, long sizeBytes, boolean valid) {}

    /**
     * How a display is wired.
     *
     * @param orIndex its output resource
     * @param orType 2 = SOR
     * @param orProtocol 1 = TMDS_A, 2 = TMDS_B, 5 = dual TMDS
     * @param connectorType 0x61 = HDMI-A, 0x31 = DVI-D
     */
    record Output(int orIndex, int orType, int orProtocol, int connectorType) {}
}
