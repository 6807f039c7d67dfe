package dev.nacre.board.disp;

import java.util.List;

/**
 * All that decides what a head shows, copied under the display's lock.
 *
 * @param head the head
 * @param core the core channel
 * @param layers the windows that belong to the head
 * @param cursor the head's cursor
 */
record HeadPicture(int head, MethodState core, List<Layer> layers, MethodState cursor) {
    /**
     * A window.
     *
     * @param window its picture
     * @param position where it lies
     */
    record Layer(MethodState window, MethodState position) {}
}
