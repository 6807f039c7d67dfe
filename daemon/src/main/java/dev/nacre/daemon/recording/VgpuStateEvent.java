package dev.nacre.daemon.recording;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A virtual GPU has another state. */
@Name("nacre.VgpuState")
@Label("vGPU state")
@Description("A virtual GPU has another state.")
@Category("Nacre")
@StackTrace(false)
final class VgpuStateEvent extends Event {
    @Label("Board")
    String board = "";

    @Label("vGPU")
    String vgpu = "";

    @Label("From")
    String from = "";

    @Label("To")
    String to = "";

    @Label("Reason")
    String reason = "";
}
