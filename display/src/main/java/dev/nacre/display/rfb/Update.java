package dev.nacre.display.rfb;

import dev.nacre.display.Frame;
import java.util.List;

/**
 * What a viewer is to be sent.
 *
 * @param frame the picture
 * @param areas the parts of it
 * @param size what to say about its size
 * @param pointer whether to say how the viewer's pointer looks
 * @param map whether to fill the viewer's colour map before
 * @param format how the viewer wants its pixels
 * @param encodings what it understands
 */
record Update(
        Frame frame,
        List<Area> areas,
        SizeNews size,
        boolean pointer,
        boolean map,
        PixelFormat format,
        Encodings encodings) {
    /** What to say about the size. */
    enum SizeNews {
        /** Nothing. */
        NONE,
        /** It is this. */
        TOLD,
        /** It is still this, although the viewer wanted another. */
        REFUSED
    }
}
