package dev.nacre.board.hal;

/**
 * The RM class numbers of one chip generation.
 *
 * @param threeD 3D class on GR
 * @param compute compute class on GR
 * @param copy DMA copy class
 * @param gpFifo channel class
 * @param display display root
 * @param coreChannel display core channel
 * @param windowChannel display window channel
 * @param windowImmediateChannel display window immediate channel
 * @param cursorChannel display cursor channel
 */
public record ClassSet(
        int threeD,
        int compute,
        int copy,
        int gpFifo,
        int display,
        int coreChannel,
        int windowChannel,
        int windowImmediateChannel,
        int cursorChannel) {}
