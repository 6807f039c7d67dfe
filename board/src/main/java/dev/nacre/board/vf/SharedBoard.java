package dev.nacre.board.vf;

import dev.nacre.board.engine.SharedEngines;
import dev.nacre.board.telemetry.BoardSensors;
import java.util.function.LongSupplier;

/**
 * What the guests' GPUs of a board share.
 *
 * @param fbBytes the board's memory
 * @param engines its engines
 * @param sensors its sensors
 * @param clockNs its clock
 */
public record SharedBoard(long fbBytes, SharedEngines engines, BoardSensors sensors, LongSupplier clockNs) {}
