package dev.nacre.daemon.recording;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A fault was made to happen. */
@Name("nacre.Fault")
@Label("Fault")
@Description("A fault was made to happen.")
@Category("Nacre")
@StackTrace(false)
final class FaultEvent extends Event {
    @Label("Board")
    String board = "";

    @Label("vGPU")
    String vgpu = "";

    @Label("Kind")
    String kind = "";
}
