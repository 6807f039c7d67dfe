package dev.nacre.daemon.recording;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** A message of a VMM took a millisecond or more. */
@Name("nacre.SlowRequest")
@Label("Slow request")
@Description("A message of a VMM took a millisecond or more.")
@Category("Nacre")
@StackTrace(false)
final class SlowRequestEvent extends Event {
    @Label("Board")
    String board = "";

    @Label("vGPU")
    String vgpu = "";

    @Label("Command")
    String command = "";

    @Label("Time taken")
    @Timespan(Timespan.NANOSECONDS)
    long taken;
}
