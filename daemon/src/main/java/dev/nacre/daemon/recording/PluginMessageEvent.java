package dev.nacre.daemon.recording;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A virtual GPU's plugin has something to say. */
@Name("nacre.PluginMessage")
@Label("Plugin message")
@Description("A virtual GPU's plugin has something to say.")
@Category("Nacre")
@StackTrace(false)
final class PluginMessageEvent extends Event {
    @Label("Board")
    String board = "";

    @Label("vGPU")
    String vgpu = "";

    @Label("Index")
    int index;
}
