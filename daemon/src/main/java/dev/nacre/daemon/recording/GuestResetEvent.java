package dev.nacre.daemon.recording;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A guest's GPU was reset by its VMM. */
@Name("nacre.GuestReset")
@Label("Guest reset")
@Description("A guest's GPU was reset by its VMM.")
@Category("Nacre")
@StackTrace(false)
final class GuestResetEvent extends Event {
    @Label("Board")
    String board = "";

    @Label("vGPU")
    String vgpu = "";

    @Label("Cause")
    String cause = "";
}
