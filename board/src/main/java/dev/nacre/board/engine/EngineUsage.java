package dev.nacre.board.engine;

/**
 * How long an owner's work ran in the last whole second, in hundredths of a percent of that second, 0 to 10,000.
 *
 * @param graphics on the graphics runlist
 * @param copy on the copy runlists: the mean of all of them
 */
public record EngineUsage(int graphics, int copy) {}
