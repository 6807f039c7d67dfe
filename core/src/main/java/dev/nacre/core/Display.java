package dev.nacre.core;

import java.util.List;
import java.util.Map;

/**
 * The display engine of a GPU. Whoever has it drives all heads; they are off when it begins and when it ends.
 *
 * <p>Any thread may call; one {@link #commit} or {@link #moveCursor} runs at a time.
 */
public interface Display extends AutoCloseable {
    /** How many heads there are. */
    int heads();

    /** How many windows each head has; window 0 is the rearmost unless {@link WindowState#depth} says otherwise. */
    int windowsPerHead();

    /** The connectors, by their index. They never change; what is plugged into them does. */
    List<DisplayConnector> connectors();

    /**
     * What the monitor says of itself. Asks the GPU.
     *
     * @param connector {@link DisplayConnector#index}
     * @return its EDID; empty if there is no monitor
     * @throws CoreException with {@link CoreError#INVALID_ARGUMENT} if there is no such connector
     */
    byte[] edid(int connector);

    /**
     * Has heads show something else, all of them and all that belongs to them at the same time. Returns when the GPU shows
     * it, and no longer reads any surface that is not shown any more: within a frame or two of the slowest head. Surfaces
     * that are shown cannot be freed.
     *
     * @param heads by their number; the others stay as they are
     * @param immediate whether new surfaces are shown at once, and not from the next frame on
     * @throws CoreException with {@link CoreError#INVALID_ARGUMENT} naming what is impossible: nothing has changed then;
     *     with {@link CoreError#BUSY} if another head has the connector; with {@link CoreError#TIMED_OUT} if the GPU does
     *     not do it: all heads are off then
     */
    void commit(Map<Integer, HeadState> heads, boolean immediate);

    /**
     * Moves a head's cursor at once, on or off.
     *
     * @param x of its left border, negative beyond the picture's
     * @param y of its upper border, likewise
     * @throws CoreException with {@link CoreError#INVALID_ARGUMENT} if there is no such head
     */
    void moveCursor(int head, int x, int y);

    /**
     * Says whether {@link DisplayListener#vblank} is to be told of a head.
     *
     * @throws CoreException with {@link CoreError#INVALID_ARGUMENT} if there is no such head
     */
    void vblankEvents(int head, boolean wanted);

    /**
     * Turns all heads off, and lets the next one have the display. The listener is told nothing any more, but may still be
     * busy with what it was told last. Idempotent.
     */
    @Override
    void close();
}
