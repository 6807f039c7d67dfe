package dev.nacre.display.rfb;

import java.io.DataInputStream;
import java.io.IOException;

/**
 * What a viewer understands, of what is offered here.
 *
 * @param zrle whether it likes ZRLE more than bare pixels
 * @param pointer whether it takes a shape for its pointer
 * @param alphaPointer whether the shape may have alpha
 * @param position how it wants to be told where the machine's pointer is: 0 for not at all, or the encoding
 * @param resize whether it is to be told of a new size
 * @param extendedResize whether it is to be told of it with the layout of screens
 */
record Encodings(
        boolean zrle, boolean pointer, boolean alphaPointer, int position, boolean resize, boolean extendedResize) {
    // HW: RFC 6143, 7.7 and 7.8, and the community's register of RFB numbers for what that does not have.
    static final int RAW = 0;
    static final int ZRLE = 16;
    static final int DESKTOP_SIZE = -223;
    static final int POINTER_POSITION = -232;
    static final int CURSOR = -239;
    static final int EXTENDED_DESKTOP_SIZE = -308;
    static final int CURSOR_WITH_ALPHA = -314;
    static final int VMWARE_POINTER_POSITION = 0x574d5666;

    /** A viewer that has not said anything. */
    static final Encodings NONE = new Encodings(false, false, false, 0, false, false);

    /** Reads a list, the most liked first. Numbers that are not known here are passed over. */
    static Encodings read(int count, DataInputStream in) throws IOException {
        boolean raw = false;
        Encodings all = NONE;
        for (int i = 0; i < count; i++) {
            int number = in.readInt();
            raw |= number == RAW;
            all = new Encodings(
                    all.zrle || (number == ZRLE && !raw),
                    all.pointer || number == CURSOR,
                    all.alphaPointer || number == CURSOR_WITH_ALPHA,
                    all.position == 0 && (number == POINTER_POSITION || number == VMWARE_POINTER_POSITION)
                            ? number
                            : all.position,
                    all.resize || number == DESKTOP_SIZE,
                    all.extendedResize || number == EXTENDED_DESKTOP_SIZE);
        }
        return all;
    }

    /** Whether it takes a shape for a pointer. */
    boolean takesShape() {
        return pointer || alphaPointer;
    }

    /**
     * Whether it draws the machine's pointer itself. A shape alone is not enough: viewers draw it where their own pointer is,
     * which the machine does not follow.
     */
    boolean drawsPointer() {
        return takesShape() && position != 0;
    }
}
