package dev.nacre.board.gsp;

/** What engines have the GSP tell the driver. Any thread; each only notes the event for the GSP's engine thread. */
public interface GspEvents {
    /**
     * A channel failed: RC_TRIGGERED. The channel is dead already.
     *
     * @param rmEngineType NV2080_ENGINE_TYPE of the channel's engine
     * @param channelId channel id on its runlist
     * @param exceptionType ROBUST_CHANNEL_*: 31 MMU fault, 13 GR exception, 32 PBDMA error
     * @param faultAddress virtual address of an MMU fault, else 0
     * @param faultType NV_PFAULT_FAULT_TYPE of an MMU fault, else 0
     */
    void channelError(int rmEngineType, int channelId, int exceptionType, long faultAddress, int faultType);

    /**
     * The set of plugged displays changed: POST_EVENT of NV2080_NOTIFIERS_HOTPLUG to who asked for it.
     *
     * @param plugged display ids that are new
     * @param unplugged display ids that are gone
     */
    void hotplug(int plugged, int unplugged);

    /**
     * An error for the driver's log: OS_ERROR_LOG, an Xid line.
     *
     * @param xid number
     * @param runlist runlist id or -1
     * @param channelId channel id or -1
     * @param text one line, 255 bytes at the most
     */
    void errorLog(int xid, int runlist, int channelId, String text);
}
