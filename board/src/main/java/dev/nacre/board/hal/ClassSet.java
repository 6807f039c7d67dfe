package dev.nacre.board.hal;

import java.util.Optional;

/**
 * The RM class numbers of one chip generation.
 *
 * @param threeD 3D class on GR
 * @param compute compute class on GR
 * @param inlineToMemory inline-to-memory class on GR
 * @param copy DMA copy class
 * @param gpFifo channel class
 * @param display those of its display engine; empty without one
 */
public record ClassSet(
        int threeD, int compute, int inlineToMemory, int copy, int gpFifo, Optional<DisplayClasses> display) {}
