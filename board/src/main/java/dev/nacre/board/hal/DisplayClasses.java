package dev.nacre.board.hal;

/**
 * The RM class numbers of one generation of display engines.
 *
 * @param root display root
 * @param core display core channel
 * @param window display window channel
 * @param windowImmediate display window immediate channel
 * @param cursor display cursor channel
 */
public record DisplayClasses(int root, int core, int window, int windowImmediate, int cursor) {}
