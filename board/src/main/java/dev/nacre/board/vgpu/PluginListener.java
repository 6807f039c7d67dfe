package dev.nacre.board.vgpu;

/** What plugins tell the firmware of the board. Any thread; returns at once. */
public interface PluginListener {
    /**
     * A plugin has something to say to its host.
     *
     * @param gfid whose it is
     * @param notifyIndex what it says, {@link dev.nacre.hw.gsp.RpcLayout.PluginTriggered}
     */
    void triggered(int gfid, int notifyIndex);

    /** A virtual GPU has begun to run. */
    void started();
}
