package dev.nacre.corejava.gpu;

import dev.nacre.core.Engine;

/**
 * An engine, and how channels reach it.
 *
 * @param engine what clients know of it
 * @param rmEngineType its number for RM, NV2080_ENGINE_TYPE
 * @param runlist the runlist that its channels are on; -1 if the host engine does not drive it
 * @param nonStallVector its interrupt vector; -1 if it has none
 */
public record GpuEngine(Engine engine, int rmEngineType, int runlist, int nonStallVector) {}
