package dev.nacre.core;

import java.util.Set;

/**
 * What a head's cursor shows.
 *
 * @param surface a square of {@link #SIDES} pixels in {@link DisplayFormat#A8R8G8B8}, its lines without gaps; colours were
 *     multiplied by alpha
 * @param x of its left border, negative beyond the picture's
 * @param y of its upper border, likewise
 */
public record CursorState(DisplaySurface surface, int x, int y) {
    /** Pixels a side. */
    // HW: open-gpu-doc clc67d.h: HEAD_SET_CONTROL_CURSOR_SIZE
    public static final Set<Integer> SIDES = Set.of(32, 64, 128, 256);

    /**
     * Checks it.
     *
     * @throws CoreException with {@link CoreError#INVALID_ARGUMENT} if no cursor can look so
     */
    public CursorState {
        int side = surface.width();
        if (surface.height() != side
                || !SIDES.contains(side)
                || surface.format() != DisplayFormat.A8R8G8B8
                || surface.blockHeight() != DisplaySurface.PITCH_LINEAR
                || surface.pitchBytes() != side * surface.format().bytesPerPixel()) {
            throw new CoreException(
                    CoreError.INVALID_ARGUMENT,
                    "Cursor is impossible: width=" + side + " height=" + surface.height() + " pitch="
                            + surface.pitchBytes() + " format=" + surface.format() + " allowed-sides=" + SIDES);
        }
    }
}
