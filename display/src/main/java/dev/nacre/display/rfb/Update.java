package dev.nacre.display.rfb;

import dev.nacre.display.Frame;
import dev.nacre.display.Pointer;
import java.util.List;
import java.util.Optional;

/**
 * What a viewer is to be sent.
 *
 * @param frame the picture
 * @param areas the parts of it
 * @param size what to say about its size
 * @param pointer how the pointer looks that the viewer draws; empty for as before
 * @param at what points where, if the viewer is to be told that it has moved; empty for as before
 * @param map whether to fill the viewer's colour map before
 * @param format how the viewer wants its pixels
 * @param encodings what it understands
 */
record Update(
        Frame frame,
        List<Area> areas,
        SizeNews size,
        Optional<Pointer> pointer,
        Optional<Pointer> at,
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
