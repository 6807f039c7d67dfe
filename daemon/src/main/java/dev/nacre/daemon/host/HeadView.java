package dev.nacre.daemon.host;

import dev.nacre.board.PictureSize;
import java.util.Optional;

/**
 * A head of a virtual GPU, or of a board that programs of this host use, at a moment.
 *
 * @param index from 0
 * @param active whether it shows anything
 * @param width pixels of what it shows; 0 if nothing
 * @param height lines of it
 */
public record HeadView(int index, boolean active, int width, int height) {
    /** One that shows a picture of some size, or nothing. */
    static HeadView of(int index, Optional<PictureSize> size) {
        return size.map(it -> new HeadView(index, true, it.width(), it.height()))
                .orElse(new HeadView(index, false, 0, 0));
    }
}
