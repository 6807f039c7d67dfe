package dev.nacre.board.disp;

import dev.nacre.hw.disp.Nvc67d;

/**
 * The largest picture that a head may have.
 *
 * @param width pixels; 0 for the chip's limit
 * @param height lines; 0 for the chip's limit
 */
public record PictureLimit(int width, int height) {
    /** That of the chip. */
    public static final PictureLimit NONE = new PictureLimit(0, 0);

    private static final int SIDE = 0x7fff;

    /** Whether a picture is no larger. */
    boolean takes(int pixels, int lines) {
        return (width == 0 || pixels <= width) && (height == 0 || lines <= height);
    }

    /** Whether all heads that the core's next state turns on are no larger: what they scan, and what they scan it from. */
    boolean takes(ChannelState core, int heads) {
        for (int head = 0; head < heads; head++) {
            boolean on = core.assemblyOfHead(head, Nvc67d.HEAD_SET_RASTER_SIZE) != 0;
            int start = core.assemblyOfHead(head, Nvc67d.HEAD_SET_RASTER_BLANK_START);
            int end = core.assemblyOfHead(head, Nvc67d.HEAD_SET_RASTER_BLANK_END);
            if (on
                    && !(takes((start & SIDE) - (end & SIDE), (start >> 16 & SIDE) - (end >> 16 & SIDE))
                            && takes(core.assemblyOfHead(head, Nvc67d.HEAD_SET_VIEWPORT_SIZE_IN))
                            && takes(core.assemblyOfHead(head, Nvc67d.HEAD_SET_VIEWPORT_SIZE_OUT)))) {
                return false;
            }
        }
        return true;
    }

    private boolean takes(int size) {
        return takes(size & SIDE, size >> 16 & SIDE);
    }
}
