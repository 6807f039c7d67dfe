package dev.nacre.core;

/** Is told what a display does of itself, one call at a time, by a thread of its own, which may call the core. */
public interface DisplayListener {
    /**
     * A head's vertical blank has begun. Some are left out if the listener is slow.
     *
     * @param timeNs when, by {@link System#nanoTime}
     */
    void vblank(int head, long timeNs);

    /** Monitors were plugged in or out. */
    void hotplug();
}
