package dev.nacre.corejava.gpu;

import dev.nacre.hw.disp.DisplayGeneration;

/**
 * What of the display engine differs between chips.
 *
 * @param root class of the display
 * @param core class of the core channel
 * @param window class of window channels
 * @param windowImmediate class of window immediate channels
 * @param cursor class of cursor channels
 * @param generation how channels look
 */
public record DisplayModel(
        int root, int core, int window, int windowImmediate, int cursor, DisplayGeneration generation) {}
