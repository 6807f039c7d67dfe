package dev.nacre.daemon.recording;

/**
 * Puts what happens into a recording of Flight Recorder, if one runs; costs next to nothing otherwise. Any thread; none of it
 * is on the way of a register access.
 */
public final class Recordings {
    private Recordings() {}

    /**
     * A virtual GPU has another state.
     *
     * @param reason why it failed; empty otherwise
     */
    public static void vgpuState(String board, String vgpu, String from, String to, String reason) {
        VgpuStateEvent event = new VgpuStateEvent();
        if (event.isEnabled()) {
            event.board = board;
            event.vgpu = vgpu;
            event.from = from;
            event.to = to;
            event.reason = reason;
            event.commit();
        }
    }

    /**
     * A guest's GPU was reset by its VMM.
     *
     * @param cause such as {@code command}
     */
    public static void guestReset(String board, String vgpu, String cause) {
        GuestResetEvent event = new GuestResetEvent();
        if (event.isEnabled()) {
            event.board = board;
            event.vgpu = vgpu;
            event.cause = cause;
            event.commit();
        }
    }

    /**
     * A fault was made to happen.
     *
     * @param vgpu empty if it happened to the board
     */
    public static void fault(String board, String vgpu, String kind) {
        FaultEvent event = new FaultEvent();
        if (event.isEnabled()) {
            event.board = board;
            event.vgpu = vgpu;
            event.kind = kind;
            event.commit();
        }
    }

    /**
     * A virtual GPU's plugin has something to say.
     *
     * @param index what, by the firmware's numbers
     */
    public static void pluginMessage(String board, String vgpu, int index) {
        PluginMessageEvent event = new PluginMessageEvent();
        if (event.isEnabled()) {
            event.board = board;
            event.vgpu = vgpu;
            event.index = index;
            event.commit();
        }
    }

    /**
     * A message of a VMM took long.
     *
     * @param ns how long, in nanoseconds
     */
    public static void slowRequest(String board, String vgpu, String command, long ns) {
        SlowRequestEvent event = new SlowRequestEvent();
        if (event.isEnabled()) {
            event.board = board;
            event.vgpu = vgpu;
            event.command = command;
            event.taken = ns;
            event.commit();
        }
    }
}
