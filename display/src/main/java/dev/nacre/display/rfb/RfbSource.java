package dev.nacre.display.rfb;

import dev.nacre.display.Frame;
import java.util.Optional;

/** Something with a picture that changes, such as a head. Asked by any thread, one at a time, and only while somebody looks. */
public interface RfbSource {
    /** What viewers call it, in one line. An exception counts as a source without a name. */
    String name();

    /**
     * What it shows now; nobody changes these pixels any more. Its own pointer is apart, for viewers that draw it
     * themselves, or in the pixels. An exception counts as a source that is off.
     *
     * @return empty if it is off
     */
    Optional<Frame> frame();
}
