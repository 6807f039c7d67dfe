package dev.nacre.display.rfb;

/** What a viewer says after the handshake. */
sealed interface ClientMessage {
    /**
     * How it wants pixels from now on.
     *
     * @param map whether it has a colour map that must be filled for them
     */
    record SetPixelFormat(PixelFormat format, boolean map) implements ClientMessage {}

    /** What it understands from now on. */
    record SetEncodings(Encodings encodings) implements ClientMessage {}

    /**
     * It wants to see a part of the screen.
     *
     * @param incremental whether only what has changed
     */
    record UpdateRequest(boolean incremental, Area area) implements ClientMessage {}

    /** It wants the screen to have another size. */
    record SetDesktopSize() implements ClientMessage {}

    /** A key, the pointer or the clipboard: nobody here takes them. */
    record Input() implements ClientMessage {}
}
